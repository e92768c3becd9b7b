/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/reverse.h"
#include "base/check.h"
#include "base/clock.h"
#include "rules/choose.h"

/*
 * How much of a sum taken away at some moment comes back: all of it, the part of the clawback
 * window that was still to come (in whole days), or nothing.
 */
struct claim {
	int64_t numerator, denominator;
};

static int64_t days_between(int64_t from_ms, int64_t to_ms)
{
	return to_ms > from_ms ? (to_ms - from_ms) / MS_PER_DAY : 0;
}

static struct claim claim(const struct terms *t, enum clawback policy, int64_t from_ms,
                          int64_t at_ms, bool *out_too_late)
{
	int64_t window = t->clawback_days;
	int64_t day = days_between(from_ms, at_ms);

	if (policy == CLAWBACK_NONE)
		return (struct claim){ 0, 1 };
	if (window > 0 && at_ms >= from_ms + window * MS_PER_DAY) {
		*out_too_late = true;
		return (struct claim){ 0, 1 };
	}
	if (policy == CLAWBACK_FULL)
		return (struct claim){ 1, 1 };
	CHECK(window > 0);
	return (struct claim){ window - day, window };
}

/*
 * What counts of the sale, in window-days of minor units: every addend is exact, so the order of
 * the facts cannot matter.
 */
struct tally {
	int64_t units;   /* sum of amount * numerator, over `scale` */
	int64_t scale;
	int64_t sale_minor;
};

static void tally_add(struct tally *sum, int64_t amount_minor, struct claim c)
{
	int64_t part;

	CHECK(amount_minor >= 0);
	if (amount_minor > sum->sale_minor)
		amount_minor = sum->sale_minor;
	part = amount_minor * (sum->scale / c.denominator * c.numerator);
	if (__builtin_add_overflow(sum->units, part, &sum->units))
		sum->units = INT64_MAX;
}

static int64_t at_most(int64_t value, int64_t limit)
{
	return value < limit ? value : limit;
}

static int64_t of_commission(int64_t amount_minor, const struct tally *sum)
{
	int64_t whole = sum->sale_minor * sum->scale;

	return whole > 0 ? money_muldiv(amount_minor, at_most(sum->units, whole), whole) : 0;
}

static struct tally tally_start(const struct terms *t, const struct earned *e)
{
	int64_t days = t->clawback_days > 0 ? t->clawback_days : 1;

	return (struct tally){ .scale = days, .sale_minor = e->sale_minor };
}

static void add_refunds(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                        struct tally *sum, struct adjustment *out)
{
	for (size_t i = 0; i < f->refund_count; i++)
		tally_add(sum, f->refunds[i].amount_minor,
		          claim(t, t->on_refund, e->occurred_at_ms, f->refunds[i].at_ms,
		                &out->too_late));
}

/* Lost disputes count like refunds; open ones only by the policy that reverses at once. */
static void add_disputes(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                         struct tally *sum, struct adjustment *out)
{
	for (size_t i = 0; i < f->dispute_count; i++) {
		const struct dispute_fact *d = &f->disputes[i];

		if (d->state == DISPUTE_WON)
			continue;
		if (d->state == DISPUTE_OPEN && !t->reverse_when_disputed) {
			out->hold = true;
			continue;
		}
		tally_add(sum, d->amount_minor ? d->amount_minor : e->sale_minor,
		          claim(t, t->on_dispute, e->occurred_at_ms, d->at_ms, &out->too_late));
	}
}

static int64_t churn_part(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                          int64_t left_minor, struct adjustment *out)
{
	struct claim c;

	if (f->churned_at_ms == 0)
		return 0;
	c = claim(t, t->on_churn, e->occurred_at_ms, f->churned_at_ms, &out->too_late);
	return money_muldiv(left_minor, c.numerator, c.denominator);
}

void reverse(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
             struct adjustment *out)
{
	struct tally sum = tally_start(t, e);

	CHECK(e->amount_minor > 0);
	CHECK(e->reversed_minor >= 0 && e->reversed_minor <= e->amount_minor);
	*out = (struct adjustment){ 0 };

	add_refunds(t, e, f, &sum, out);
	out->refund_minor = of_commission(e->amount_minor, &sum);
	out->refunded_minor = at_most(sum.units / sum.scale, e->sale_minor);
	add_disputes(t, e, f, &sum, out);
	out->dispute_minor = of_commission(e->amount_minor, &sum) - out->refund_minor;
	out->target_minor = out->refund_minor + out->dispute_minor;
	out->churn_minor = churn_part(t, e, f, e->amount_minor - out->target_minor, out);
	out->target_minor += out->churn_minor;
	out->reverse_minor = out->target_minor - e->reversed_minor;
	CHECK(out->target_minor >= 0 && out->target_minor <= e->amount_minor);
}

struct counters reverse_counters(const struct counters *added, int64_t gone_minor,
                                 int64_t sale_minor)
{
	struct counters off = { 0 };

	CHECK(gone_minor >= 0 && gone_minor <= sale_minor);
	if (sale_minor > 0)
		off.revenue_minor = money_muldiv(added->revenue_minor, gone_minor, sale_minor);
	if (sale_minor > 0 && gone_minor == sale_minor) {
		off.sales = added->sales;
		off.customers = added->customers;
		off.projects = added->projects;
	}
	return off;
}
