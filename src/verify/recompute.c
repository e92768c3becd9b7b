/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/recompute.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/json.h"
#include "rules/fx.h"
#include "verify/shape.h"

#define NUMBER_MAX (1000 * MONEY_MAX_MINOR) /* whatever a document says: sums of a few still fit */
#define DAYS_MAX (NUMBER_MAX / MS_PER_DAY)
#define RATE_MAX 1000000000LL

__extension__ typedef __int128 wide;

static int64_t number(const struct step *step, struct str key)
{
	return step_number(step, key);
}

static int64_t rate(const struct step *step)
{
	int64_t ppm = -1;

	percent_parse(step_text(step, STR("rate")), &ppm);
	return ppm;
}

static int64_t when(const struct step *step, struct str key)
{
	int64_t at = -1;

	time_parse(step_text(step, key), &at);
	return at;
}

/* Would a * b / c be a number that a document may have? */
static bool fits(int64_t a, int64_t b, int64_t c)
{
	wide product = (wide)a * b / c;

	return product <= NUMBER_MAX && product >= -NUMBER_MAX;
}

/* Each gives what the result of its step must be. */
static int64_t do_base(const struct step *step, struct recomputed *r)
{
	int64_t amount = number(step, STR("amount")), net;

	r->based = true;
	r->sale_minor = amount;
	r->tax_minor = number(step, STR("tax"));
	if (str_is(step_text(step, STR("base")), "gross"))
		return amount;
	net = amount - number(step, STR("tax")) - number(step, STR("shipping"));
	return net > 0 ? net : 0;
}

static int64_t do_convert(const struct step *step, struct recomputed *r)
{
	struct fx fx = { .from = currency_find(step_text(step, STR("from"))),
		         .to = currency_find(step_text(step, STR("to"))) };
	int64_t result = -1;

	if (fx.from && fx.to && fx_rate_parse(step_text(step, STR("from_rate")), &fx.from_rate)
	    && fx_rate_parse(step_text(step, STR("to_rate")), &fx.to_rate))
		fx_convert(&fx, number(step, STR("of")), &result);
	if (r->fixed)
		r->amount_minor = result; /* the reward, not what it was for */
	return result;
}

static int64_t do_percent(const struct step *step, struct recomputed *r)
{
	int64_t ppm = rate(step);

	(void)r;
	if (ppm < 0 || ppm > RATE_MAX || !fits(number(step, STR("of")), ppm, PPM_ONE))
		return -1;
	return money_percent(number(step, STR("of")), ppm);
}

static int64_t do_fixed(const struct step *step, struct recomputed *r)
{
	int64_t of = number(step, STR("quantity_of")), amount = number(step, STR("amount"));
	int64_t quantity = number(step, STR("quantity"));

	r->fixed = true;
	if (of <= 0)
		return amount;
	return fits(amount, quantity, of) ? money_muldiv(amount, quantity, of) : -1;
}

static int64_t do_share(const struct step *step, struct recomputed *r)
{
	size_t count = step->share_count, part = (size_t)number(step, STR("part"));
	int64_t parts[STEP_SHARES_MAX], sum = 0;

	(void)r;
	if (count == 0 || part >= count)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (step->shares[i] < 0 || step->shares[i] > MONEY_MAX_MINOR)
			return -1;
		sum += step->shares[i];
	}
	if (sum == 0)
		return -1;
	money_allocate(number(step, STR("of")), step->shares, count, parts);
	return parts[part];
}

static int64_t do_true_up(const struct step *step, struct recomputed *r)
{
	(void)r;
	return number(step, STR("is")) - number(step, STR("was")) - number(step, STR("before"));
}

static int64_t do_give(const struct step *step, struct recomputed *r)
{
	return r->amount_minor - number(step, STR("amount"));
}

/*
 * How much is left only the earner's own explanation tells; it is less than what was wanted, or
 * what is given back less than what should have been.
 */
