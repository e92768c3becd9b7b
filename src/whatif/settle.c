/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/settle.h"

#include "base/check.h"
#include "base/clock.h"
#include "calendar/calendar.h"
#include "event/about.h"
#include "event/standing.h"
#include "rules/choose.h"
#include "rules/true_up.h"

#include <stdlib.h>

#define JOB_MS 60000 /* how often the job runs */

/* By what a period's events differ from what they have earned, by the tier reached; [0]: none. */
struct tiered {
	const struct terms *terms;
	struct tiered *next;
	int64_t more_minor[TIERS_MAX + 1];
};

/* One partner's period. */
struct settling {
	int64_t partner_id, first_month, last_month, end_ms;
	struct tiered *tiered;
	int64_t settled_minor;           /* so far */
	enum partner_standing standing;  /* when it was last credited */
	bool due;
};

/* One event in a period; its reward before partners above and caps. */
struct settle_item {
	struct settling *of;
	struct tiered *by;
	int64_t was_minor, is_minor[TIERS_MAX + 1];
	size_t earning;                  /* its commission, or NO_EARNING */
	int64_t of_minor;                /* of this, so much is left … */
	int64_t left_minor, settle_minor; /* … and so much of that to be taken back */
	bool settles;
};

#define NO_EARNING SIZE_MAX

static _Thread_local struct accrual scratch;

/* ---- Periods. */

static void make_due(struct world *w, struct settling *p)
{
	int64_t at_ms = p->end_ms > w->now_ms ? p->end_ms : w->now_ms + JOB_MS;

	if (at_ms < w->due_at_ms)
		w->due_at_ms = at_ms;
	if (p->due)
		return;
	p->due = true;
	w->due = arena_grow(w->arena, w->due, sizeof(w->due[0]), w->due_count, &w->due_room);
	w->due[w->due_count++] = p;
}

static struct settling *period_of(struct world *w, int64_t partner_id, const int64_t months[2])
{
	struct settling **p = table_add(&w->settling, partner_id,
	                                months[0] * 1000000 + months[1], NULL);

	if (*p)
		return *p;
	*p = ARENA_NEW(w->arena, struct settling);
	**p = (struct settling){
		.partner_id = partner_id,
		.first_month = months[0],
		.last_month = months[1],
		.end_ms = month_start_ms(w->zone, month_next(months[1])),
	};
	return *p;
}

static struct tiered *tiered_by(struct world *w, struct settling *p, const struct terms *t)
{
	struct tiered *by = p->tiered;

	while (by && by->terms != t)
		by = by->next;
	if (by)
		return by;
	by = ARENA_NEW(w->arena, struct tiered);
	*by = (struct tiered){ .terms = t, .next = p->tiered };
	p->tiered = by;
	return by;
}

/* ---- Items. */

static int64_t part(const struct settle_item *it, int64_t amount_minor, int64_t left_minor)
{
	return it->of_minor ? money_muldiv(amount_minor, left_minor, it->of_minor) : amount_minor;
}

/* Add (or, with -1, take away) what the item comes to as it stands. */
static void add_item(const struct settle_item *it, int sign)
{
	int64_t was = part(it, it->was_minor, it->left_minor);

	for (size_t i = 0; i <= it->by->terms->tier_count; i++) {
		int64_t is = part(it, it->is_minor[i], it->left_minor - it->settle_minor);

		it->by->more_minor[i] += sign * (is - was);
	}
}

/* Counters that reach just this tier: 0 none, 1 the first. */
static struct counters reaching(const struct terms *t, size_t tier)
{
	int64_t n = tier > 0 ? t->tiers[tier - 1].from : t->tiers[0].from - 1;

	return (struct counters){ n, n, n, n };
}

static void rate(struct true_up_item *x, struct settle_item *it)
{
	for (size_t i = 0; i <= x->terms->tier_count; i++) {
		struct true_up sum = { 0 };

		if (x->as_judged && i > 0) {
			it->is_minor[i] = it->is_minor[0];
			continue;
		}
		if (!x->as_judged)
			x->reached = reaching(x->terms, i);
		true_up_add(x, &scratch, &sum);
		it->is_minor[i] = sum.is_minor;
		it->was_minor = sum.was_minor;
	}
}

/* The partner's own commission from the event; what counts as left if there is none. */
static void find_commission(const struct happening *h, const struct ruling *r, size_t credit,
                            struct settle_item *it)
{
	const struct accrual *a = r->accrual;

	it->earning = NO_EARNING;
	it->of_minor = it->left_minor = about_whole(h->event);
	for (size_t i = 0; i < a->earning_count; i++) {
		const struct earning *g = &a->earnings[i];

		if (g->credit != credit || g->kind != EARNING_OWN || g->gate != GATE_NONE)
			continue;
		it->earning = i;
		it->of_minor = it->left_minor = g->amount_minor;
		if (sale_rejected(h, a, i))
			it->left_minor = 0;
	}
}

/* What one event means to a period of one credited partner. */
static void add_to(struct world *w, const struct happening *h, const struct ruling *r,
                   struct settle_item *it, size_t credit)
{
	const struct credit *cr = &r->standing.credits[credit];
	struct true_up_item x = { .terms = r->terms, .standing = &r->standing, .event = &r->event,
		                  .credit = credit, .as_judged = it->by == NULL };

	it->of->standing = cr->standing;
	it->by = tiered_by(w, it->of, r->terms);
	rate(&x, it);
	find_commission(h, r, credit, it);
	add_item(it, 1);
	make_due(w, it->of);
}

