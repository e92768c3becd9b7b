/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "rules/explain.h"
#include "shared/bytes.h"
#include "verify/recompute.h"

/*
 * The engine itself: bytes become terms, standing and event as they may be, without the detour of
 * a document. Commissions are above zero, keep the caps, can be recomputed from their explanation
 * and come out the same again; what is taken back is never more than was earned; shares add up.
 */

static struct accrual accrued, again;
static struct attribution attributed;

static int64_t more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Nobody earns beyond a cap, and all together not beyond the customer's or the campaign's. */
static void check_caps(const struct terms *t, const struct standing *s)
{
	for (size_t k = 0; k < t->cap_count; k++) {
		const struct cap *cap = &t->caps[k];
		int64_t sum = 0;

		for (size_t i = 0; i < accrued.earning_count; i++)
			if (accrued.earnings[i].currency == t->currency) {
				sum += accrued.earnings[i].amount_minor;
				CHECK(accrued.earnings[i].amount_minor <= cap->amount_minor + 1000);
			}
		if (cap->scope != CAP_PARTNER)
			CHECK(sum <= more(0, cap->amount_minor - s->cap_used[k]));
	}
}

static struct str explained(struct ctx *c, const struct terms *t, const struct accrual *a, size_t i)
{
	struct buf b;

	buf_init(&b, c->arena);
	explain_json(&b, t, a, i);
	return buf_text(&b);
}

/* Taken back in part, once more, and then given to whatever else is known: within what was earned. */
static void check_reverse(struct bytes *b, const struct terms *t, const struct occurrence *o,
                          const struct earning *earning)
{
	struct refund_fact refund = { bytes_amount(b), o->occurred_at_ms + bytes_any(b, 1000000000) };
	struct dispute_fact dispute = { (enum dispute_state)bytes_any(b, 3), bytes_amount(b),
		                        o->occurred_at_ms + bytes_any(b, 1000000000) };
	struct earned e = { earning->amount_minor, 0, o->occurred_at_ms, o->amount_minor };
	struct reverse_facts f = { .refunds = &refund, .refund_count = 1 };
	struct adjustment a;

	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor >= 0 && a.target_minor == a.reverse_minor);
	e.reversed_minor = a.target_minor;
	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor == 0);
	f.disputes = &dispute;
	f.dispute_count = 1;
	f.churned_at_ms = bytes_maybe(b) ? o->occurred_at_ms + bytes_any(b, 1000000000) : 0;
	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor >= 0 && a.target_minor <= e.amount_minor);
	CHECK(a.refund_minor + a.dispute_minor + a.churn_minor == a.target_minor);
}

static void check_earnings(struct ctx *c, struct bytes *b, const struct terms *t,
                           const struct occurrence *o)
{
	for (size_t i = 0; i < accrued.earning_count; i++) {
		const struct earning *e = &accrued.earnings[i];
		struct str text = explained(c, t, &accrued, i);
		struct recomputed r;

		CHECK((e->gate == GATE_NONE) == (e->amount_minor > 0));
		CHECK(str_eq(text, explained(c, t, &again, i)));
		CHECK(recompute(c, text, &r));
		CHECK(!r.wrong);
		if (e->gate != GATE_NONE)
			continue;
		CHECK(r.amount_minor == e->amount_minor && r.matures_at_ms == e->matures_at_ms);
		check_reverse(b, t, o, e);
	}
}

/* Without caps, nobody left out and one reward for all, what is earned adds up to that reward. */
static void check_sum(const struct terms *t, struct standing s, struct occurrence o)
{
	struct terms simple = { .currency = t->currency, .standard = t->standard };
	struct credit credits[CREDITS_MAX];
	int64_t sum = 0, whole;

	for (size_t i = 0; i < s.credit_count; i++)
		credits[i] = (struct credit){ .partner_id = 1, .share_ppm = s.credits[i].share_ppm };
	s.credits = credits;
	o.kind = TRIGGER_SALE;
	o.is_invoice = false;
	accrue(&simple, &s, &o, &again);
	if (again.commission_count == 0)
		return;
	for (size_t i = 0; i < again.earning_count; i++)
		sum += again.earnings[i].amount_minor;
	whole = simple.standard.reward.type == REWARD_PERCENTAGE
	                ? money_percent(again.base_minor, simple.standard.reward.rate_ppm)
	        : o.quantity_of ? money_muldiv(simple.standard.reward.amount_minor, o.quantity,
	                                       o.quantity_of)
	                        : simple.standard.reward.amount_minor;
	CHECK(sum == whole);
}

static void check_attribution(struct ctx *c, struct bytes *b, int64_t now)
{
	struct attribution_rules r = bytes_attribution(b);
	struct contest x = bytes_contest(c, b, now);
	int64_t sum = 0;

	attribute(&r, &x, &attributed);
	for (size_t i = 0; i < attributed.credited_count; i++)
		sum += attributed.credited[i].share_ppm;
	CHECK(attributed.credited_count == 0 ? sum == 0 : sum == PPM_ONE);
	CHECK((attributed.signal == SIGNAL_COUNT) == (attributed.credited_count == 0));
}

FUZZ
{
	struct bytes b = { text.p, text.n, 0 };
	int64_t now = 1768478400000;
	struct terms t = bytes_terms(c, &b);
	struct standing s = bytes_standing(c, &b, now);
	struct occurrence o = bytes_event(&b, &t, now);

	accrue(&t, &s, &o, &accrued);
	accrue(&t, &s, &o, &again);
	CHECK(accrued.gate == again.gate && accrued.earning_count == again.earning_count);
	check_caps(&t, &s);
	check_earnings(c, &b, &t, &o);
	check_sum(&t, s, o);
	check_attribution(c, &b, now);
}
