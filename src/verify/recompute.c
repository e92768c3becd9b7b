/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/recompute.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/json.h"
#include "rules/fx.h"
#include "verify/shape.h"

#define RATE_MAX 1000000000LL

__extension__ typedef __int128 wide;

static int64_t rate(const struct step *step)
{
	int64_t ppm = -1;

	percent_parse(step_text(step, MEMBER_RATE), &ppm);
	return ppm;
}

static int64_t when(const struct step *step, enum member_key key)
{
	int64_t at = -1;

	time_parse(step_text(step, key), &at);
	return at;
}

/* Would a * b / c be a number that a document may have? */
static bool fits(int64_t a, int64_t b, int64_t c)
{
	wide product = (wide)a * b / c;

	return product <= STEP_NUMBER_MAX && product >= -STEP_NUMBER_MAX;
}

/* Each gives what the result of its step must be. */
static int64_t do_base(const struct step *step, struct recomputed *r)
{
	int64_t amount = step_number(step, MEMBER_AMOUNT), net;

	r->based = true;
	r->sale_minor = amount;
	r->tax_minor = step_number(step, MEMBER_TAX);
	if (str_is(step_text(step, MEMBER_BASE), "gross"))
		return amount;
	net = amount - step_number(step, MEMBER_TAX) - step_number(step, MEMBER_SHIPPING);
	return net > 0 ? net : 0;
}

static int64_t do_convert(const struct step *step, struct recomputed *r)
{
	struct fx fx = { .from = currency_find(step_text(step, MEMBER_FROM)),
		         .to = currency_find(step_text(step, MEMBER_TO)) };
	int64_t result = -1;

	if (fx.from && fx.to && fx_rate_parse(step_text(step, MEMBER_FROM_RATE), &fx.from_rate)
	    && fx_rate_parse(step_text(step, MEMBER_TO_RATE), &fx.to_rate))
		fx_convert(&fx, step_number(step, MEMBER_OF), &result);
	if (r->fixed)
		r->amount_minor = result; /* the reward, not what it was for */
	return result;
}

/* A tier that was taken says what was driven: is it reached? */
static bool reached(const struct step *step)
{
	return step_number(step, MEMBER_IS) >= step_number(step, MEMBER_FROM);
}

static int64_t do_percent(const struct step *step, struct recomputed *r)
{
	int64_t ppm = rate(step);

	(void)r;
	if (!reached(step) || ppm < 0 || ppm > RATE_MAX || !fits(step_number(step, MEMBER_OF), ppm, PPM_ONE))
		return -1;
	return money_percent(step_number(step, MEMBER_OF), ppm);
}

static int64_t do_fixed(const struct step *step, struct recomputed *r)
{
	int64_t of = step_number(step, MEMBER_QUANTITY_OF), amount = step_number(step, MEMBER_AMOUNT);
	int64_t quantity = step_number(step, MEMBER_QUANTITY);

	r->fixed = true;
	if (!reached(step))
		return -1;
	if (of <= 0)
		return amount;
	return fits(amount, quantity, of) ? money_muldiv(amount, quantity, of) : -1;
}

static int64_t do_share(const struct step *step, struct recomputed *r)
{
	size_t count = step->share_count, part = (size_t)step_number(step, MEMBER_PART);
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
	money_allocate(step_number(step, MEMBER_OF), step->shares, count, parts);
	return parts[part];
}

static int64_t do_true_up(const struct step *step, struct recomputed *r)
{
	(void)r;
	return step_number(step, MEMBER_IS) - step_number(step, MEMBER_WAS)
	       - step_number(step, MEMBER_BEFORE);
}

static int64_t do_give(const struct step *step, struct recomputed *r)
{
	return r->amount_minor - step_number(step, MEMBER_AMOUNT);
}

/*
 * How much is left only the earner's own explanation tells; it is less than what was wanted, or
 * what is given back less than what should have been.
 */
static int64_t do_left(const struct step *step, struct recomputed *r)
{
	int64_t left = step_number(step, MEMBER_RESULT), wanted = r->amount_minor;

	if (wanted < 0)
		return left <= 0 && left > wanted ? left : 1;
	return left >= 0 && left < wanted ? left : -1;
}

static int64_t do_cap(const struct step *step, struct recomputed *r)
{
	int64_t left = step_number(step, MEMBER_LIMIT) - step_number(step, MEMBER_USED);

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

static void apply(const struct step *step, struct recomputed *r)
{
	struct str name = step_text(step, MEMBER_NAME);

	if (step->odd) {
		r->wrong = "?";
		return;
	}
	if (step_is(name, STR("matures"))) {
		r->matures_at_ms = when(step, MEMBER_FROM_AT) + step_number(step, MEMBER_DAYS) * MS_PER_DAY;
		if (r->matures_at_ms != when(step, MEMBER_AT))
			r->wrong = "matures";
		return;
	}
	for (size_t i = 0; i < LEN(steps); i++) {
		if (!step_is(name, steps[i].step))
			continue;
		int64_t result = steps[i].result(step, r);

		if (result != step_number(step, MEMBER_RESULT))
			r->wrong = steps[i].step.p;
		if (steps[i].amount)
			r->amount_minor = result;
		return;
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