static bool months_of(enum tiers_period period, int64_t month, int64_t out[2])
{
	standing_period(period, month, &out[0], &out[1]);
	return period != PERIOD_LIFETIME;
}

/* The periods that an event is in for a partner: that of its tiers, that of its clawback. */
static size_t find_periods(struct world *w, const struct happening *h, const struct ruling *r,
                           int64_t partner_id, struct settle_item out[2])
{
	const struct terms *t = r->terms;
	static struct tiered by_tiers; /* a mark, until add_to() has found its own */
	int64_t months[2];
	size_t n = 0;

	if (t->retroactive && months_of(t->tiers_period, h->recall.month, months))
		out[n++] = (struct settle_item){ .of = period_of(w, partner_id, months),
			                         .by = &by_tiers,
			                         .settles = t->clawback_period == t->tiers_period };
	if ((n == 0 || !out[0].settles) && months_of(t->clawback_period, h->recall.month, months))
		out[n++] = (struct settle_item){ .of = period_of(w, partner_id, months),
			                         .settles = true };
	return n;
}

void settle_add(struct world *w, const struct happening *h, const struct ruling *r, struct sale *s)
{
	size_t credits = r->standing.credit_count;
	struct settle_item own[2], *items;

	if (!true_up_asked(r->terms))
		return;
	if (s)
		s->items = ARENA_ARRAY(w->arena, struct settle_item, credits * 2 + 1);
	for (size_t i = 0; i < credits; i++) {
		items = s ? s->items + s->item_count : own;

		size_t n = find_periods(w, h, r, r->standing.credits[i].partner_id, items);

		for (size_t k = 0; k < n; k++)
			add_to(w, h, r, &items[k], i);
		if (s)
			s->item_count += n;
	}
}

/* What is left of it, and what refunds should have taken of that and have not. */
static void look_again(const struct sale *s, struct settle_item *it)
{
	int64_t gone = s->refunded_minor, target;

	it->settle_minor = 0;
	if (it->earning == NO_EARNING) {
		it->left_minor = s->amount_minor - gone;
		return;
	}
	if (s->amounts[it->earning] == 0)
		return; /* rejected: nothing is left */
	it->left_minor = it->of_minor - s->reversed[it->earning];
	if (!it->settles || s->amount_minor == 0)
		return;
	target = money_muldiv(it->of_minor, gone < s->amount_minor ? gone : s->amount_minor,
	                      s->amount_minor);
	if (target > s->reversed[it->earning])
		it->settle_minor = target - s->reversed[it->earning];
}

void settle_update(struct world *w, struct sale *s)
{
	for (size_t i = 0; i < s->item_count; i++) {
		struct settle_item *it = &s->items[i];

		add_item(it, -1);
		look_again(s, it);
		add_item(it, 1);
		make_due(w, it->of);
	}
}

/* ---- The end of a period. */

/* What it should come to beyond what its events have earned, by the tier reached. */
static int64_t should_be(const struct world *w, const struct settling *p)
{
	const int64_t months[2] = { p->first_month, p->last_month };
	struct counters reached = world_driven(w, p->partner_id, months);
	int64_t sum = 0;

	for (const struct tiered *by = p->tiered; by; by = by->next) {
		int64_t driven = choose_counter(by->terms, &reached);

		sum += by->more_minor[choose_tier(by->terms, driven) + 1];
	}
	return sum;
}

static bool is_inside(const struct world *w, const struct settling *p)
{
	return p->end_ms > w->ask->from_ms && (w->ask->to_ms == 0 || p->end_ms <= w->ask->to_ms);
}

/* A period that ends outside the time that is asked for was settled as it was. */
static bool settle(struct world *w, struct settling *p)
{
	struct world_correction x = {
		.correction = { .is_minor = should_be(w, p), .before_minor = p->settled_minor,
		                .at_ms = p->end_ms - 1 },
		.partner_id = p->partner_id,
		.standing = p->standing,
		.month = p->last_month,
	};

	if (!is_inside(w, p) || x.correction.is_minor == p->settled_minor)
		return true;
	p->settled_minor = x.correction.is_minor;
	return world_correct(w, &x);
}

/* In the job's order. */
static int by_period(const void *a, const void *b)
{
	const struct settling *x = *(struct settling *const *)a, *y = *(struct settling *const *)b;

	if (x->last_month != y->last_month)
		return x->last_month < y->last_month ? -1 : 1;
	if (x->first_month != y->first_month)
		return x->first_month < y->first_month ? -1 : 1;
	return (x->partner_id > y->partner_id) - (x->partner_id < y->partner_id);
}

bool settle_run(struct world *w, int64_t now_ms)
{
	size_t kept = 0;
	bool ok = true;

	if (now_ms < w->due_at_ms)
		return true;
	w->now_ms = now_ms;
	w->due_at_ms = INT64_MAX;
	if (w->due_count > 0)
		qsort(w->due, w->due_count, sizeof(w->due[0]), by_period);
	for (size_t i = 0; ok && i < w->due_count; i++) {
		struct settling *p = w->due[i];

		if (p->end_ms > now_ms) {
			w->due[kept++] = p;
			w->due_at_ms = p->end_ms < w->due_at_ms ? p->end_ms : w->due_at_ms;
			continue;
		}
		p->due = false;
		ok = settle(w, p);
	}
	w->due_count = kept;
	return ok;
}

bool settle_finish(struct world *w, int64_t now_ms)
{
	w->due_at_ms = 0;
	return settle_run(w, now_ms);
}

size_t settle_open(const struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->due_count; i++)
		n += is_inside(w, w->due[i]) && should_be(w, w->due[i]) != w->due[i]->settled_minor;
	return n;
}
