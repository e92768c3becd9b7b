/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/sale.h"

#include "base/check.h"
#include "commission/commission.h"
#include "event/about.h"
#include "rules/counters.h"
#include "whatif/settle.h"

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

static bool any_facts(const struct reverse_facts *f)
{
	return f->refund_count > 0 || f->dispute_count > 0 || f->churned_at_ms != 0;
}

static int64_t target(const struct terms *t, const struct reverse_facts *facts,
                      const struct earned *e)
{
	struct adjustment a;

	if (!any_facts(facts) || e->amount_minor <= 0)
		return 0;
	reverse(t, e, facts, &a);
	return a.target_minor;
}

int64_t sale_reversed(const struct world *w, const struct happening *h, const struct ruling *r,
                      size_t earning)
{
	const struct undone *u = undone_of(h, r->accrual, earning);
	struct earned was = { .amount_minor = r->accrual->earnings[earning].amount_minor,
		              .occurred_at_ms = h->event->occurred_at,
		              .sale_minor = about_whole(h->event) };

	if (!w->terms)
		return u ? u->reversed : 0;
	if (u && u->status == COMMISSION_REJECTED)
		return was.amount_minor;
	return target(r->terms, &h->facts, &was);
}

bool sale_rejected(const struct happening *h, const struct accrual *a, size_t earning)
{
	const struct undone *u = undone_of(h, a, earning);

	return u && u->status == COMMISSION_REJECTED;
}

/* Rejected commissions count for nothing from the start. */
static int64_t left_of(const struct happening *h, const struct ruling *r, size_t earning)
{
	const struct earning *g = &r->accrual->earnings[earning];

	return g->gate != GATE_NONE || sale_rejected(h, r->accrual, earning) ? 0 : g->amount_minor;
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
		struct counters change = counters_less(&was, &is);

		world_keep(w, s->parts[i].partner_id, s->month, &change, 0);
	}
}

/* What is taken back of its commissions now, and so of what the customer has brought. */
static void lower_commissions(struct world *w, struct sale *s, const struct reverse_facts *facts)
{
	int64_t *spent = w->by_customer ? table_find(&w->spent, s->customer_id, 0) : NULL;

	for (size_t i = 0; i < s->commission_count; i++) {
		struct earned was = { .amount_minor = s->amounts[i], .occurred_at_ms = s->at_ms,
			              .sale_minor = s->amount_minor };
		int64_t now = target(s->terms, facts, &was);

		if (spent)
			*spent -= now - s->reversed[i];
		s->reversed[i] = now;
	}
}

static void take_back(struct world *w, struct sale *s, int64_t event_id)
{
	struct taken_facts known;
	int64_t before = s->gone_minor;

	taken_known(w->arena, &s->taken, event_id, s->amount_minor, &known);
	known.facts.churned_at_ms = left_known(&s->left, event_id);
	s->gone_minor = known.gone_minor;
	s->refunded_minor = known.refunded_minor;
	if (s->gone_minor != before)
		lower_standing(w, s, before);
	lower_commissions(w, s, &known.facts);
	settle_update(w, s);
}

void world_take_back(struct world *w, int64_t sale_id, int64_t event_id)
{
	struct sale *s = table_find(&w->sales, sale_id, 0);

	if (s)
		take_back(w, s, event_id);
}

void world_leave(struct world *w, int64_t customer_id, int64_t event_id)
{
	const size_t *place = table_find(&w->buyers, customer_id, 0);

	for (size_t at = place ? *place : 0; at != 0;) {
		struct sale *s = table_at(&w->sales, at - 1);

		take_back(w, s, event_id);
		at = s->before;
	}
}

bool sale_followed(const struct world *w, const struct happening *h)
{
	if (h->taken.count > 0)
		return w->periods || w->by_customer || w->settles;
	return h->left.count > 0 && (w->by_customer || w->settles);
}

static const struct taken *copy_taken(struct arena *a, const struct happening *h)
{
	struct taken *all = ARENA_ARRAY(a, struct taken, h->taken.count);

	for (size_t i = 0; i < h->taken.count; i++) {
		all[i] = h->taken.all[i];
		all[i].dispute = arena_str(a, all[i].dispute);
	}
	return all;
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

/* Behind the customer's sales so far, so that all are found when it leaves. */
static size_t chain_up(struct world *w, const struct happening *h)
{
	size_t *last, before;

	if (h->left.count == 0)
		return 0;
	last = table_add(&w->buyers, h->event->customer_id, 0, NULL);
	before = *last;
	*last = w->sales.count;
	return before;
}

struct sale *sale_open(struct world *w, const struct happening *h, const struct ruling *r)
{
	struct sale *s = table_add(&w->sales, h->event->id, 0, NULL);
	const struct accrual *a = r->accrual;

	*s = (struct sale){
		.terms = r->terms,
		.customer_id = h->event->customer_id,
		.month = h->recall.month,
		.at_ms = h->event->occurred_at,
		.amount_minor = about_whole(h->event),
		.parts = parts_of(w, r),
		.part_count = r->standing.credit_count,
		.taken = { copy_taken(w->arena, h), h->taken.count },
		.left = h->left,
		.amounts = ARENA_ARRAY(w->arena, int64_t, a->earning_count + 1),
		.reversed = ARENA_ARRAY(w->arena, int64_t, a->earning_count + 1),
		.commission_count = a->earning_count,
		.before = chain_up(w, h),
	};
	for (size_t i = 0; i < a->earning_count; i++)
		s->amounts[i] = left_of(h, r, i);
	return s;
}

void sale_begin(struct world *w, const struct happening *h)
{
	world_take_back(w, h->event->id, h->event->id);
}
