/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template_program.h"
#include "base/check.h"

#include <strings.h>

/*
 * The tokenizer of HTML (https://html.spec.whatwg.org/#tokenization), as far as a
 * template needs it to know where a value stands. It is stricter than the standard:
 * what browsers would have to repair is refused.
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool word_is(struct str word, const char *name)
{
	return str_eq_nocase(word, str_from(name));
}

static bool word_starts(struct str word, const char *name)
{
	return str_eq_nocase(str_slice(word, 0, strlen(name)), str_from(name));
}

static const struct attr_row {
	const char *name;
	enum attr_kind kind;
} attrs[] = {
	{ "href", ATTR_URL },       { "src", ATTR_URL },        { "action", ATTR_URL },
	{ "formaction", ATTR_URL }, { "poster", ATTR_URL },     { "cite", ATTR_URL },
	{ "data", ATTR_URL },       { "xlink:href", ATTR_URL }, { "background", ATTR_URL },
	{ "hx-get", ATTR_URL },     { "hx-post", ATTR_URL },    { "hx-put", ATTR_URL },
	{ "hx-patch", ATTR_URL },   { "hx-delete", ATTR_URL },  { "hx-push-url", ATTR_URL },
	{ "hx-vals", ATTR_JSON },   { "hx-headers", ATTR_JSON }, { "hx-request", ATTR_JSON },
	{ "srcset", ATTR_FIXED },   { "srcdoc", ATTR_FIXED },   { "ping", ATTR_FIXED },
};

/* The attribute is complete and has a value. */
static const char *attr_begin(struct html_state *s)
{
	struct str name = s->word;

	if (word_starts(name, "data-hx-"))
		name = str_slice(name, 5, name.n);
	if (word_starts(name, "on") || word_starts(name, "hx-on"))
		return "on… attributes are scripts and are refused";
	if (word_is(name, "style"))
		return "style attributes are refused; use a class";
	s->attr = ATTR_PLAIN;
	for (size_t i = 0; i < LEN(attrs); i++)
		if (word_is(name, attrs[i].name))
			s->attr = attrs[i].kind;
	s->place = HTML_BEFORE_VALUE;
	s->part = false;
	s->valued++;
	return NULL;
}

static void word_begin(struct html_state *s, const char *p, enum html_place place)
{
	s->word = (struct str){ p, 1 };
	s->place = place;
}

/* After > of a start tag. */
static void tag_end(struct html_state *s)
{
	bool empty = word_is(s->open_name, "script") || word_is(s->open_name, "style");

	s->place = empty ? HTML_EMPTY : HTML_TEXT;
}

static const char *scan_tag_open(struct html_state *s, const char *p)
{
	if (is_letter(*p))
		word_begin(s, p, HTML_TAG_NAME);
	else if (*p == '/')
		s->place = HTML_END_TAG;
	else if (*p == '!' || *p == '?')
		word_begin(s, p, HTML_MARKUP);
	else
		s->place = HTML_TEXT;
	return NULL;
}

/* Between attributes, or right behind a name. */
static const char *scan_tag(struct html_state *s, const char *p)
{
	if (*p == '>')
		tag_end(s);
	else if (is_blank(*p) || *p == '/')
		s->place = HTML_TAG;
	else if (s->place == HTML_AFTER_NAME)
		return "a blank is missing between two attributes";
	else if (*p == '=' || *p == '"' || *p == '\'' || *p == '<')
		return "there is a stray character in a tag";
	else
		word_begin(s, p, HTML_ATTR_NAME);
	return NULL;
}

static const char *scan_name(struct html_state *s, const char *p)
{
	bool attr = s->place == HTML_ATTR_NAME;

	if (*p == '=' && attr)
		return attr_begin(s);
	if (!is_blank(*p) && *p != '>' && *p != '/') {
		s->word.n++;
		return strchr("\"'<=", *p) ? "there is a stray character in a name" : NULL;
	}
	if (!attr)
		s->open_name = s->word;
	return scan_tag(s, p);
}

static const char *scan_before_value(struct html_state *s, const char *p)
{
	if (is_blank(*p) || *p == '>')
		return "an attribute's value is missing after =";
	s->quote = *p;
	s->place = *p == '"' || *p == '\'' ? HTML_VALUE : HTML_UNQUOTED;
	s->word = (struct str){ p + 1, 0 };
	if (s->place == HTML_UNQUOTED && s->attr == ATTR_URL)
		return "URLs must be in quotes";
	return NULL;
}

/* Follow a URL written in the template to where its scheme and host are over. */
static const char *scan_url(struct html_state *s, const char *p)
{
	static const char *const schemes[] = { "http", "https", "mailto" };
	struct str scheme = s->word;

	if (!s->word.p)
		s->word.p = p;
	if (*p == '/' || *p == '?' || *p == '#')
		s->part = true;
	if (s->part || *p != ':') {
		s->word.n++;
		return NULL;
	}
	for (size_t i = 0; i < LEN(schemes); i++)
		s->part |= word_is(scheme, schemes[i]);
	return s->part ? NULL : "only http, https, mailto and relative URLs are allowed";
}

