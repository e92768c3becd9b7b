/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template.h"
#include "data/json.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The Mustache specification's own cases. */

static void spec_case(struct ctx *c, const json_t *test)
{
	struct template_set *s = template_set_new(c->arena, TEMPLATE_BARE);
	json_t *partials = json_object_get(test, "partials"), *text;
	const char *name;
	struct buf out;

	buf_init(&out, c->arena);
	json_object_foreach (partials, name, text)
		OK(template_set_add(c, s, str_from(name), json_text(text)));
	OK(template_set_add(c, s, STR("main"), json_text(json_object_get(test, "template"))));
	OK(template_render(c, s, "main", json_object_get(test, "data"), &out));
	if (!str_eq(buf_text(&out), json_text(json_object_get(test, "expected"))))
		FAIL("%s: got \"%s\"", json_string_value(json_object_get(test, "name")),
		     buf_text(&out).p);
}

static void spec_file(struct ctx *c, const char *path, size_t want)
{
	json_t *file, *tests, *test;
	size_t i;

	OK(json_read_object(c, unit_file(c, path), &file));
	OK(json_get_array(c, file, "tests", MUST(1, 0), &tests));
	EQ(json_array_size(tests), want);
	json_array_foreach (tests, i, test)
		spec_case(c, test);
}

TEST(mustache_comments_are_as_specified)
{
	spec_file(c, "tests/cases/mustache/comments.json", 12);
}

TEST(mustache_delimiters_are_as_specified)
{
	spec_file(c, "tests/cases/mustache/delimiters.json", 14);
}

TEST(mustache_interpolation_is_as_specified)
{
	spec_file(c, "tests/cases/mustache/interpolation.json", 42);
}

TEST(mustache_inverted_sections_are_as_specified)
{
	spec_file(c, "tests/cases/mustache/inverted.json", 22);
}

TEST(mustache_partials_are_as_specified)
{
	spec_file(c, "tests/cases/mustache/partials.json", 12);
}

TEST(mustache_sections_are_as_specified)
{
	spec_file(c, "tests/cases/mustache/sections.json", 34);
}

/* ---- What a template may look like. */

static const char *compile(struct ctx *c, const char *name, const char *text)
{
	struct template_set *s = template_set_new(c->arena, TEMPLATE_STRICT);

	if (template_set_add(c, s, str_from(name), str_from(text)))
		return "";
	const char *msg = arena_cstr(c->arena, str_from(c->err.msg));

	EQ(c->err.code, ERR_INTERNAL);
	fail_clear(c);
	return msg;
}

TEST(templates_that_would_open_a_hole_do_not_compile)
{
	static const char *const bad[] = {
		"<script>alert(1)</script>", "<script>var x = {{x}}</script>", "<script>{{x}}</script>",
		"<style>a{}</style>", "<style>{{x}}</style>", "<p onclick=\"x()\">", "<p ONCLICK='{{x}}'>",
		"<p style=\"a\">", "<p style='{{x}}'>", "<p hx-on:click=\"x\">", "<p data-hx-on=\"x\">",
		"<p class={{x}}>", "<p class=a{{x}}>", "<p {{x}}=\"1\">", "<p {{x}}>", "<{{x}}>", "</{{x}}>",
		"<p{{x}}>", "<!-- {{x}} -->", "<!doctype {{x}}>", "<a href=\"javascript:{{x}}\">",
		"<a href=\"javascript:x()\">", "<a href=\"data:text/html,x\">", "<a href={{x}}>",
		"<a href=/x>",
		"<img srcset=\"{{x}}\">", "<iframe srcdoc='{{x}}'>", "<p title=\"{{{x}}}\">",
		"<p {{>x}}>", "<p title=\"{{>x}}\">", "<p hx-vals='{\"a\":\"{{x}}\"}'>",
		"<p on{{#x}}click=\"a\"{{/x}}>", "<p {{#x}}on{{/x}}click=\"{{v}}\">",
		"<p {{#x}}click=\"{{v}}\" on{{/x}}>", "<p on{{! }}click=\"{{v}}\">", "<p onclick =\"x\">",
		"<p title= \"x\">", "<p title=>", "<scr{{! }}ipt>x</script>",
		"<a href=\"java{{! }}script:{{x}}\">", "<a href=\"{{x}}:{{y}}\">",
	};

	for (size_t i = 0; i < LEN(bad); i++)
		if (!*compile(c, "a.html", bad[i]))
			FAIL("compiles: %s", bad[i]);
}

