/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/sale.h"

#include "base/check.h"
#include "commission/commission.h"

/* The stored commission that an earning stands for, if something of that is taken back. */
static const struct undone *undone_of(const struct happening *h, const struct accrual *a,
                                      size_t earning)
{
	const struct earning *g = &a->earnings[earning];
	size_t before = 0;

	for (size_t i = 0; i < earning; i++)
		before += a->earnings[i].gate == GATE_NONE
		          && a->earnings[i].partner_id == g->partner_id
		          && a->earnings[i].kind == g->kind;
	for (size_t i = 0; i < h->undone_count; i++)
		if (h->undone[i].partner_id == g->partner_id
		    && h->undone[i].kind == (int64_t)g->kind && before-- == 0)
			return &h->undone[i];
	return NULL;
}

static int64_t target(const struct terms *t, const struct reverse_facts *facts, int64_t amount_minor,
                      int64_t sale_minor, int64_t at_ms)
{
	struct earned was = { .amount_minor = amount_minor, .occurred_at_ms = at_ms,
		              .sale_minor = sale_minor };
	struct adjustment a;

	if (facts->refund_count == 0 || amount_minor <= 0)
		return 0;
	reverse(t, &was, facts, &a);
	return a.target_minor;
}

int64_t sale_reversed(const struct world *w, const struct happening *h, const struct ruling *r,
                      size_t earning)
{
	const struct undone *u = undone_of(h, r->accrual, earning);
	int64_t amount = r->accrual->earnings[earning].amount_minor;
	struct reverse_facts facts = { .refunds = h->facts, .refund_count = h->refund_count };

	if (!w->terms)
		return u ? u->reversed : 0;
	if (u && u->status == COMMISSION_REJECTED)
		return amount;
	return target(r->terms, &facts, amount, h->event->amount, h->event->occurred_at);
}

/* Rejected commissions count for nothing from the start. */
static int64_t left_of(const struct happening *h, const struct ruling *r, size_t earning)
{
	const struct earning *g = &r->accrual->earnings[earning];
	const struct undone *u = undone_of(h, r->accrual, earning);

	if (g->gate != GATE_NONE || (u && u->status == COMMISSION_REJECTED))
		return 0;
	return g->amount_minor;
}

void sale_spend(struct world *w, const struct happening *h, const struct ruling *r)
{
	int64_t *spent;

	if (r->accrual->commission_count == 0 || h->event->customer_id == 0)
		return;
	spent = table_add(&w->spent, h->event->customer_id, 0, NULL);
	for (size_t i = 0; i < r->accrual->earning_count; i++)
		*spent += left_of(h, r, i);
}

/* What the refund takes off the counters of everybody who is credited. */
static void lower_standing(struct world *w, const struct sale *s, int64_t before_minor)
{
	for (size_t i = 0; i < s->part_count && w->periods; i++) {
		const struct counters *added = &s->parts[i].added;
		struct counters was = reverse_counters(added, before_minor, s->amount_minor);
		struct counters is = reverse_counters(added, s->gone_minor, s->amount_minor);
		struct counters change = {
			.revenue_minor = was.revenue_minor - is.revenue_minor,
			.sales = was.sales - is.sales,
			.customers = was.customers - is.customers,
		};

		world_keep(w, s->parts[i].partner_id, s->month, &change, 0);
	}
}

static void lower_spent(struct world *w, struct sale *s)
{
	struct reverse_facts facts = { .refunds = s->facts, .refund_count = s->done };
	int64_t *spent = table_find(&w->spent, s->customer_id, 0);

	if (!w->by_customer || !spent)
		return;
	for (size_t i = 0; i < s->commission_count; i++) {
		int64_t now = target(s->terms, &facts, s->amounts[i], s->amount_minor, s->at_ms);

		*spent -= now - s->reversed[i];
		s->reversed[i] = now;
	}
}

void world_refund(struct world *w, int64_t sale_id, int64_t event_id)
{
	struct sale *s = table_find(&w->sales, sale_id, 0);

	while (s && s->done < s->refund_count && s->refunds[s->done].event_id <= event_id) {
		int64_t before = s->gone_minor;

		s->gone_minor += s->refunds[s->done++].amount;
		lower_standing(w, s, before);
		lower_spent(w, s);
	}
}

static void *copy(struct arena *a, const void *items, size_t size, size_t count)
{
	return memcpy(arena_array(a, size, count), items, size * count);
}

static const struct sale_part *parts_of(const struct world *w, const struct ruling *r)
{
	size_t n = r->standing.credit_count;
	struct sale_part *parts = ARENA_ARRAY(w->arena, struct sale_part, n + 1);

	for (size_t i = 0; i < n; i++)
		parts[i] = (struct sale_part){
			.partner_id = r->standing.credits[i].partner_id,
			.added = accrue_counts(r->terms, &r->event, r->accrual, i),
		};
	return parts;
}

void sale_open(struct world *w, const struct happening *h, const struct ruling *r)
{
	struct sale *s = table_add(&w->sales, h->event->id, 0, NULL);
	const struct accrual *a = r->accrual;
	size_t n = h->refund_count;

	*s = (struct sale){
		.terms = r->terms,
		.customer_id = h->event->customer_id,
		.month = h->recall.month,
		.at_ms = h->event->occurred_at,
		.amount_minor = h->event->amount,
		.parts = parts_of(w, r),
		.part_count = r->standing.credit_count,
		.refunds = copy(w->arena, h->refunds, sizeof(*h->refunds), n),
		.facts = copy(w->arena, h->facts, sizeof(*h->facts), n),
		.refund_count = n,
		.amounts = ARENA_ARRAY(w->arena, int64_t, a->earning_count + 1),
		.reversed = ARENA_ARRAY(w->arena, int64_t, a->earning_count + 1),
		.commission_count = a->earning_count,
	};
	for (size_t i = 0; i < a->earning_count; i++)
		s->amounts[i] = left_of(h, r, i);
	world_refund(w, h->event->id, h->event->id);
}
