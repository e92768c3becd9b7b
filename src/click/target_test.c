/* SPDX-License-Identifier: Apache-2.0 */
#include "click/target.h"
#include "base/buf.h"
#include "click/link_table.h"
#include "unit.h"

static const struct utm defaults = { .of = { STR_INIT("news letter"), { 0 }, STR_INIT("s&m"),
                                             { 0 }, { 0 } } };

TEST(an_address_is_checked_and_completed)
{
	static const struct {
		const char *url, *want;
	} cases[] = {
		{ "https://shop.example/", "https://shop.example/" },
		{ "  HTTPS://Shop.Example  ", "https://shop.example/" },
		{ "http://shop.example:8080/a", "http://shop.example:8080/a" },
		{ "https://shop.example?x=1", "https://shop.example/?x=1" },
		{ "https://shop.example#top", "https://shop.example/#top" },
		{ "https://shop.example/a?b=c&d#e?f", "https://shop.example/a?b=c&d#e?f" },
		{ "https://shop.example/a?", "https://shop.example/a" },
		{ "https://shop.example/a?&&x=1&", "https://shop.example/a?x=1" },
		{ "https://shop.example/%C3%A4/b%20c", "https://shop.example/%C3%A4/b%20c" },
		{ "https://shop.example/\xc3\xa4 b", "https://shop.example/%C3%A4%20b" },
		{ "https://shop.example/100%", "https://shop.example/100%25" },
		{ "https://shop.example/?q=a+b%2Bc", "https://shop.example/?q=a+b%2Bc" },
		{ "https://shop.example/?a=\"<x>'&b=|",
		  "https://shop.example/?a=%22%3Cx%3E'&b=%7C" },
		{ "https://b\xc3\xbc"
		  "cher.example/",
		  "https://xn--bcher-kva.example/" },
		{ "https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x" },
		{ "https://x/?click_id=old&a=1", "https://x/?a=1" },
		{ "https://x/?a=1&click%5Fid=old#f", "https://x/?a=1#f" },
		{ "https://x/?click_ids=1", "https://x/?click_ids=1" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct str out, again;

		OK(target_prepare(c, "url", str_from(cases[i].url), NULL, &out));
		EQ_STR(out, cases[i].want);
		OK(target_prepare(c, "url", out, NULL, &again));
		EQ_STR(again, cases[i].want);
	}
}

TEST(utm_defaults_fill_what_the_address_does_not_say)
{
	struct str out;

	OK(target_prepare(c, "url", STR("https://x/"), &defaults, &out));
	EQ_STR(out, "https://x/?utm_source=news%20letter&utm_campaign=s%26m");
	OK(target_prepare(c, "url", STR("https://x/?utm_source=own&a=1#f"), &defaults, &out));
	EQ_STR(out, "https://x/?utm_source=own&a=1&utm_campaign=s%26m#f");
}

TEST(what_is_no_address_to_go_to_is_refused)
{
	static const char *const bad[] = {
		"",
		"x",
		"//x/",
		"ftp://x/",
		"javascript:alert(1)",
		"https://",
		"https:///x",
		"https://?a",
		"https://user@x/",
		"https://user:pw@x/",
		"https://good.example\\@evil.example/",
		"https://a b/",
		"https://x:0/",
		"https://x:99999/",
		"https://x:/",
		"https://x:1a/",
		"https://[::1/",
		"https://[zz]/",
		"https://a/\r\nSet-Cookie: x=1",
		"https://x/\xff",
		"https://a<b>/",
		"https://%41.example/",
		"data:text/html,https://x/",
	};
	struct str out = STR("untouched");
	struct buf longest;

	for (size_t i = 0; i < LEN(bad); i++)
		FAILS(target_prepare(c, "url", str_from(bad[i]), NULL, &out), ERR_INVALID, "url");
	buf_init(&longest, c->arena);
	buf_puts(&longest, "https://x/");
	while (longest.n < LINK_URL_MAX)
		buf_puts(&longest, "a");
	OK(target_prepare(c, "url", buf_text(&longest), NULL, &out));
	buf_puts(&longest, "a");
	FAILS(target_prepare(c, "url", buf_text(&longest), NULL, &out), ERR_INVALID, "url");
}

TEST(a_click_goes_to_the_address_with_its_id_and_what_it_brought_along)
{
	static const struct {
		const char *prepared, *query, *want;
	} cases[] = {
		{ "https://x/", "", "https://x/?click_id=ID" },
		{ "https://x/?a=1", "", "https://x/?a=1&click_id=ID" },
		{ "https://x/?a=1#f", "", "https://x/?a=1&click_id=ID#f" },
		{ "https://x/#", "", "https://x/?click_id=ID#" },
		{ "https://x/#a?b", "", "https://x/?click_id=ID#a?b" },
		{ "https://x/a%20b?q=%26#%23", "", "https://x/a%20b?q=%26&click_id=ID#%23" },
		{ "https://x/?a=1", "b=2&click_id=forged", "https://x/?a=1&click_id=ID" },
		{ "https://x/?a=1", "sub=7", "https://x/?a=1&sub=7&click_id=ID" },
		{ "https://x/", "utm_source=n&sub=7&x=1",
		  "https://x/?utm_source=n&sub=7&click_id=ID" },
		{ "https://x/?utm_source=a&utm_medium=b", "utm_source=c",
		  "https://x/?utm_medium=b&utm_source=c&click_id=ID" },
		{ "https://x/?utm_source=a", "utm_source=", "https://x/?utm_source=a&click_id=ID" },
		{ "https://x/?utm_source=a", "utm_source", "https://x/?utm_source=a&click_id=ID" },
		{ "https://x/", "sub=1&sub=2", "https://x/?sub=1&click_id=ID" },
		{ "https://x/", "sub=a=b", "https://x/?sub=a%3Db&click_id=ID" },
		{ "https://x/", "sub=%0d%0aX:%201", "https://x/?sub=%0d%0aX:%201&click_id=ID" },
		{ "https://x/", "sub=\r\nX: 1", "https://x/?sub=%0D%0AX:%201&click_id=ID" },
		{ "https://x/", "sub=a%zz%2", "https://x/?sub=a%25zz%252&click_id=ID" },
		{ "https://x/", "sub=#\"<\xc3\xa4", "https://x/?sub=%23%22%3C%C3%A4&click_id=ID" },
		{ "https://x/", "&&=&", "https://x/?click_id=ID" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		EQ_STR(target_build(c->arena, str_from(cases[i].prepared), str_from(cases[i].query),
		                    STR("ID")), cases[i].want);
	EQ_STR(target_build(c->arena, STR("https://x/#f"), STR(""), STR("")), "https://x/#f");
	EQ_STR(target_build(c->arena, STR("https://x/?a"), STR("sub=1"), STR("")),
	       "https://x/?a&sub=1");
}

TEST(values_that_are_too_long_are_left_out)
{
	struct buf q;

	buf_init(&q, c->arena);
	buf_puts(&q, "sub=");
	for (int i = 0; i < TARGET_VALUE_MAX + 1; i++)
		buf_char(&q, 'a');
	EQ_STR(target_build(c->arena, STR("https://x/"), buf_text(&q), STR("ID")),
	       "https://x/?click_id=ID");
	EQ_STR(target_sub(c->arena, buf_text(&q)), "");
}

TEST(a_click_remembers_utm_and_sub_decoded)
{
	EQ_STR(target_utm(c->arena, STR("a=1&utm_source=news%20letter&utm_campaign=x+y")),
	       "news letter\t\tx y");
	EQ_STR(target_utm(c->arena, STR("utm_term=x")), "");
	EQ_STR(target_utm(c->arena, STR("")), "");
	EQ_STR(target_utm(c->arena, STR("utm_medium=a%09b&utm_source=%ff")), "\t\t");
	EQ_STR(target_sub(c->arena, STR("sub=%C3%A4+1")), "\xc3\xa4 1");
	EQ_STR(target_sub(c->arena, STR("sub=a%0Ab")), "");
	EQ_STR(target_sub(c->arena, STR("sub=%00")), "");
	EQ_STR(target_sub(c->arena, STR("sub=50%")), "50%");
}

TEST(of_a_referrer_only_the_host_is_kept)
{
	static const struct {
		const char *url, *want;
	} cases[] = {
		{ "https://www.Example.org/path?secret=1", "www.example.org" },
		{ "https://www.example.org", "www.example.org" },
		{ "http://example.org:8080/", "example.org" },
		{ "android-app://com.example.app/", "com.example.app" },
		{ "example.org", "example.org" },
		{ "https://user@example.org/", "" },
		{ "https://", "" }, { "", "" }, { "/path", "" }, { "https://ex ample/", "" },
		{ "\xff\xfe", "" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		EQ_STR(target_host(c->arena, str_from(cases[i].url)), cases[i].want);
}