TEST(templates_that_are_not_whole_do_not_compile)
{
	static const char *const bad[] = {
		"{{x", "{{#x}}", "{{/x}}", "{{#x}}{{/y}}", "{{}}", "{{x|nothing}}", "{{x..y}}", "{{x y}}",
		"{{{x}}", "{{>}}", "{{=a=}}", "{{=a=b c=}}", "{{#x|money}}{{/x}}", "<p", "<p title=\"",
		"<!-- ",
		"{{#x}}<p {{/x}}>", "{{#x}}<a {{/x}}{{^x}}<b {{/x}}>", "<p title=\"{{#x}}\" id=\"{{/x}}\">",
		"<p title=\"a{{#x}}\">{{/x}}", "<p title=\"a\"b\"c\">", "<p a\"b>", "\xFF",
	};

	for (size_t i = 0; i < LEN(bad); i++)
		if (!*compile(c, "a.html", bad[i]))
			FAIL("compiles: %s", bad[i]);
	EQ_STR(compile(c, "a.html", "1\n2\n<p style=\"x\">"),
	       "a.html, line 3: style attributes are refused; use a class");
}

TEST(templates_that_people_write_compile)
{
	static const char *const good[] = {
		"<!doctype html>\n<html lang=\"en\"><!-- a -> b > c --><script src=\"/a.js\" defer></script>",
		"<li{{#x}} class=\"active\"{{/x}}>", "<input {{#x}}checked{{/x}} name=\"a\">",
		"<input{{#x}} checked{{/x}}{{#y}} disabled{{/y}}>", "<p class=\"a{{#x}} b{{/x}} {{y}}\">",
		"<a href=\"/x?a={{a}}{{#b}}&amp;b={{b}}{{/b}}#{{c}}\">", "<a href=\"{{url}}\">", "<br/>",
		"<a href=\"{{#x}}{{x}}{{/x}}{{^x}}/{{/x}}\">", "<a href='mailto:{{x}}'>", "a < b {{x}} <3",
		"<td colspan=2>", "<p hx-vals='{\"a\":{{x|json}}}'>", "<p data-x='{{x|json}}'>",
		"<input\n  {{#x}}\n  checked\n  {{/x}}\n  name=\"a\">", "<script src=\"x\"> </script>",
		"<option value=\"1\"{{#x}} selected{{/x}}>x</option>", "<p class=\"x\"id=\"y\">",
		"<div {{#list}}data-x=\"{{.}}\"{{/list}}>",
	};

	for (size_t i = 0; i < LEN(good); i++)
		if (*compile(c, "a.html", good[i]))
			FAIL("%s: %s", good[i], compile(c, "a.html", good[i]));
	EQ_STR(compile(c, "mail.txt", "<script>{{x}}</script> on=\"{{x}}\""), "");
}

/* ---- What comes out. */

static struct str render(struct ctx *c, const char *name, const char *text, const char *view)
{
	struct template_set *s = template_set_new(c->arena, TEMPLATE_STRICT);
	json_t *v = NULL;
	struct buf out;

	buf_init(&out, c->arena);
	OK(json_read(c, str_from(view), &v));
	OK(template_set_add(c, s, str_from(name), str_from(text)));
	OK(template_render(c, s, name, v, &out));
	return buf_text(&out);
}

#define HTML(text, view) render(c, "a.html", text, view)

TEST(values_are_escaped_for_where_they_stand)
{
	const char *view = "{\"t\":\"<b> & \\\"'\",\"js\":\"javascript:x\",\"p\":\"a/b?c\","
	                   "\"u\":\"https://a.example/?b=c&d\"}";

	EQ_STR(HTML("{{t}}", view), "&lt;b&gt; &amp; &quot;&#39;");
	EQ_STR(HTML("<p title='{{t}}'>", view), "<p title='&lt;b&gt; &amp; &quot;&#39;'>");
	EQ_STR(HTML("<a href=\"{{u}}\">", view), "<a href=\"https://a.example/?b=c&amp;d\">");
	EQ_STR(HTML("<a href=\"{{js}}\">", view), "<a href=\"about:invalid\">");
	EQ_STR(HTML("<form action=\"{{js}}\">", view), "<form action=\"about:invalid\">");
	EQ_STR(HTML("<a href=\"/x/{{p}}?q={{t}}\">", view),
	       "<a href=\"/x/a%2Fb%3Fc?q=%3Cb%3E%20%26%20%22%27\">");
	EQ_STR(HTML("<p title=\"{{js}}\">", view), "<p title=\"javascript:x\">");
	EQ_STR(render(c, "a.txt", "{{t}}", view), "<b> & \"'");
}