static const char *scan_value(struct html_state *s, const char *p)
{
	if (*p == s->quote) {
		s->place = HTML_TAG;
		return NULL;
	}
	return s->attr == ATTR_URL && !s->part ? scan_url(s, p) : NULL;
}

static const char *scan_unquoted(struct html_state *s, const char *p)
{
	if (*p == '>')
		tag_end(s);
	else if (is_blank(*p))
		s->place = HTML_TAG;
	else if (strchr("\"'<=`", *p))
		return "there is a stray character in an unquoted attribute";
	return NULL;
}

/* <!doctype …> ends at >, a comment at -->. */
static const char *scan_markup(struct html_state *s, const char *p)
{
	s->word.n++;
	if (s->place == HTML_MARKUP && str_is(s->word, "!--"))
		s->place = HTML_COMMENT;
	else if (*p == '>' && (s->place == HTML_MARKUP || (s->word.n > 5 && str_ends(s->word, "-->"))))
		s->place = HTML_TEXT;
	return NULL;
}

static const char *scan_empty(struct html_state *s, const char *p)
{
	if (*p == '<')
		s->place = HTML_TAG_OPEN;
	else if (!is_blank(*p))
		return "inline scripts and styles are refused; put them into a file";
	return NULL;
}

static const char *scan_char(struct html_state *s, const char *p)
{
	switch (s->place) {
	case HTML_TEXT:
		if (*p == '<')
			s->place = HTML_TAG_OPEN;
		return NULL;
	case HTML_TAG_OPEN: return scan_tag_open(s, p);
	case HTML_TAG_NAME:
	case HTML_ATTR_NAME: return scan_name(s, p);
	case HTML_END_TAG:
		if (*p == '>')
			s->place = HTML_TEXT;
		return NULL;
	case HTML_TAG:
	case HTML_AFTER_NAME: return scan_tag(s, p);
	case HTML_BEFORE_VALUE: return scan_before_value(s, p);
	case HTML_VALUE: return scan_value(s, p);
	case HTML_UNQUOTED: return scan_unquoted(s, p);
	case HTML_COMMENT:
	case HTML_MARKUP: return scan_markup(s, p);
	case HTML_EMPTY: return scan_empty(s, p);
	}
	return NULL;
}

const char *html_scan(struct html_state *s, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool was_empty = s->place == HTML_EMPTY;
		const char *wrong = scan_char(s, text.p + i);

		if (wrong)
			return wrong;
		/* within a script only its end tag is a tag */
		if (was_empty && s->place == HTML_TAG_OPEN
		    && (i + 1 == text.n || text.p[i + 1] != '/'))
			return "inline scripts and styles are refused; put them into a file";
	}
	return NULL;
}

const char *html_boundary(struct html_state *s)
{
	switch (s->place) {
	case HTML_TAG_NAME:
		s->open_name = s->word;
		s->place = HTML_AFTER_NAME;
		return NULL;
	case HTML_ATTR_NAME:
	case HTML_UNQUOTED:
		s->place = HTML_AFTER_NAME;
		return NULL;
	case HTML_TEXT:
	case HTML_TAG:
	case HTML_AFTER_NAME:
	case HTML_VALUE:
		s->word = (struct str){ NULL, 0 };
		return NULL;
	default:
		return "a section cannot begin or end in the middle of a name, comment, script or style";
	}
}

const char *html_join(struct html_state *s, const struct html_state *begin)
{
	bool in_tag = s->place == HTML_TAG || s->place == HTML_AFTER_NAME;
	bool began_in_tag = begin->place == HTML_TAG || begin->place == HTML_AFTER_NAME;

	if (in_tag && began_in_tag && str_eq_nocase(s->open_name, begin->open_name)) {
		/* repeated, the last name would run into the first: "on" + "click" */
		if (s->place == HTML_AFTER_NAME && begin->place == HTML_TAG
		    && s->valued != begin->valued)
			return "a blank is missing at the end of a section inside a tag";
		if (begin->place == HTML_AFTER_NAME)
			s->place = HTML_AFTER_NAME;
		return NULL;
	}
	if (in_tag || s->place != begin->place
	    || (s->place == HTML_VALUE && s->valued != begin->valued))
		return "a section must end in the tag, attribute or text in which it began";
	s->part = s->part && begin->part;
	return NULL;
}

const char *html_value_escape(struct html_state *s, struct str filter, enum escape *out)
{
	*out = ESCAPE_HTML;
	s->word = (struct str){ NULL, 0 };
	switch (s->place) {
	case HTML_TEXT:
		return NULL;
	case HTML_VALUE:
		if (s->attr == ATTR_FIXED)
			return "a value cannot stand in this attribute";
		if (s->attr == ATTR_JSON && !str_is(filter, "json"))
			return "a value in this attribute needs the filter json";
		if (s->attr == ATTR_URL)
			*out = s->part ? ESCAPE_PART : ESCAPE_URL;
		return NULL;
	case HTML_UNQUOTED:
	case HTML_BEFORE_VALUE:
		return "a value in an attribute must be in quotes";
	default:
		return "a value can stand in text and in quoted attributes only";
	}
}
