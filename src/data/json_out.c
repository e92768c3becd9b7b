/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json_out.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* Deeper than anything read: a view that a program builds may add levels around it. */
#define DEPTH_MAX 256

/* Bytes that a string of JSON holds as they are: from 0x20 to 0x7F but for " and \. */
static size_t plain_length(struct str s)
{
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		uint64_t v = utf8_load(s.p + i);

		if ((v & UTF8_HIGHS) | utf8_below(v, 0x20) | utf8_has(v, '"') | utf8_has(v, '\\'))
			break;
	}
	for (; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			break;
	}
	return i;
}

static void put_special(struct buf *b, char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *hit = c ? strchr(from, c) : NULL;
	char text[6] = { '\\', 'u', '0', '0', hex[(unsigned char)c >> 4], hex[c & 15] };

	if (hit) {
		text[1] = to[hit - from];
		buf_put(b, text, 2);
	} else {
		buf_put(b, text, sizeof(text));
	}
}

static void put_text(struct buf *b, struct str s)
{
	while (s.n > 0) {
		size_t n = plain_length(s);
		size_t step = 0;

		while (n < s.n && (unsigned char)s.p[n] >= 0x80
		       && (step = utf8_step((const unsigned char *)s.p + n, s.n - n)) > 0)
			n += step;
		buf_put(b, s.p, n);
		s = str_slice(s, n, s.n);
		if (s.n == 0)
			break;
		if ((unsigned char)s.p[0] < 0x20 || s.p[0] == '"' || s.p[0] == '\\')
			put_special(b, s.p[0]);
		else if ((unsigned char)s.p[0] >= 0x80)
			buf_puts(b, UTF8_REPLACEMENT);
		else
			continue;
		s = str_slice(s, 1, s.n);
	}
}

/* A comma, if the buf ends with a finished value. */
static void separate(struct buf *b)
{
	char last = b->n ? b->p[b->n - 1] : '\n';

	if (last != '{' && last != '[' && last != ':' && last != ',' && last != '\n')
		buf_char(b, ',');
}

void jw_object(struct buf *b)
{
	separate(b);
	buf_char(b, '{');
}

void jw_object_end(struct buf *b)
{
	buf_char(b, '}');
}

void jw_array(struct buf *b)
{
	separate(b);
	buf_char(b, '[');
}

void jw_array_end(struct buf *b)
{
	buf_char(b, ']');
}

void jw_key(struct buf *b, const char *key)
{
	size_t n = strlen(key);

	separate(b);
	char *to = buf_room(b, n + 3);

	to[0] = '"';
	memcpy(to + 1, key, n);
	memcpy(to + 1 + n, "\":", 3);
	b->n += n + 3;
}

void jw_str(struct buf *b, struct str s)
{
	separate(b);
	if (plain_length(s) < s.n) {
		buf_char(b, '"');
		put_text(b, s);
		buf_char(b, '"');
		return;
	}
	char *to = buf_room(b, s.n + 2);

	to[0] = '"';
	if (s.n)
		memcpy(to + 1, s.p, s.n);
	memcpy(to + 1 + s.n, "\"", 2);
	b->n += s.n + 2;
}

void jw_int(struct buf *b, int64_t value)
{
	separate(b);
	buf_int(b, value);
}

void jw_bool(struct buf *b, bool value)
{
	separate(b);
	buf_puts(b, value ? "true" : "false");
}

void jw_null(struct buf *b)
{
	separate(b);
	buf_puts(b, "null");
}

void jw_id(struct buf *b, enum id_kind kind, int64_t id)
{
	char text[ID_TEXT_MAX];

	if (id == 0)
		jw_null(b);
	else
		jw_str(b, (struct str){ text, id_format(kind, id, text) });
}

void jw_time(struct buf *b, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (at_ms == 0)
		jw_null(b);
	else
		jw_str(b, (struct str){ text, time_format(at_ms, text) });
}

void jw_raw(struct buf *b, struct str json)
{
	json = str_trim(json);
	separate(b);
	buf_str(b, json.n ? json : STR("null"));
}

void jw_real(struct buf *b, double value)
{
	char text[40];
	int digits = 15;

	separate(b);
	do
		snprintf(text, sizeof(text) - 2, "%.*g", digits, value);
	while (strtod(text, NULL) != value && ++digits <= 17);
	if (!strpbrk(text, ".e"))
		memcpy(text + strlen(text), ".0", 3);
	buf_puts(b, text);
}

static void put_value(struct buf *b, const json_t *value, int depth);

static void put_object(struct buf *b, const json_t *value, int depth)
{
	const char *key;
	size_t n;
	json_t *item;

	jw_object(b);
	/* jansson's iterators take no const object, but change nothing */
	json_object_keylen_foreach ((json_t *)(uintptr_t)value, key, n, item) {
		jw_str(b, (struct str){ key, n });
		buf_char(b, ':');
		put_value(b, item, depth + 1);
	}
	jw_object_end(b);
}

static void put_array(struct buf *b, const json_t *value, int depth)
{
	jw_array(b);
	for (size_t i = 0; i < json_array_size(value); i++)
		put_value(b, json_array_get(value, i), depth + 1);
	jw_array_end(b);
}

static void put_value(struct buf *b, const json_t *value, int depth)
{
	CHECK(depth <= DEPTH_MAX);
	switch (json_typeof(value)) {
	case JSON_OBJECT: put_object(b, value, depth); break;
	case JSON_ARRAY: put_array(b, value, depth); break;
	case JSON_STRING:
		jw_str(b, (struct str){ json_string_value(value), json_string_length(value) });
		break;
	case JSON_INTEGER: jw_int(b, json_integer_value(value)); break;
	case JSON_REAL: jw_real(b, json_real_value(value)); break;
	case JSON_TRUE: jw_bool(b, true); break;
	case JSON_FALSE: jw_bool(b, false); break;
	case JSON_NULL: jw_null(b); break;
	}
}

void jw_json(struct buf *b, const json_t *value)
{
	if (value)
		put_value(b, value, 0);
	else
		jw_null(b);
}

void jw_key_str(struct buf *b, const char *key, struct str s)
{
	jw_key(b, key);
	jw_str(b, s);
}

void jw_key_int(struct buf *b, const char *key, int64_t value)
{
	jw_key(b, key);
	jw_int(b, value);
}

void jw_key_bool(struct buf *b, const char *key, bool value)
{
	jw_key(b, key);
	jw_bool(b, value);
}

void jw_key_null(struct buf *b, const char *key)
{
	jw_key(b, key);
	jw_null(b);
}

void jw_key_id(struct buf *b, const char *key, enum id_kind kind, int64_t id)
{
	jw_key(b, key);
	jw_id(b, kind, id);
}

void jw_key_time(struct buf *b, const char *key, int64_t at_ms)
{
	jw_key(b, key);
	jw_time(b, at_ms);
}

void jw_key_raw(struct buf *b, const char *key, struct str json)
{
	jw_key(b, key);
	jw_raw(b, json);
}