TEST(only_html_values_come_out_raw)
{
	struct template_set *s = template_set_new(c->arena, 0);
	json_t *view = json_own(c->arena, json_object());
	struct buf out;

	buf_init(&out, c->arena);
	json_object_set_new(view, "good", html_value(STR("<b>x</b>")));
	json_set_str(view, "bad", STR("<b>x</b>"));
	OK(template_set_add(c, s, STR("good.html"), STR("<p>{{#good}}{{{good}}}{{/good}}</p>")));
	OK(template_set_add(c, s, STR("bad.html"), STR("\n{{{bad}}}")));
	OK(template_render(c, s, "good.html", view, &out));
	EQ_STR(buf_text(&out), "<p><b>x</b></p>");
	NO(template_render(c, s, "bad.html", view, &out));
	EQ_STR(c->err.msg, "bad.html, line 2: \"bad\" is not an html value");
}

TEST(filters_write_for_people)
{
	const char *view = unit_file(c, "tests/cases/template_filters.json").p;

	EQ_STR(HTML("{{amount|money}}", view), "1,234.50 EUR");
	EQ_STR(HTML("{{ amount | money : other }}", view), "123,450 JPY");
	EQ_STR(HTML("{{o|money}}", view), "-0.05 USD");
	EQ_STR(HTML("{{b.due|money}}{{#b}} {{due|money}}{{/b}}", view), "0.700 BHD 0.700 BHD");
	EQ_STR(HTML("[{{none|money}}{{none|date}}{{none|percent}}]", view), "[]");
	EQ_STR(HTML("[{{none|number}}{{none|lower}}{{none|time}}{{none|initials}}]", view), "[]");
	EQ_STR(HTML("{{rate|percent}} {{ppm|percent}}", view), "12.5% 7.5%");
	EQ_STR(HTML("{{n|number}} {{k|number}}", view), "-1,234,567 123");
	EQ_STR(HTML("{{name|initials}} {{one|initials}}", view), "AL ä");
	EQ_STR(HTML("{{s|status}} {{X|lower}}", view), "In payout abc");
	EQ_STR(HTML("{{at|date}}; {{at|time}}; {{day|date}}; {{ms|time}}", view),
	       "21 Jul 2026; 21 Jul 2026, 00:45; 20 Jul 2026; 1 Jan 1970, 01:00");
	EQ_STR(HTML("{{o|json}}", view),
	       "{&quot;amount&quot;:-5,&quot;currency&quot;:&quot;USD&quot;}");
}

TEST(a_filter_that_does_not_fit_says_what_and_where)
{
	struct template_set *s = template_set_new(c->arena, 0);
	json_t *view;
	struct buf out;

	buf_init(&out, c->arena);
	OK(json_read(c, STR("{\"a\":\"x\",\"n\":1}"), &view));
	OK(template_set_add(c, s, STR("a.html"), STR("{{a|number}}")));
	NO(template_render(c, s, "a.html", view, &out));
	EQ_STR(c->err.msg, "a.html, line 1: \"a\" is no integer");
	OK(template_set_add(c, s, STR("a.html"), STR("{{n|money}}")));
	NO(template_render(c, s, "a.html", view, &out));
	EQ_STR(c->err.msg, "a.html, line 1: \"n\" has no currency beside it");
}

TEST(unknown_names_are_errors_when_strict_and_empty_otherwise)
{
	struct template_set *strict = template_set_new(c->arena, TEMPLATE_STRICT);
	struct template_set *lax = template_set_new(c->arena, 0);
	json_t *view;
	struct buf out;

	buf_init(&out, c->arena);
	OK(json_read(c, STR("{\"a\":{\"b\":1},\"z\":null}"), &view));
	OK(template_set_add(c, strict, STR("p.html"), STR("x\n{{a.c}}")));
	OK(template_set_add(c, lax, STR("p.html"), STR("[{{a.c}}{{q}}{{a}}]")));
	NO(template_render(c, strict, "p.html", view, &out));
	EQ_STR(c->err.msg, "p.html, line 2: \"a.c\" is not in the view");
	OK(template_set_add(c, strict, STR("p.html"), STR("{{a}}")));
	NO(template_render(c, strict, "p.html", view, &out));
	fail_clear(c);
	buf_init(&out, c->arena);
	OK(template_render(c, lax, "p.html", view, &out));
	EQ_STR(buf_text(&out), "[]");
	EQ_STR(HTML("[{{#q}}1{{/q}}{{^q}}2{{/q}}{{z.y}}]", "{\"z\":null}"), "[2]");
	FAILS(template_render(c, lax, "nothing.html", view, &out), ERR_INTERNAL, "");
}

