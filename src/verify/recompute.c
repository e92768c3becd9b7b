/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/recompute.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/json.h"
#include "rules/fx.h"

#define SHARES_MAX 64
#define NUMBER_MAX (1000 * MONEY_MAX_MINOR) /* whatever a document says: sums of a few still fit */
#define RATE_MAX 1000000000LL

__extension__ typedef __int128 wide;

static int64_t number(const json_t *step, const char *key)
{
	return json_integer_value(json_object_get(step, key));
}

static int64_t rate(const json_t *step)
{
	int64_t ppm = -1;

	percent_parse(json_text(json_object_get(step, "rate")), &ppm);
	return ppm;
}

static int64_t when(const json_t *step, const char *key)
{
	int64_t at = -1;

	time_parse(json_text(json_object_get(step, key)), &at);
	return at;
}

/* Would a * b / c be a number that a document may have? */
static bool fits(int64_t a, int64_t b, int64_t c)
{
	wide product = (wide)a * b / c;

	return product <= NUMBER_MAX && product >= -NUMBER_MAX;
}

/* Each gives what the result of its step must be. */
static int64_t do_base(const json_t *step, struct recomputed *r)
{
	int64_t amount = number(step, "amount");

	r->based = true;
	r->sale_minor = amount;
	r->tax_minor = number(step, "tax");
	if (str_is(json_text(json_object_get(step, "base")), "gross"))
		return amount;
	return amount - number(step, "tax") - number(step, "shipping");
}

static int64_t do_convert(const json_t *step, struct recomputed *r)
{
	struct fx fx = { .from = currency_find(json_text(json_object_get(step, "from"))),
		         .to = currency_find(json_text(json_object_get(step, "to"))) };
	int64_t result = -1;

	(void)r;
	if (fx.from && fx.to && fx_rate_parse(json_text(json_object_get(step, "from_rate")), &fx.from_rate)
	    && fx_rate_parse(json_text(json_object_get(step, "to_rate")), &fx.to_rate))
		fx_convert(&fx, number(step, "of"), &result);
	return result;
}

static int64_t do_percent(const json_t *step, struct recomputed *r)
{
	int64_t ppm = rate(step);

	(void)r;
	if (ppm < 0 || ppm > RATE_MAX || !fits(number(step, "of"), ppm, PPM_ONE))
		return -1;
	return money_percent(number(step, "of"), ppm);
}

static int64_t do_fixed(const json_t *step, struct recomputed *r)
{
	int64_t of = number(step, "quantity_of"), amount = number(step, "amount");
	int64_t quantity = number(step, "quantity");

	(void)r;
	if (of <= 0)
		return amount;
	return fits(amount, quantity, of) ? money_muldiv(amount, quantity, of) : -1;
}

static int64_t do_share(const json_t *step, struct recomputed *r)
{
	const json_t *list = json_object_get(step, "shares");
	size_t count = json_array_size(list), part = (size_t)number(step, "part");
	int64_t weights[SHARES_MAX], parts[SHARES_MAX], sum = 0;

	(void)r;
	if (count == 0 || count > SHARES_MAX || part >= count)
		return -1;
	for (size_t i = 0; i < count; i++) {
		weights[i] = json_integer_value(json_array_get(list, i));
		if (weights[i] < 0 || weights[i] > MONEY_MAX_MINOR)
			return -1;
		sum += weights[i];
	}
	if (sum == 0)
		return -1;
	money_allocate(number(step, "of"), weights, count, parts);
	return parts[part];
}

static int64_t do_give(const json_t *step, struct recomputed *r)
{
	return r->amount_minor - number(step, "amount");
}

static int64_t do_left(const json_t *step, struct recomputed *r)
{
	(void)r;
	return number(step, "result");
}

static int64_t do_cap(const json_t *step, struct recomputed *r)
{
	int64_t left = number(step, "limit") - number(step, "used");

	if (left < 0)
		left = 0;
	return r->amount_minor < left ? r->amount_minor : left;
}

static const struct {
	const char *step;
	int64_t (*result)(const json_t *step, struct recomputed *r);
	bool amount; /* the result is what the commission comes to now */
} steps[] = {
	{ "base", do_base, false },        { "convert", do_convert, false },
	{ "percent", do_percent, true },   { "fixed", do_fixed, true },
	{ "share", do_share, true },       { "override", do_percent, true },
	{ "recruiting", do_percent, true }, { "give", do_give, true },
	{ "left", do_left, false },        { "cap", do_cap, true },
};

/* Numbers that no rule could have made are refused before anything is done with them. */
static bool is_sane(const json_t *step)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)step, key, value) {
		int64_t n = json_integer_value(value);

		if (n > NUMBER_MAX || n < -NUMBER_MAX)
			return false;
	}
	return number(step, "days") <= NUMBER_MAX / MS_PER_DAY
	    && number(step, "days") >= -NUMBER_MAX / MS_PER_DAY;
}

static void apply(const json_t *step, struct recomputed *r)
{
	struct str name = json_text(json_object_get(step, "step"));

	if (!is_sane(step)) {
		r->wrong = "?";
		return;
	}
	if (str_is(name, "matures")) {
		r->matures_at_ms = when(step, "from_at") + number(step, "days") * MS_PER_DAY;
		if (r->matures_at_ms != when(step, "at"))
			r->wrong = "matures";
		return;
	}
	for (size_t i = 0; i < LEN(steps); i++) {
		if (!str_is(name, steps[i].step))
			continue;
		int64_t result = steps[i].result(step, r);

		if (result != number(step, "result"))
			r->wrong = steps[i].step;
		if (steps[i].amount)
			r->amount_minor = result;
	}
}

bool recompute_doc(const json_t *explanation, struct recomputed *out)
{
	const json_t *list = json_object_get(explanation, "steps");

	*out = (struct recomputed){ 0 };
	for (size_t i = 0; i < json_array_size(list) && !out->wrong; i++)
		apply(json_array_get(list, i), out);
	return json_is_array(list);
}

bool recompute(struct ctx *c, struct str explanation, struct recomputed *out)
{
	json_t *doc;

	*out = (struct recomputed){ 0 };
	if (json_read_object(c, explanation, &doc))
		return recompute_doc(doc, out);
	fail_clear(c);
	return false;
}
