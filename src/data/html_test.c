/* SPDX-License-Identifier: Apache-2.0 */
#include "data/html.h"
#include "data/json.h"
#include "unit.h"

static struct str run(struct ctx *c, void (*fn)(struct buf *b, struct str s), const char *text)
{
	struct buf b;

	buf_init(&b, c->arena);
	fn(&b, str_from(text));
	return buf_text(&b);
}

TEST(html_special_characters_become_entities_wherever_they_stand)
{
	EQ_STR(run(c, html_escape, "a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
	EQ_STR(run(c, html_escape, "long enough for words <"), "long enough for words &lt;");
	for (size_t at = 0; at < 20; at++) {
		char text[] = "abcdefghijklmnopqrst";

		text[at] = '<';
		EQ(run(c, html_escape, text).n, 23);
		text[at] = '=';
		EQ_STR(run(c, html_escape, text), text);
	}
}

TEST(html_urls_have_a_harmless_scheme_or_none)
{
	static const char *const safe[] = { "https://a.example/x?y=1#z", "http://a.example",
	                                    "/a/b:c",
		                            "a/b", "?q=a:b", "#a:b", "", "MAILTO:a@example.com", "//a/b" };
	static const char *const unsafe[] = { "javascript:alert(1)", "JaVaScRiPt:x",
	                                      "data:text/html,x",
		                              "vbscript:x", " javascript:x", "java\tscript:x", ":x",
		                              "blob:x", "\x01javascript:x", "file:///etc" };

	for (size_t i = 0; i < LEN(safe); i++)
		EQ_STR(run(c, html_escape_url, safe[i]), safe[i]);
	for (size_t i = 0; i < LEN(unsafe); i++)
		EQ_STR(run(c, html_escape_url, unsafe[i]), "about:invalid");
	EQ_STR(run(c, html_escape_url, "/a b?c=\"<d>\"&e='\\"),
	       "/a%20b?c=%22%3Cd%3E%22&amp;e=&#39;%5C");
}

TEST(html_url_parts_cannot_leave_their_part)
{
	EQ_STR(run(c, html_escape_part, "a/b?c&d#e:ä~"), "a%2Fb%3Fc%26d%23e%3A%C3%A4~");
}

TEST(an_html_value_cannot_be_forged)
{
	json_t *real = json_own(c->arena, html_value(STR("<b>x</b>")));
	json_t *forged;
	struct str s;

	OK(html_text(real, &s));
	EQ_STR(s, "<b>x</b>");
	OK(json_read(c, STR("[true,\"<b>x</b>\"]"), &forged));
	NO(html_text(forged, &s));
	NO(html_text(json_own(c->arena, json_deep_copy(forged)), &s));
	NO(html_text(NULL, &s));
}
