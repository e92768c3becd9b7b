/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/true_up_sum.h"

#include "base/check.h"
#include "base/id.h"
#include "base/scratch.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "event/about.h"
#include "event/recall.h"
#include "event/standing.h"
#include "partner/enrolment.h"
#include "restate/trued_up.h"
#include "rules/true_up.h"

#define PAGE 200

static _Thread_local struct accrual scratch;

/* A sum on its way. */
struct summing {
	const struct true_up_period *period;
	int64_t as_of_id;
	struct list restated; /* approved runs: events under one are no longer the period's */
	struct recall recall; /* of the event at hand, what the item speaks of */
	struct true_up_item item;
	int64_t month, event_id; /* how far it has come */
	bool more;
	struct true_up sum;
};

static const struct sql SQL_ITEMS = {
	.text = "SELECT month, event_id FROM true_up_item WHERE org_id = $1 AND campaign_id = $2"
	        " AND partner_id = $3 AND month >= $4 AND month <= $5"
	        " AND (month > $6 OR event_id > $7) AND event_id < $8"
	        " ORDER BY month, event_id LIMIT $9",
};

static const struct sql SQL_REFUNDED = {
	.text = "SELECT CAST(SUM(amount) AS BIGINT) FROM sale_refund"
	        " WHERE org_id = $1 AND sale_id = $2 AND event_id < $3",
};

/* What is left of a commission, as of then. */
static bool left_of(struct ctx *c, const struct commission *m, struct summing *s)
{
	int64_t gone = m->reversed;

	if (s->as_of_id != INT64_MAX
	    && !commission_reversed_before(c, m, s->as_of_id, &gone))
		return false;
	s->item.of_minor = m->amount;
	s->item.left_minor = m->amount - gone;
	return true;
}

/* What refunds should have taken of the commission, and have not. */
static bool find_unsettled(struct ctx *c, const struct event *e, struct summing *s)
{
	struct true_up_item *x = &s->item;
	int64_t refunded;

	if (!db_int(c, &SQL_REFUNDED, ARGS(val_int(e->id), val_int(s->as_of_id)), &refunded))
		return false;
	x->settle_minor = true_up_unsettled(x->of_minor, x->left_minor, refunded,
	                                    about_whole(e));
	return true;
}