TEST(empty_texts_and_zero_count_as_nothing)
{
	EQ_STR(HTML("{{#s}}a{{/s}}{{#n}}b{{/n}}{{#l}}c{{/l}}{{#o}}d{{/o}}{{#t}}e{{/t}}",
	            "{\"s\":\"\",\"n\":0,\"l\":[],\"o\":{},\"t\":\"x\"}"), "de");
}

TEST(partials_without_end_are_stopped)
{
	struct template_set *s = template_set_new(c->arena, 0);
	struct buf out;
	json_t *view = json_own(c->arena, json_object());

	buf_init(&out, c->arena);
	OK(template_set_add(c, s, STR("a.html"), STR("{{>b}}")));
	NO(template_render(c, s, "a.html", view, &out));
	OK(strstr(c->err.msg, "does not exist") != NULL);
	OK(template_set_add(c, s, STR("b.html"), STR("{{>a}}")));
	NO(template_render(c, s, "a.html", view, &out));
	OK(strstr(c->err.msg, "nested too deeply") != NULL);
}

TEST(pages_stand_in_the_nearest_frame)
{
	struct template_set *s = template_set_new(c->arena, TEMPLATE_STRICT);
	json_t *view = json_own(c->arena, json_pack("{s:s}", "title", "A & B"));
	struct buf out;

	buf_init(&out, c->arena);
	OK(template_set_add(c, s, STR("_frame.html"), STR("<h1>{{title}}</h1>{{>_body}}")));
	OK(template_set_add(c, s, STR("_body.html"), STR("<main>{{{content}}}</main>")));
	OK(template_set_add(c, s, STR("portal/_frame.html"), STR("[{{{content}}}]")));
	OK(template_set_add(c, s, STR("a.html"), STR("<p>{{title}}</p>")));
	OK(template_set_add(c, s, STR("x/a.html"), STR("x")));
	OK(template_set_add(c, s, STR("portal/deep/a.html"), STR("y")));
	OK(template_page(c, s, "a.html", view, &out));
	OK(template_page(c, s, "x/a.html", view, &out));
	OK(template_page(c, s, "portal/deep/a.html", view, &out));
	EQ_STR(buf_text(&out), "<h1>A &amp; B</h1><main><p>A &amp; B</p></main>"
	                       "<h1>A &amp; B</h1><main>x</main>[y]");
}

/* ---- Where templates come from. */

static void write_file(struct ctx *c, struct str dir, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(c->arena, "%s/%s", dir.p, name).p, "w");

	OK(f != NULL);
	fputs(text, f);
	fclose(f);
}

static struct str page(struct ctx *c, struct template_set *s)
{
	struct buf out;

	buf_init(&out, c->arena);
	if (!template_render(c, s, "sub/a.html", json_own(c->arena, json_object()), &out))
		return arena_str(c->arena, str_from(c->err.msg));
	return buf_text(&out);
}

TEST(a_directory_of_templates_is_read_again_when_it_changes)
{
	struct template_set *s = template_set_new(c->arena, 0);
	struct str dir = unit_dir(c);

	OK(mkdir(arena_printf(c->arena, "%s/sub", dir.p).p, 0700) == 0);
	write_file(c, dir, "sub/a.html", "one {{>_b}}");
	NO(template_set_dir(c, s, dir.p));
	EQ_STR(c->err.msg, "sub/a.html, line 1: there is no partial \"_b\"");
	template_set_close(s);
	fail_clear(c);

	s = template_set_new(c->arena, 0);
	write_file(c, dir, "_b.html", "b");
	OK(template_set_dir(c, s, dir.p));
	EQ_STR(page(c, s), "one b");
	write_file(c, dir, "sub/a.html", "{{#oops}}");
	usleep(520000);
	EQ_STR(page(c, s), "sub/a.html, line 1: the section \"oops\" never ends");
	fail_clear(c);
	write_file(c, dir, "sub/a.html", "mended");
	usleep(520000);
	EQ_STR(page(c, s), "mended");
	template_set_close(s);
}

TEST(the_templates_in_the_binary_compile)
{
	struct template_set *s = template_set_new(c->arena, TEMPLATE_STRICT);

	OK(template_set_embedded(c, s));
}
