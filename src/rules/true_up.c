/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/true_up.h"

#include "base/check.h"
#include "rules/counters.h"

bool true_up_retroactive(const struct terms *t)
{
	return t->retroactive && t->tier_count > 0;
}

struct counters true_up_own(const struct terms *t, const struct occurrence *o,
                            const struct accrual *a, size_t credit)
{
	return t->counts_current ? accrue_counts(t, o, a, credit) : (struct counters){ 0 };
}

bool true_up_asked(const struct terms *t)
{
	return true_up_retroactive(t) || t->clawback_period != PERIOD_LIFETIME;
}

int64_t true_up_unsettled(int64_t commission_minor, int64_t left_minor, int64_t refunded_minor,
                          int64_t sale_minor)
{
	int64_t refunded = refunded_minor < sale_minor ? refunded_minor : sale_minor, target;

	if (sale_minor == 0)
		return 0;
	target = money_muldiv(commission_minor, refunded, sale_minor);
	return target > commission_minor - left_minor ? target - (commission_minor - left_minor) : 0;
}

/* The reward for the partner's share, before partners above and caps. */
static int64_t reward_of(const struct accrual *a, const struct earning *e)
{
	int64_t amount = 0;

	for (uint32_t i = e->step_from; i < e->step_from + e->step_count; i++) {
		const struct step *s = &a->steps[i];

		if (s->code == STEP_PERCENT || s->code == STEP_FIXED || s->code == STEP_CONVERT
		    || s->code == STEP_SHARE)
			amount = s->result;
	}
	return amount;
}

/* What the partner earns with these counters; 0 too where it is in another currency. */
static int64_t judge(const struct true_up_item *x, const struct counters *n, struct accrual *a,
                     bool *out_capped)
{
	struct credit credits[CREDITS_MAX];
	struct standing s = *x->standing;

	CHECK(s.credit_count <= CREDITS_MAX && x->credit < s.credit_count);
	memcpy(credits, s.credits, s.credit_count * sizeof(credits[0]));
	credits[x->credit].counters = *n;
	s.credits = credits;
	accrue(x->terms, &s, x->event, a);
	for (size_t i = 0; i < a->earning_count; i++) {
		const struct earning *e = &a->earnings[i];

		if (e->credit != x->credit)
			continue;
		CHECK(e->kind == EARNING_OWN); /* a credit's own earning comes first */
		*out_capped = e->cut_minor > 0;
		return e->currency == x->terms->currency ? reward_of(a, e) : 0;
	}
	return 0;
}

static int64_t part(const struct true_up_item *x, int64_t amount_minor, int64_t left_minor)
{
	return x->of_minor ? money_muldiv(amount_minor, left_minor, x->of_minor) : amount_minor;
}

void true_up_add(const struct true_up_item *x, struct accrual *scratch, struct true_up *sum)
{
	bool capped = false, ignored;
	int64_t was = judge(x, &x->standing->credits[x->credit].counters, scratch, &capped), is;
	struct counters own = true_up_own(x->terms, x->event, scratch, x->credit);
	struct counters reached = counters_less(&x->reached, &own);

	if (capped)
		return;
	is = x->as_judged ? was : judge(x, &reached, scratch, &ignored);
	is = part(x, is, x->left_minor - x->settle_minor);
	was = part(x, was, x->left_minor);
	sum->is_minor += is;
	sum->was_minor += was;
	sum->events += is != was;
}