static int64_t do_left(const struct step *step, struct recomputed *r)
{
	int64_t left = number(step, STR("result")), wanted = r->amount_minor;

	if (wanted < 0)
		return left <= 0 && left > wanted ? left : 1;
	return left >= 0 && left < wanted ? left : -1;
}

static int64_t do_cap(const struct step *step, struct recomputed *r)
{
	int64_t left = number(step, STR("limit")) - number(step, STR("used"));

	if (left < 0)
		left = 0;
	return r->amount_minor < left ? r->amount_minor : left;
}

static const struct {
	struct str step;
	int64_t (*result)(const struct step *step, struct recomputed *r);
	bool amount; /* the result is what the commission comes to now */
} steps[] = {
	{ STR_INIT("base"), do_base, false },        { STR_INIT("convert"), do_convert, false },
	{ STR_INIT("percent"), do_percent, true },   { STR_INIT("fixed"), do_fixed, true },
	{ STR_INIT("true_up"), do_true_up, true },   { STR_INIT("restated"), do_true_up, true },
	{ STR_INIT("share"), do_share, true },       { STR_INIT("override"), do_percent, true },
	{ STR_INIT("recruiting"), do_percent, true }, { STR_INIT("give"), do_give, true },
	{ STR_INIT("left"), do_left, true },         { STR_INIT("cap"), do_cap, true },
};

/* Numbers that no rule could have made are refused before anything is done with them. */
static bool is_sane(const struct step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		int64_t n = step->members[i].number;

		if (n > NUMBER_MAX || n < -NUMBER_MAX)
			return false;
		if ((n > DAYS_MAX || n < -DAYS_MAX) && step_is(step->members[i].key, STR("days")))
			return false;
	}
	return !step->odd;
}

static void apply(const struct step *step, struct recomputed *r)
{
	struct str name = step_text(step, STR("step"));

	if (!is_sane(step)) {
		r->wrong = "?";
		return;
	}
	if (step_is(name, STR("matures"))) {
		r->matures_at_ms = when(step, STR("from_at")) + number(step, STR("days")) * MS_PER_DAY;
		if (r->matures_at_ms != when(step, STR("at")))
			r->wrong = "matures";
		return;
	}
	for (size_t i = 0; i < LEN(steps); i++) {
		if (!step_is(name, steps[i].step))
			continue;
		int64_t result = steps[i].result(step, r);

		if (result != number(step, STR("result")))
			r->wrong = steps[i].step.p;
		if (steps[i].amount)
			r->amount_minor = result;
	}
}

static void apply_next(const struct step *step, void *arg)
{
	struct recomputed *r = arg;

	if (!r->wrong)
		apply(step, r);
}

bool recompute_doc(const json_t *explanation, struct recomputed *out)
{
	const json_t *list = json_object_get(explanation, "steps");
	struct step step;

	*out = (struct recomputed){ 0 };
	for (size_t i = 0; i < json_array_size(list) && !out->wrong; i++) {
		step_from_json(&step, json_array_get(list, i));
		apply(&step, out);
	}
	return json_is_array(list);
}

static bool by_document(struct ctx *c, struct str explanation, struct recomputed *out)
{
	json_t *doc;

	*out = (struct recomputed){ 0 };
	if (json_read_object(c, explanation, &doc))
		return recompute_doc(doc, out);
	fail_clear(c);
	return false;
}

bool recompute(struct ctx *c, struct str explanation, struct recomputed *out)
{
	*out = (struct recomputed){ 0 };
	return step_scan(explanation, apply_next, out) || by_document(c, explanation, out);
}

bool recompute_next(struct ctx *c, struct shapes *shapes, struct str explanation,
                    struct recomputed *out)
{
	*out = (struct recomputed){ 0 };
	return shapes_scan(shapes, explanation, apply_next, out)
	       || by_document(c, explanation, out);
}