/* How much of its commission (or, where it made none, of itself) an event has left. */
static bool find_left(struct ctx *c, const struct event *e, struct summing *s, bool settles)
{
	struct list all;
	int64_t gone;

	s->item.settle_minor = 0;

	if (!commission_of_event(c, e->id, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct commission *m = (const struct commission *)all.items + i;

		if (m->partner_id == s->period->partner_id && m->kind == EARNING_OWN
		    && m->amount > 0)
			return left_of(c, m, s) && (!settles || find_unsettled(c, e, s));
	}
	if (!db_int(c, &SQL_REFUNDED, ARGS(val_int(e->id), val_int(s->as_of_id)), &gone))
		return false;
	s->item.of_minor = about_whole(e);
	s->item.left_minor = about_whole(e) - gone;
	return true;
}

/* Is this very period the one around a month? */
static bool is_of(enum tiers_period period, int64_t month, const struct true_up_period *p)
{
	int64_t first, last;

	standing_period(period, month, &first, &last);
	return first == p->first_month && last == p->last_month;
}

static bool is_restated(const struct summing *s, const struct event *e)
{
	const struct restatement *runs = s->restated.items;

	for (size_t i = 0; i < s->restated.count; i++)
		if (restatement_covers(&runs[i], e))
			return true;
	return false;
}

static bool add(struct ctx *c, int64_t event_id, struct summing *s)
{
	struct true_up_item *x = &s->item;
	struct recall *recall = &s->recall;
	struct terms_in_force t;
	struct event e;
	bool settles;

	if (!event_get(c, event_id, &e))
		return false;
	if (is_restated(s, &e))
		return true;
	if (!terms_in_force(c, e.campaign_id, e.occurred_at, &t)
	    || !recall_read(c, &e, t.terms->currency, recall))
		return false;
	x->as_judged = !t.terms->retroactive
	               || !is_of(t.terms->tiers_period, recall->month, s->period);
	settles = is_of(t.terms->clawback_period, recall->month, s->period);
	if (x->as_judged && !settles)
		return true;
	x->terms = t.terms;
	x->standing = &recall->inputs.standing;
	x->event = &recall->inputs.event;
	for (x->credit = 0; x->credit < x->standing->credit_count; x->credit++) {
		if (x->standing->credits[x->credit].partner_id != s->period->partner_id)
			continue;
		if (!find_left(c, &e, s, settles))
			return false;
		true_up_add(x, &scratch, &s->sum);
	}
	return true;
}

static bool add_page(struct ctx *c, struct summing *s)
{
	const struct true_up_period *p = s->period;
	int64_t first = p->first_month > s->month ? p->first_month : s->month;
	struct rows r;

	if (!db_query(c, &SQL_ITEMS,
	              ARGS(val_int(p->campaign_id), val_int(p->partner_id), val_int(first),
	                   val_int(p->last_month), val_int(s->month), val_int(s->event_id),
	                   val_int(s->as_of_id), val_int(PAGE)),
	              &r))
		return false;
	s->more = r.count == PAGE;
	for (size_t i = 0; i < r.count; i++) {
		s->month = rows_int(&r, i, 0);
		s->event_id = rows_int(&r, i, 1);
		if (!add(c, s->event_id, s))
			return false;
	}
	return true;
}

bool true_up_sum(struct ctx *c, const struct true_up_period *p, const struct counters *reached,
                 int64_t as_of_id, struct true_up *out)
{
	struct summing s = { .period = p, .as_of_id = as_of_id, .item = { .reached = *reached },
		             .more = true };
	struct scratch *page = scratch_new(c);
	bool ok = restatement_approved(c, p->campaign_id, as_of_id, &s.restated);

	while (ok && s.more) {
		scratch_enter(c, page);
		ok = add_page(c, &s);
		scratch_leave(c, page);
	}
	*out = s.sum;
	return ok;
}

/* Taken back by a restatement. */
static bool is_void(const struct list *restated, const struct event *e, struct str period)
{
	const struct restatement *runs = restated->items;

	for (size_t i = 0; i < restated->count; i++)
		if (trued_up_void(&runs[i], e, period))
			return true;
	return false;
}

static bool add_before(struct ctx *c, const struct event *e, int64_t *minor)
{
	struct terms_in_force t;
	struct recall recall;
	const struct correction *x = &recall.correction;

	if (!terms_in_force(c, e->campaign_id, e->occurred_at, &t)
	    || !recall_read(c, e, t.terms->currency, &recall))
		return false;
	*minor += x->is_minor - x->was_minor - x->before_minor;
	return true;
}

bool true_up_before(struct ctx *c, const struct enrolment *e, struct str period, int64_t as_of_id,
                    struct true_up_before *out)
{
	struct str owner = id_str(c->arena, ID_ENROLMENT, e->id);
	struct str id = arena_printf(c->arena, "true-up/%.*s/%.*s", STR_ARG(owner),
	                             STR_ARG(period));
	struct list restated;

	*out = (struct true_up_before){ .next_id = id };
	if (!restatement_approved(c, e->campaign_id, as_of_id, &restated))
		return false;
	for (int n = 2;; n++) {
		struct event event;
		bool found;

		if (!event_find(c, EVENT_TRUE_UP, out->next_id, &event, &found))
			return false;
		if (!found || event.id >= as_of_id)
			return true;
		if (!is_void(&restated, &event, period) && !add_before(c, &event, &out->minor))
			return false;
		out->next_id = arena_printf(c->arena, "%.*s/%d", STR_ARG(id), n);
	}
}

struct str true_up_name(struct arena *a, const struct true_up_period *p)
{
	long long year = p->first_month / 100, first = p->first_month % 100;

	if (p->first_month == p->last_month)
		return arena_printf(a, "%04lld-%02lld", year, first);
	if (p->last_month - p->first_month == 2)
		return arena_printf(a, "%04lld-Q%lld", year, first / 3 + 1);
	return arena_printf(a, "%04lld", year);
}

bool true_up_months(struct str name, int64_t *out_first, int64_t *out_last)
{
	int64_t year, part;

	if (name.n < 4 || !str_to_int(str_slice(name, 0, 4), &year))
		return false;
	if (name.n == 4) {
		*out_first = year * 100 + 1;
		*out_last = year * 100 + 12;
		return true;
	}
	if (name.n != 7 || name.p[4] != '-')
		return false;
	if (name.p[5] == 'Q') {
		part = name.p[6] - '0';
		*out_first = year * 100 + part * 3 - 2;
		*out_last = *out_first + 2;
		return part >= 1 && part <= 4;
	}
	if (!str_to_int(str_slice(name, 5, 7), &part))
		return false;
	*out_first = *out_last = year * 100 + part;
	return part >= 1 && part <= 12;
}

const struct sql *const true_up_sum_sql[] = { &SQL_ITEMS, &SQL_REFUNDED, NULL };
