/* SPDX-License-Identifier: Apache-2.0 */
#include "data/metadata.h"

#include "data/json.h"
#include "unit.h"

static bool merge(struct ctx *c, const char *before, const char *sent, struct str *out)
{
	json_t *body;

	OK(json_read_object(c, str_from(sent), &body));
	return metadata_merge(c, "metadata", str_from(before), body, out);
}

TEST(metadata_is_laid_over_what_is_there)
{
	struct str m;

	OK(merge(c, "", "{}", &m));
	EQ_STR(m, "");
	OK(merge(c, "", "{\"a\":\"1\",\"b\":null,\"c\":\"\"}", &m));
	EQ_STR(m, "{\"a\":\"1\"}");
	OK(merge(c, "{\"a\":\"1\",\"b\":\"2\"}", "{\"b\":\"x\\ny\",\"d\":\"4\"}", &m));
	EQ_STR(m, "{\"a\":\"1\",\"b\":\"x\\ny\",\"d\":\"4\"}");
	OK(merge(c, "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":null,\"b\":\"\"}", &m));
	EQ_STR(m, "");
}

TEST(what_metadata_cannot_be_is_named)
{
	struct str m;

	FAILS(merge(c, "", "{\"a\":1}", &m), ERR_INVALID, "metadata/a");
	FAILS(merge(c, "", "{\"a\":[]}", &m), ERR_INVALID, "metadata/a");
	FAILS(merge(c, "", "{\"a/b~\":true}", &m), ERR_INVALID, "metadata/a~1b~0");
	FAILS(merge(c, "", "{\"\":\"x\"}", &m), ERR_INVALID, "metadata");
	FAILS(merge(c, "", "{\"a\\u0007\":\"x\"}", &m), ERR_INVALID, "metadata/a\007");
	FAILS(merge(c, "", "{\"a\":\"\\u0007\"}", &m), ERR_INVALID, "metadata/a");
	FAILS(merge(c, "", "{\"01234567890123456789012345678901234567890\":\"x\"}", &m), ERR_INVALID,
	      "metadata/01234567890123456789012345678901234567890");
	FAILS(merge(c, "", arena_printf(c->arena, "{\"a\":\"%0501d\"}", 0).p, &m), ERR_INVALID,
	      "metadata/a");
	OK(merge(c, "", arena_printf(c->arena, "{\"a\":\"%0500d\"}", 0).p, &m));
}

TEST(metadata_has_at_most_fifty_names)
{
	struct str fifty, m;
	struct buf b;

	buf_init(&b, c->arena);
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "%s\"k%d\":\"v\"", i ? "," : "{", i);
	buf_puts(&b, "}");
	OK(merge(c, "", buf_text(&b).p, &fifty));
	FAILS(merge(c, fifty.p, "{\"k7\":\"w\",\"more\":\"x\"}", &m), ERR_INVALID, "metadata/more");
	OK(merge(c, fifty.p, "{\"k7\":null,\"more\":\"x\"}", &m));
}
