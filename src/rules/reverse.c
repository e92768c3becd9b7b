/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/reverse.h"
#include "base/check.h"
#include "base/clock.h"
#include "rules/choose.h"

static int64_t days_between(int64_t from_ms, int64_t to_ms)
{
	return to_ms > from_ms ? (to_ms - from_ms) / MS_PER_DAY : 0;
}

struct reverse_claim reverse_claim(const struct terms *t, enum clawback policy,
                                   const struct earned *e, int64_t at_ms)
{
	int64_t window = t->clawback_days, from_ms = e->occurred_at_ms;
	bool over = window > 0 && at_ms >= from_ms + window * MS_PER_DAY;
	struct reverse_claim c = { .denominator = 1 };

	if (window > 0 && !over)
		c.left_days = window - days_between(from_ms, at_ms);
	if (policy == CLAWBACK_NONE)
		return c;
	c.too_late = over;
	c.numerator = !over;
	if (over || policy == CLAWBACK_FULL)
		return c;
	CHECK(window > 0);
	c.numerator = c.left_days;
	c.denominator = window;
	return c;
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

static int64_t scale_of(const struct terms *t)
{
	return t->clawback_days > 0 ? t->clawback_days : 1;
}

int64_t reverse_units(const struct terms *t, const struct earned *e, int64_t amount_minor,
                      struct reverse_claim c)
{
	CHECK(amount_minor >= 0);
	if (amount_minor > e->sale_minor)
		amount_minor = e->sale_minor;
	return amount_minor * (scale_of(t) / c.denominator * c.numerator);
}

static int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
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

static void add_refunds(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                        struct tally *sum, struct adjustment *out)
{
	for (size_t i = 0; i < f->refund_count; i++) {
		const struct refund_fact *r = &f->refunds[i];
		struct reverse_claim c = reverse_claim(t, t->on_refund, e, r->at_ms);

		sum->units = plus(sum->units, reverse_units(t, e, r->amount_minor, c));
		out->refunded_minor = plus(out->refunded_minor, r->amount_minor);
		out->too_late |= c.too_late;
	}
	out->refunded_minor = at_most(out->refunded_minor, e->sale_minor);
}

bool reverse_takes(const struct terms *t, const struct dispute_fact *d)
{
	return d->state == DISPUTE_LOST || (d->state == DISPUTE_OPEN && t->reverse_when_disputed);
}

/* Lost disputes count like refunds; open ones only by the policy that reverses at once. */
static void add_disputes(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                         struct tally *sum, struct adjustment *out)
{
	for (size_t i = 0; i < f->dispute_count; i++) {
		const struct dispute_fact *d = &f->disputes[i];
		struct reverse_claim c;

		if (!reverse_takes(t, d)) {
			out->hold |= d->state == DISPUTE_OPEN;
			continue;
		}
		c = reverse_claim(t, t->on_dispute, e, d->at_ms);
		sum->units = plus(sum->units, reverse_units(t, e, d->amount_minor ? d->amount_minor
		                                                                  : e->sale_minor, c));
		out->too_late |= c.too_late;
	}
}

static int64_t churn_part(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
                          int64_t left_minor, struct adjustment *out)
{
	struct reverse_claim c;

	if (f->churned_at_ms == 0)
		return 0;
	c = reverse_claim(t, t->on_churn, e, f->churned_at_ms);
	out->too_late |= c.too_late;
	return money_muldiv(left_minor, c.numerator, c.denominator);
}

void reverse(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
             struct adjustment *out)
{
	struct tally sum = { .scale = scale_of(t), .sale_minor = e->sale_minor };

	CHECK(e->amount_minor > 0);
	CHECK(e->reversed_minor >= 0 && e->reversed_minor <= e->amount_minor);
	*out = (struct adjustment){ 0 };

	add_refunds(t, e, f, &sum, out);
	out->refund_minor = of_commission(e->amount_minor, &sum);
	out->counted_minor = at_most(sum.units / sum.scale, e->sale_minor);
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
