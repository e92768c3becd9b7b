/* SPDX-License-Identifier: Apache-2.0 */
#include "data/want.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/checks.h"

#include <inttypes.h>
#include <stdio.h>

#define TEXT_MAX 255

bool want_missing(struct ctx *c, const char *field, struct want w)
{
	return !w.required || fail(c, ERR_INVALID, field, "is required");
}

static bool has_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\t' || s.p[i] == '\r' || s.p[i] == '\n')
			return true;
	return false;
}

bool want_str(struct ctx *c, const char *field, struct want w, struct str s)
{
	size_t max = w.max ? (size_t)w.max : TEXT_MAX;

	if (!str_is_text(s))
		return fail(c, ERR_INVALID, field, "contains invalid or control characters");
	if (!w.lines && has_line(s))
		return fail(c, ERR_INVALID, field, "must be a single line");
	size_t length = str_length(s);

	if (length == 0 && w.required)
		return fail(c, ERR_INVALID, field, "must not be empty");
	if (length > max)
		return fail(c, ERR_INVALID, field, "must have at most %zu characters, has %zu", max,
		            length);
	if (length < (size_t)w.min)
		return fail(c, ERR_INVALID, field, "must have at least %" PRId64 " character%s", w.min,
		            w.min == 1 ? "" : "s");
	return true;
}

bool want_int(struct ctx *c, const char *field, struct want w, int64_t value)
{
	if (w.min == 0 && w.max == 0)
		return true;
	if (value < w.min)
		return fail(c, ERR_INVALID, field, "must be at least %" PRId64, w.min);
	if (value > w.max)
		return fail(c, ERR_INVALID, field, "must be at most %" PRId64, w.max);
	return true;
}

/* Would it be a time, but for its year? */
static bool too_early(struct str s)
{
	char text[64];
	int64_t year, at_ms;

	if (s.n < 4 || s.n >= sizeof(text) || !str_to_int(str_slice(s, 0, 4), &year) || year > 1970)
		return false;
	memcpy(text, s.p, s.n);
	memcpy(text, "2000", 4); /* a leap year */
	return time_parse((struct str){ text, s.n }, &at_ms);
}

bool want_time(struct ctx *c, const char *field, struct str s, int64_t *out_ms)
{
	if (time_parse(s, out_ms))
		return true;
	return too_early(s)
	    ? fail(c, ERR_INVALID, field, "is too early: the earliest is 1970-01-01T00:00:00Z")
	    : fail(c, ERR_INVALID, field, "must be a time like 2026-11-20T16:45:00Z");
}

bool want_id(struct ctx *c, const char *field, struct want w, struct str s, int64_t *out)
{
	return id_parse(w.kind, s, out)
	    || fail(c, ERR_INVALID, field, "must be an id that begins with \"%s_\"",
	            id_prefix(w.kind));
}

bool want_name(struct ctx *c, const char *field, struct want w, struct str s, int64_t *out)
{
	CHECK(w.names != NULL);
	int64_t index = names_find(w.names, s);
	char list[200] = "";
	size_t n = 0;

	if (index >= 0) {
		*out = index;
		return true;
	}
	for (size_t i = 0; w.names[i] && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "",
		                      w.names[i]);
	return fail(c, ERR_INVALID, field, "must be one of: %s", list);
}

bool want_percent(struct ctx *c, const char *field, struct str s, int64_t *out_ppm)
{
	return percent_parse(s, out_ppm)
	    || fail(c, ERR_INVALID, field, "must be a percentage like 12.5");
}

bool want_currency(struct ctx *c, const char *field, struct str s, const struct currency **out)
{
	const struct currency *cur = currency_find(s);

	if (!cur)
		return fail(c, ERR_INVALID, field, "must be an ISO 4217 currency code like USD");
	*out = cur;
	return true;
}

bool want_country(struct ctx *c, const char *field, struct str s, struct str *out)
{
	struct str code = upper_fold(c->arena, s);
	const char *wrong = code.n == 0 ? "must not be empty" : check_country(code);

	if (wrong)
		return fail(c, ERR_INVALID, field, "%s", wrong);
	*out = code;
	return true;
}
