/* SPDX-License-Identifier: Apache-2.0 */
#include "data/form.h"
#include "base/check.h"
#include "data/html.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undo percent-encoding; false for a sequence that is none. */
static bool decode(struct arena *a, struct str s, struct str *out)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		p[n++] = c;
	}
	*out = (struct str){ p, n };
	return true;
}

/* The parameter's name for a message: only what is harmless. */
static const char *shown(struct ctx *c, struct str name)
{
	bool plain = name.n > 0 && name.n <= 40 && str_is_text(name);

	return plain ? arena_cstr(c->arena, name) : "";
}

static bool read_name(struct ctx *c, struct str raw, struct form_field *out)
{
	if (!decode(c->arena, raw, &out->name) || !str_is_text(out->name))
		return fail(c, ERR_MALFORMED, shown(c, raw),
		            "The name of a parameter is not percent-encoded UTF-8");
	if (out->name.n > FORM_NAME_MAX)
		return fail(c, ERR_TOO_LARGE, NULL,
		            "The name of a parameter has more than %d bytes",
		            FORM_NAME_MAX);
	return true;
}

/* The same with a blank for each control character; false if it is no text even then. */
static bool clean(struct str s)
{
	char *p = (char *)(uintptr_t)s.p; /* decode's own copy */

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == 0x7f || ((unsigned char)p[i] < ' ' && !memchr("\t\r\n", p[i], 3)))
			p[i] = ' ';
	return str_is_text(s);
}

/* *out_wrong: the first field that had control characters, where the caller puts up with them. */
static bool read_pair(struct ctx *c, struct str pair, struct form_field *out,
                      const char **out_wrong)
{
	const char *name;

	if (!read_name(c, str_cut(&pair, '='), out))
		return false;
	name = shown(c, out->name);
	if (!decode(c->arena, pair, &out->value))
		return fail(c, ERR_MALFORMED, name,
		            "The parameter \"%s\" is not percent-encoded UTF-8 text", name);
	if (!str_is_text(out->value)) {
		if (!out_wrong || !clean(out->value))
			return fail(c, ERR_MALFORMED, name,
			            "The parameter \"%s\" is not percent-encoded UTF-8 text", name);
		if (!*out_wrong)
			*out_wrong = name;
	}
	if (out->value.n > FORM_VALUE_MAX)
		return fail(c, ERR_TOO_LARGE, name, "The parameter \"%s\" has more than %d bytes",
		            name,
		            FORM_VALUE_MAX);
	return true;
}

static bool read_all(struct ctx *c, struct str text, struct form *out, const char **out_wrong)
{
	size_t max = text.n ? 1 : 0, count = 0;

	for (size_t i = 0; i < text.n; i++)
		max += text.p[i] == '&';
	if (max > FORM_FIELDS_MAX)
		return fail(c, ERR_TOO_LARGE, NULL, "There are more than %d parameters",
		            FORM_FIELDS_MAX);
	struct form_field *fields = ARENA_ARRAY(c->arena, struct form_field, max);

	while (text.n > 0) {
		struct str pair = str_cut(&text, '&');

		if (pair.n == 0)
			continue;
		if (!read_pair(c, pair, &fields[count++], out_wrong))
			return false;
	}
	*out = (struct form){ fields, count };
	return true;
}

bool form_read(struct ctx *c, struct str text, struct form *out)
{
	return read_all(c, text, out, NULL);
}

bool form_read_typed(struct ctx *c, struct str text, struct form *out)
{
	const char *wrong = NULL;

	return read_all(c, text, out, &wrong)
	    && (!wrong || fail(c, ERR_INVALID, wrong, "contains control characters"));
}

bool form_next(const struct form *f, const char *name, size_t *at, struct str *out)
{
	for (size_t i = *at; i < f->count; i++) {
		if (!str_is(f->fields[i].name, name))
			continue;
		*at = i + 1;
		*out = f->fields[i].value;
		return true;
	}
	return false;
}

struct str form_get(const struct form *f, const char *name)
{
	struct str value = { NULL, 0 };
	size_t at = 0;

	form_next(f, name, &at, &value);
	return value;
}

bool form_has(const struct form *f, const char *name)
{
	struct str value;
	size_t at = 0;

	return form_next(f, name, &at, &value);
}

