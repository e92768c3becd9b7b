/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/utf8.h"

/*
 * The filters of templates. Null is always empty. Texts are for people who read
 * English; machines get the value without a filter.
 */

static bool is_none(const json_t *value)
{
	return !value || json_is_null(value)
	    || (json_is_string(value) && !json_string_length(value));
}

static bool wants(const struct filter *f, const char *what)
{
	return fail(f->c, ERR_INTERNAL, NULL, "is no %s", what);
}

/*
 * {{amount|money}}: minor units in the `currency` beside the value, or of the nearest context;
 * {{x|money:cur}} takes it from `cur`. An object {"amount", "currency"} brings its own.
 */
static bool filter_money(struct filter *f)
{
	const json_t *amount = f->value;
	const json_t *code = filter_find(f, f->arg.n ? f->arg : STR("currency"));

	if (json_is_object(amount)) {
		code = json_object_get(f->value, "currency");
		amount = json_object_get(f->value, "amount");
	}
	if (is_none(amount))
		return true;
	if (!json_is_integer(amount))
		return wants(f, "amount in minor units");
	const struct currency *cur = currency_find(json_text(code));

	if (!cur)
		return fail(f->c, ERR_INTERNAL, NULL, "has no currency beside it");
	buf_str(f->out, money_text(f->c->arena, json_integer_value(amount), cur));
	return true;
}

/* A time in the `timezone` of the nearest context; *out_plain for a date without time. */
static bool local_time(struct filter *f, int64_t *out_ms, bool *out_plain)
{
	const json_t *zone = filter_find(f, STR("timezone"));
	struct str text = json_text(f->value);
	struct date d;

	*out_plain = json_is_string(f->value) && date_parse(text, &d);
	if (*out_plain) {
		*out_ms = date_to_days(d) * MS_PER_DAY;
		return true;
	}
	if (json_is_integer(f->value))
		*out_ms = json_integer_value(f->value);
	else if (!json_is_string(f->value) || !time_parse(text, out_ms))
		return wants(f, "time");
	*out_ms = zone_local_ms(json_text(zone), *out_ms);
	return true;
}

static int64_t day_of(int64_t ms)
{
	return ms / MS_PER_DAY - (ms % MS_PER_DAY < 0);
}

static void put_date(struct buf *out, int64_t ms)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct date d = date_from_days(day_of(ms));

	buf_int(out, d.day);
	buf_char(out, ' ');
	buf_put(out, months[d.month - 1], 3);
	buf_char(out, ' ');
	buf_int(out, d.year);
}

/* "20 Nov 2026" */
static bool filter_date(struct filter *f)
{
	int64_t ms;
	bool plain;

	if (is_none(f->value))
		return true;
	if (!local_time(f, &ms, &plain))
		return false;
	put_date(f->out, ms);
	return true;
}

/* "20 Nov 2026, 16:45" */
static bool filter_time(struct filter *f)
{
	int64_t ms;
	bool plain;

	if (is_none(f->value))
		return true;
	if (!local_time(f, &ms, &plain))
		return false;
	put_date(f->out, ms);
	if (plain)
		return true;
	int minute = (int)((ms - day_of(ms) * MS_PER_DAY) / 60000);
	char text[] = { ',', ' ', (char)('0' + minute / 600), (char)('0' + minute / 60 % 10), ':',
		        (char)('0' + minute % 60 / 10), (char)('0' + minute % 10) };

	buf_put(f->out, text, sizeof(text));
	return true;
}

/* 125000 and "12.5" are both "12.5%". */
static bool filter_percent(struct filter *f)
{
	if (is_none(f->value))
		return true;
	if (json_is_integer(f->value))
		buf_str(f->out, percent_text(f->c->arena, json_integer_value(f->value)));
	else if (json_is_string(f->value))
		buf_str(f->out, json_text(f->value));
	else
		return wants(f, "percentage");
	buf_char(f->out, '%');
	return true;
}

/* "1,234,567" */
static bool filter_number(struct filter *f)
{
	char text[24];
	struct buf digits = { .arena = f->c->arena, .p = text, .cap = sizeof(text) };

	if (is_none(f->value))
		return true;
	if (!json_is_integer(f->value))
		return wants(f, "integer");
	buf_int(&digits, json_integer_value(f->value));
	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0 && digits.p[i - 1] != '-')
			buf_char(f->out, ',');
		buf_char(f->out, digits.p[i]);
	}
	return true;
}

/* Compact JSON; for data-… attributes and hx-vals. */
static bool filter_json(struct filter *f)
{
	jw_json(f->out, f->value);
	return true;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static char upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* Lower case of ASCII letters. */
static bool filter_lower(struct filter *f)
{
	struct str s = json_text(f->value);

	for (size_t i = 0; i < s.n; i++)
		buf_char(f->out, lower(s.p[i]));
	return is_none(f->value) || json_is_string(f->value) || wants(f, "text");
}

static void put_initial(struct buf *out, struct str word)
{
	size_t n = word.n ? utf8_step((const unsigned char *)word.p, word.n) : 0;

	if (n == 1)
		buf_char(out, upper(word.p[0]));
	else
		buf_put(out, word.p, n);
}

/* "Ann Maria Lee" is "AL". */
static bool filter_initials(struct filter *f)
{
	struct str rest = str_trim(json_text(f->value));
	struct str first = str_cut(&rest, ' '), last = { NULL, 0 };

	while (rest.p)
		last = str_cut(&rest, ' ');
	put_initial(f->out, first);
	put_initial(f->out, last);
	return is_none(f->value) || json_is_string(f->value) || wants(f, "text");
}

/* A wire name as words: "in_payout" is "In payout". */
static bool filter_status(struct filter *f)
{
	struct str s = json_text(f->value);

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] == '_' ? ' ' : s.p[i];

		buf_char(f->out, i ? c : upper(c));
	}
	return is_none(f->value) || json_is_string(f->value) || wants(f, "text");
}

static const struct filter_row rows[] = {
	{ "money", filter_money },   { "date", filter_date },         { "time", filter_time },
	{ "number", filter_number }, { "percent", filter_percent },   { "json", filter_json },
	{ "lower", filter_lower },   { "initials", filter_initials }, { "status", filter_status },
};

const struct filter_row *filter_find_row(struct str name)
{
	for (size_t i = 0; i < LEN(rows); i++)
		if (str_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}
