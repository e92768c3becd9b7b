/* SPDX-License-Identifier: Apache-2.0 */
#include "net/etag.h"
#include "unit.h"

/* RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2; the first ones are its own examples. */
static const char *const good[] = {
	"\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "\"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\"",
	"W/\"xyzzy\", W/\"r2d2xxxx\", W/\"c3piozzzz\"", "*", " * ", "\"a\",\"b\"", "\"a\" ,\t\"b\"",
	", \"a\",, \"b\" ,", "\"a,b\"", "\"\\\"", "\"!#~\"", "\"\xc3\xa9\xff\"",
};

static const char *const bad[] = {
	"", " ", ",", " , ", "xyzzy", "'xyzzy'", "\"", "\"xyzzy", "xyzzy\"", "w/\"xyzzy\"",
	"W/xyzzy", "W/", "W/*", "W/ \"a\"", "**", "*, \"a\"", "\"a\", *", "\"a\" \"b\"",
	"\"a\"\"b\"", "\"a\"x", "\"a\", b", "\"a b\"", "\"a\tb\"", "\"a\x7f\"", "\"a\"; \"b\"",
};

TEST(a_list_of_tags_is_what_rfc_9110_says)
{
	for (size_t i = 0; i < LEN(good); i++)
		if (!etag_list_ok(str_from(good[i])))
			FAIL("refused: %s", good[i]);
	for (size_t i = 0; i < LEN(bad); i++)
		if (etag_list_ok(str_from(bad[i])))
			FAIL("taken: %s", bad[i]);
	NO(etag_list_ok((struct str){ 0 }));
}

/* The table of section 8.8.3.2, of which ours are the rows with a strong tag. */
TEST(weak_tags_are_found_by_the_weak_comparison_only)
{
	struct str tag = STR("\"1\"");

	OK(etag_list_has_strong(STR("\"1\""), tag));
	OK(etag_list_has_weak(STR("\"1\""), tag));
	NO(etag_list_has_strong(STR("W/\"1\""), tag));
	OK(etag_list_has_weak(STR("W/\"1\""), tag));
	NO(etag_list_has_strong(STR("\"2\""), tag));
	NO(etag_list_has_weak(STR("W/\"2\""), tag));
}

TEST(a_tag_is_found_anywhere_in_a_list_and_only_as_a_whole)
{
	OK(etag_list_has_strong(STR("\"a\", W/\"b\",, \"c\""), STR("\"c\"")));
	NO(etag_list_has_strong(STR("\"a\", W/\"b\",, \"c\""), STR("\"b\"")));
	OK(etag_list_has_weak(STR("\"a\", W/\"b\",, \"c\""), STR("\"b\"")));
	NO(etag_list_has_weak(STR("\"a,b\""), STR("\"a\"")));
	NO(etag_list_has_weak(STR("\"ab\", \"A\""), STR("\"a\"")));
	OK(etag_list_has_strong(STR("\"a,b\""), STR("\"a,b\"")));
}

TEST(an_asterisk_is_every_tag)
{
	OK(etag_list_has_strong(STR("*"), STR("\"a\"")));
	OK(etag_list_has_weak(STR(" *"), STR("\"a\"")));
	NO(etag_list_has_strong(STR("\"*\""), STR("\"a\"")));
}
