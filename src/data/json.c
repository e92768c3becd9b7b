/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/utf8.h"

#include <stdio.h>

/* Where in a text the reader is: the keys and indexes around it. */
struct place {
	struct str keys[JSON_DEPTH_MAX + 1];
	size_t indexes[JSON_DEPTH_MAX + 1];
	bool in_array[JSON_DEPTH_MAX + 1];
	size_t depth;
};

/* Past the string that begins at from, or the end of the text. */
static size_t skip_string(struct str s, size_t from)
{
	size_t i = from + 1;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

static bool is_key(struct str s, size_t end)
{
	while (end < s.n && (s.p[end] == ' ' || s.p[end] == '\t' || s.p[end] == '\r' || s.p[end] == '\n'))
		end++;
	return end < s.n && s.p[end] == ':';
}

/* Walk up to a position, without caring whether the text is right. False when nested too deeply. */
static bool place_find(struct place *at, struct str s, size_t position)
{
	for (size_t i = 0; i < s.n && i < position; i++) {
		char ch = s.p[i];
		size_t d = at->depth;

		if (ch == '"') {
			size_t end = skip_string(s, i);

			if (!at->in_array[d] && is_key(s, end))
				at->keys[d] = str_slice(s, i + 1, end - i - 2);
			i = end - 1;
		} else if (ch == '{' || ch == '[') {
			if (d == JSON_DEPTH_MAX)
				return false;
			at->depth = ++d;
			at->keys[d] = STR("");
			at->indexes[d] = 0;
			at->in_array[d] = ch == '[';
		} else if ((ch == '}' || ch == ']') && d > 0) {
			at->depth--;
		} else if (ch == ',') {
			at->indexes[d]++;
		}
	}
	return true;
}

static void place_text(const struct place *at, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t d = 1; d <= at->depth && n < size; d++) {
		const char *slash = n ? "/" : "";

		if (at->in_array[d])
			n += (size_t)snprintf(out + n, size - n, "%s%zu", slash, at->indexes[d]);
		else if (at->keys[d].n > 0 && at->keys[d].n < size)
			n += (size_t)snprintf(out + n, size - n, "%s%.*s", slash,
			                      STR_ARG(at->keys[d]));
	}
	if (!str_is_text(str_from(out)))
		out[0] = '\0';
}

static bool fail_at(struct ctx *c, struct str body, const json_error_t *e)
{
	struct place at = { .depth = 0 };
	char field[sizeof(c->err.field)];

	/* jansson has read the byte that it does not like */
	place_find(&at, body, e->position > 0 ? (size_t)e->position - 1 : 0);
	place_text(&at, field, sizeof(field));
	return fail(c, ERR_MALFORMED, field, "The JSON is wrong at line %d, column %d: %.120s",
	            e->line,
	            e->column, str_is_text(str_from(e->text)) ? e->text : "invalid UTF-8");
}

/* jansson would go 2048 deep; whoever reads the result recursively must not. */
static bool check_depth(struct ctx *c, struct str body)
{
	size_t depth = 0, line = 1, line_start = 0;

	for (size_t i = 0; i < body.n; i++) {
		char ch = body.p[i];

		if (ch == '"') {
			i = skip_string(body, i) - 1;
		} else if (ch == '\n') {
			line++;
			line_start = i + 1;
		} else if (ch == '{' || ch == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return fail(c, ERR_MALFORMED, NULL,
				            "The JSON is nested more than %d deep at line %zu, column %zu",
				            JSON_DEPTH_MAX, line, i - line_start + 1);
		} else if ((ch == '}' || ch == ']') && depth > 0) {
			depth--;
		}
	}
	return true;
}

bool json_read(struct ctx *c, struct str body, json_t **out)
{
	json_error_t e;

	if (body.n == 0)
		return fail(c, ERR_MALFORMED, NULL, "There is nothing where JSON is expected");
	if (!check_depth(c, body))
		return false;
	json_t *value = json_loadb(body.p, body.n,
	                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);

	if (!value)
		return fail_at(c, body, &e);
	*out = json_own(c->arena, value);
	return true;
}

bool json_read_object(struct ctx *c, struct str body, json_t **out)
{
	json_t *value;

	if (!json_read(c, body, &value))
		return false;
	if (!json_is_object(value))
		return fail(c, ERR_MALFORMED, NULL, "The JSON must be an object");
	*out = value;
	return true;
}

static void drop(void *value)
{
	json_decref(value);
}

json_t *json_own(struct arena *a, json_t *value)
{
	CHECK(value != NULL);
	arena_defer(a, drop, value);
	return value;
}

struct str json_text(const json_t *value)
{
	return (struct str){ json_string_value(value), json_string_length(value) };
}

static json_t *repaired(struct str s)
{
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, &a);
	for (size_t i = 0; i < s.n;) {
		size_t step = utf8_step((const unsigned char *)s.p + i, s.n - i);

		buf_str(&b, step ? str_slice(s, i, step) : STR(UTF8_REPLACEMENT));
		i += step ? step : 1;
	}
	json_t *value = json_stringn(b.p, b.n);

	arena_release(&a);
	return value;
}

json_t *json_from_str(struct str s)
{
	json_t *value = json_stringn(s.n ? s.p : "", s.n);

	if (!value)
		value = repaired(s);
	CHECK(value != NULL);
	return value;
}

void json_set_str(json_t *obj, const char *key, struct str s)
{
	CHECK(json_object_set_new(obj, key, json_from_str(s)) == 0);
}

void json_set_int(json_t *obj, const char *key, int64_t value)
{
	CHECK(json_object_set_new(obj, key, json_integer(value)) == 0);
}

void json_set_bool(json_t *obj, const char *key, bool value)
{
	CHECK(json_object_set_new(obj, key, json_boolean(value)) == 0);
}

void json_set_id(json_t *obj, const char *key, enum id_kind kind, int64_t id)
{
	char text[ID_TEXT_MAX];
	json_t *value = id ? json_stringn(text, id_format(kind, id, text)) : json_null();

	CHECK(json_object_set_new(obj, key, value) == 0);
}

void json_set_time(json_t *obj, const char *key, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	json_t *value = at_ms ? json_stringn(text, time_format(at_ms, text)) : json_null();

	CHECK(json_object_set_new(obj, key, value) == 0);
}
