/* SPDX-License-Identifier: Apache-2.0 */
#include "data/html.h"
#include "base/check.h"
#include "data/json.h"
#include "data/utf8.h"

#include <strings.h>

#define BLOCKED "about:invalid"

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* Bytes that need no entity; looks at eight at a time. */
static size_t plain_length(const char *p, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t v = utf8_load(p + i);

		/* & and ' differ in one bit, < and > in another */
		if (utf8_has(v | UTF8_ONES, '\'') | utf8_has(v | (UTF8_ONES * 2), '>') | utf8_has(v,
		                                                                                  '"'))
			break;
	}
	while (i < n && !entity(p[i]))
		i++;
	return i;
}

void html_escape(struct buf *b, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t n = plain_length(s.p + i, s.n - i);

		buf_put(b, s.p + i, n);
		i += n;
		if (i < s.n)
			buf_puts(b, entity(s.p[i++]));
	}
}

static void put_percent(struct buf *b, char c)
{
	static const char hex[] = "0123456789ABCDEF";
	char text[3] = { '%', hex[(unsigned char)c >> 4], hex[(unsigned char)c & 15] };

	buf_put(b, text, sizeof(text));
}

void html_escape_breakable(struct buf *b, struct str s)
{
	for (size_t from = 0; from < s.n;) {
		size_t to = from;

		while (to < s.n && !strchr("@._-+/", s.p[to]))
			to++;
		to += to < s.n;
		html_escape(b, str_slice(s, from, to - from));
		if (to < s.n)
			buf_puts(b, "<wbr>");
		from = to;
	}
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void html_escape_part(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_alnum(s.p[i]) || (s.p[i] && strchr("-._~", s.p[i])))
			buf_char(b, s.p[i]);
		else
			put_percent(b, s.p[i]);
	}
}

/* Is what stands before a first colon (with no / ? # before it) an allowed scheme? */
static bool scheme_is_safe(struct str s)
{
	static const char *const schemes[] = { "http", "https", "mailto" };

	for (size_t i = 0; i < s.n && s.p[i] && !strchr("/?#", s.p[i]); i++) {
		if (s.p[i] != ':')
			continue;
		for (size_t k = 0; k < LEN(schemes); k++)
			if (str_eq_nocase(str_slice(s, 0, i), str_from(schemes[k])))
				return true;
		return false;
	}
	return true;
}

void html_escape_url(struct buf *b, struct str s)
{
	if (!scheme_is_safe(s)) {
		buf_puts(b, BLOCKED);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if ((unsigned char)c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}", c))
			put_percent(b, c);
		else if (entity(c))
			buf_puts(b, entity(c));
		else
			buf_char(b, c);
	}
}

/* Known by its address: no parser and no database can make this very object. */
static json_t html_mark = { .type = JSON_TRUE, .refcount = (size_t)-1 };

json_t *html_value(struct str html)
{
	json_t *value = json_array();

	CHECK(value && json_array_append_new(value, &html_mark) == 0);
	CHECK(json_array_append_new(value, json_from_str(html)) == 0);
	return value;
}

bool html_text(const json_t *value, struct str *out)
{
	if (!json_is_array(value) || json_array_size(value) != 2
	    || json_array_get(value, 0) != &html_mark)
		return false;
	*out = json_text(json_array_get(value, 1));
	return true;
}