void form_put(struct buf *b, const char *name, struct str value)
{
	if (b->n > 0 && b->p[b->n - 1] != '?' && b->p[b->n - 1] != '&')
		buf_char(b, '&');
	html_escape_part(b, str_from(name));
	buf_char(b, '=');
	html_escape_part(b, value);
}

/* The trimmed text of a parameter; empty when missing. */
static bool get_text(struct ctx *c, const struct form *f, const char *name, struct want w,
                     struct str *out)
{
	*out = str_trim(form_get(f, name));
	return out->n > 0 || want_missing(c, name, w);
}

bool form_get_str(struct ctx *c, const struct form *f, const char *name, struct want w,
                  struct str *out)
{
	struct str s;

	if (!get_text(c, f, name, w, &s))
		return false;
	if (s.n == 0)
		return true;
	if (!want_str(c, name, w, s))
		return false;
	*out = s;
	return true;
}

bool form_get_int(struct ctx *c, const struct form *f, const char *name, struct want w,
		  int64_t *out)
{
	struct str s;
	int64_t value;

	if (!get_text(c, f, name, w, &s))
		return false;
	if (s.n == 0)
		return true;
	if (!str_to_int(s, &value))
		return fail(c, ERR_INVALID, name, "must be a whole number");
	if (!want_int(c, name, w, value))
		return false;
	*out = value;
	return true;
}

static bool parse_bool(struct str s, bool *out)
{
	static const struct {
		const char *text;
		bool value;
	} rows[] = {
		{ "on", true },   { "true", true },   { "yes", true }, { "1", true },
		{ "off", false }, { "false", false }, { "no", false }, { "0", false },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		if (!str_is(s, rows[i].text))
			continue;
		*out = rows[i].value;
		return true;
	}
	return false;
}

bool form_get_bool(struct ctx *c, const struct form *f, const char *name, struct want w, bool *out)
{
	struct str s = { NULL, 0 };
	size_t at = 0;

	while (form_next(f, name, &at, &s))
		;
	s = str_trim(s);
	if (s.n == 0)
		return want_missing(c, name, w);
	return parse_bool(s, out) || fail(c, ERR_INVALID, name, "must be on or off");
}

bool form_get_time(struct ctx *c, const struct form *f, const char *name, struct want w,
                   int64_t *out_ms)
{
	struct str s;

	return get_text(c, f, name, w, &s) && (s.n == 0 || want_time(c, name, s, out_ms));
}

bool form_get_id(struct ctx *c, const struct form *f, const char *name, struct want w, int64_t *out)
{
	struct str s;

	return get_text(c, f, name, w, &s) && (s.n == 0 || want_id(c, name, w, s, out));
}

bool form_get_name(struct ctx *c, const struct form *f, const char *name, struct want w,
                   int64_t *out)
{
	struct str s;

	return get_text(c, f, name, w, &s) && (s.n == 0 || want_name(c, name, w, s, out));
}

bool form_get_percent(struct ctx *c, const struct form *f, const char *name, struct want w,
                      int64_t *out_ppm)
{
	struct str s;

	return get_text(c, f, name, w, &s) && (s.n == 0 || want_percent(c, name, s, out_ppm));
}

bool form_get_currency(struct ctx *c, const struct form *f, const char *name, struct want w,
                       const struct currency **out)
{
	struct str s;

	return get_text(c, f, name, w, &s) && (s.n == 0 || want_currency(c, name, s, out));
}

bool form_get_money(struct ctx *c, const struct form *f, struct form_money m, int64_t *out_minor)
{
	struct str s;
	int64_t minor;

	if (!get_text(c, f, m.name, m.want, &s))
		return false;
	if (s.n == 0)
		return true;
	if (!money_parse(s, m.currency, &minor))
		return fail(c, ERR_INVALID, m.name,
		            "must be an amount in %s with at most %d decimals",
		            m.currency->code, m.currency->exponent);
	if (minor < m.want.min)
		return fail(c, ERR_INVALID, m.name, "must be at least %s",
		            money_text(c->arena, m.want.min, m.currency).p);
	int64_t max = m.want.max ? m.want.max : MONEY_MAX_MINOR;

	if (minor > max)
		return fail(c, ERR_INVALID, m.name, "must be at most %s",
		            money_text(c->arena, max, m.currency).p);
	*out_minor = minor;
	return true;
}
