/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/world.h"

#include "base/check.h"
#include "event/standing.h"
#include "rules/counters.h"
#include "rules/true_up.h"
#include "whatif/credit.h"
#include "whatif/settle.h"

#define PERIODS 4

/* What partners (0: all together) have driven and earned in a period. */
struct kept {
	struct counters counters;
	int64_t earned_minor;
};

/* The engine's input and output for one event; too large for a stack. */
struct judging {
	struct credit credited[CREDITS_MAX], credits[CREDITS_MAX];
	struct upline ups[CREDITS_MAX][LEVELS_MAX];
	struct accrual accrual;
};

static _Thread_local struct judging judging;

static void find_needs(struct world *w)
{
	const struct terms *t = w->terms;

	world_remember_by(w, t);
	if (t->tiers_by != TIERS_NONE)
		w->periods |= 1U << t->tiers_period;
	for (size_t i = 0; i < t->cap_count; i++) {
		if (t->caps[i].scope == CAP_CUSTOMER)
			w->by_customer = true;
		else
			w->periods |= 1U << t->caps[i].period;
	}
}

void world_remember_by(struct world *w, const struct terms *t)
{
	if (!true_up_asked(t))
		return;
	w->settles = true;
	if (t->retroactive)
		w->periods |= 1U << t->tiers_period;
}

void world_init(struct world *w, const struct world *from)
{
	*w = *from;
	table_init(&w->kept, sizeof(struct kept));
	table_init(&w->spent, sizeof(int64_t));
	table_init(&w->leads, 1);
	table_init(&w->sales, sizeof(struct sale));
	table_init(&w->buyers, sizeof(size_t));
	table_init(&w->owners, sizeof(struct owned));
	table_init(&w->settling, sizeof(struct settling *));
	w->due_at_ms = INT64_MAX;
	if (w->terms)
		find_needs(w);
}

void world_free(struct world *w)
{
	table_free(&w->kept);
	table_free(&w->spent);
	table_free(&w->leads);
	table_free(&w->sales);
	table_free(&w->buyers);
	table_free(&w->owners);
	table_free(&w->settling);
}

size_t world_size(const struct world *w)
{
	return w->kept.count + w->spent.count + w->leads.count + w->sales.count
	       + w->owners.count + w->settling.count;
}

static int64_t period_key(enum tiers_period period, int64_t month)
{
	int64_t from, to;

	standing_period(period, month, &from, &to);
	return (int64_t)period * 1000000 + from;
}

static struct kept kept_in(const struct world *w, int64_t partner_id, enum tiers_period period,
                           int64_t month)
{
	const struct kept *k = table_find(&w->kept, partner_id, period_key(period, month));

	return k ? *k : (struct kept){ 0 };
}

struct counters world_driven(const struct world *w, int64_t partner_id, const int64_t months[2])
{
	enum tiers_period period = months[0] == months[1]      ? PERIOD_MONTH
	                           : months[1] - months[0] == 2 ? PERIOD_QUARTER
	                                                        : PERIOD_YEAR;

	return kept_in(w, partner_id, period, months[0]).counters;
}

static void keep(struct world *w, int64_t partner_id, int64_t month, const struct kept *change)
{
	for (unsigned period = 0; period < PERIODS; period++) {
		if (!(w->periods & 1U << period))
			continue;
		struct kept *k = table_add(&w->kept, partner_id,
		                           period_key((enum tiers_period)period, month), NULL);

		counters_add(&k->counters, &change->counters);
		k->earned_minor += change->earned_minor;
	}
}

void world_keep(struct world *w, int64_t partner_id, int64_t month, const struct counters *n,
                int64_t earned_minor)
{
	const struct kept change = { *n, earned_minor };

	keep(w, partner_id, month, &change);
	keep(w, 0, month, &change);
}

static void fill_caps(const struct world *w, int64_t partner_id, int64_t month, int64_t *used)
{
	const struct terms *t = w->terms;

	for (size_t i = 0; i < t->cap_count; i++)
		used[i] = t->caps[i].scope == CAP_PARTNER
		                  ? kept_in(w, partner_id, t->caps[i].period, month).earned_minor
		                  : 0;
}

static void fill_shared_caps(const struct world *w, const struct happening *h, int64_t *used)
{
	const struct terms *t = w->terms;

	for (size_t i = 0; i < t->cap_count; i++) {
		enum tiers_period period = t->caps[i].period;
		const int64_t *spent = table_find(&w->spent, h->event->customer_id, 0);

		used[i] = 0;
		if (t->caps[i].scope == CAP_CAMPAIGN)
			used[i] = kept_in(w, 0, period, h->recall.month).earned_minor;
		if (t->caps[i].scope == CAP_CUSTOMER)
			used[i] = spent ? *spent : 0;
	}
}

/* The partner above another at a moment, as it stands today; *out->partner_id 0: none. */
static bool above(struct world *w, int64_t below_id, int64_t at_ms, struct upline *out)
{
	const struct today_partner *p;
	int64_t parent_id;

	*out = (struct upline){ 0 };
	if (!today_parent(w->today, below_id, at_ms, &parent_id))
		return false;
	if (parent_id == 0)
		return true;
	if (!today_find(w->today, parent_id, &p))
		return false;
	w->today->uplines = true;
	out->partner_id = parent_id;
	out->standing = p->above;
	return true;
}

static const struct upline *stored_above(const struct credit *cr, size_t level)
{
	if (level < cr->chain_count)
		return &cr->chain[level];
	return level == 0 ? cr->recruiter : NULL;
}

/* Those above, as far as the terms pay them: as stored, and beyond that as they stand today. */
static bool fill_chain(struct world *w, const struct happening *h, struct credit *cr,
                       struct upline *ups)
{
	const struct terms *t = w->terms;
	size_t levels = t->level_count > 0 ? t->level_count : t->recruiting_ppm > 0;
	int64_t below_id = cr->partner_id;
	size_t count = 0;

	while (count < levels) {
		const struct upline *known = stored_above(cr, count);

		if (known)
			ups[count] = *known;
		else if (!above(w, below_id, h->event->occurred_at, &ups[count]))
			return false;
		if (ups[count].partner_id == 0)
			break;
		below_id = ups[count].partner_id;
		fill_caps(w, below_id, h->recall.month, ups[count++].cap_used);
	}
	cr->chain = ups;
	cr->chain_count = t->level_count > 0 ? count : 0;
	cr->recruiter = t->recruiting_ppm > 0 && count > 0 ? &ups[0] : NULL;
	return true;
}

/* The standing as this world has made it. */
static bool stand(struct world *w, const struct happening *h, struct standing *s)
{
	const struct terms *t = w->terms;
	int64_t month = h->recall.month;

	for (size_t i = 0; i < s->credit_count; i++) {
		struct credit *cr = &judging.credits[i];

		*cr = s->credits[i];
		cr->counters = (struct counters){ 0 };
		if (t->tiers_by != TIERS_NONE)
			cr->counters =
			        kept_in(w, cr->partner_id, t->tiers_period, month).counters;
		fill_caps(w, cr->partner_id, month, cr->cap_used);
		if (!fill_chain(w, h, cr, judging.ups[i]))
			return false;
	}
	s->credits = judging.credits;
	fill_shared_caps(w, h, s->cap_used);
	return true;
}

/* Whether a lead pays by itself, in this world: not to its own partner, and not twice. */
static enum unpayable look_at_lead(const struct world *w, const struct happening *h,
                                   const struct standing *s)
{
	enum unpayable was = h->recall.inputs.event.unpayable, is = PAYABLE;

	if (was == UNPAYABLE_BOT || was == UNPAYABLE_UNQUALIFIED)
		return was;
	for (size_t i = 0; i < s->credit_count; i++) {
		if (s->credits[i].holds & HOLD_SELF_ADDRESS)
			is = UNPAYABLE_SELF;
		if (table_find(&w->leads, s->credits[i].partner_id, h->lead_key))
			is = UNPAYABLE_DUPLICATE;
	}
	return is;
}

static void note_lead(struct world *w, const struct happening *h, const struct standing *s)
{
	for (size_t i = 0; i < s->credit_count; i++)
		table_add(&w->leads, s->credits[i].partner_id, h->lead_key, NULL);
}

static void keep_credits(struct world *w, const struct happening *h, const struct ruling *r)
{
	for (size_t i = 0; i < r->standing.credit_count; i++) {
		struct counters n = { 0 };

		if (h->event->type != EVENT_TRUE_UP)
			n = accrue_counts(r->terms, &r->event, r->accrual, i);
		world_keep(w, r->standing.credits[i].partner_id, h->recall.month, &n,
		           counters_earned(r->terms, r->accrual, i));
	}
}

static void remember(struct world *w, const struct happening *h, const struct ruling *r)
{
	bool followed = sale_followed(w, h);
	struct sale *s = NULL;

	if (w->periods)
		keep_credits(w, h, r);
	if (r->event.kind == TRIGGER_LEAD && r->accrual->commission_count > 0)
		note_lead(w, h, &r->standing);
	if (w->by_customer)
		sale_spend(w, h, r);
	if (followed)
		s = sale_open(w, h, r);
	if (w->settles && h->event->type != EVENT_TRUE_UP)
		settle_add(w, h, r, s);
	if (followed)
		sale_begin(w, h);
}

/* What jobs make is nobody's but the partner's it was made for. */
static bool is_contested(const struct happening *h)
{
	int64_t type = h->event->type;

	return type != EVENT_CLICK && type != EVENT_RETAINER && type != EVENT_TRUE_UP;
}

static bool judge_again(struct world *w, const struct happening *h, struct ruling *r)
{
	r->terms = w->terms;
	r->accrual = &judging.accrual;
	if ((w->touches && is_contested(h) && !credit_judge(w, h, r, judging.credited))
	    || !stand(w, h, &r->standing))
		return false;
	if (r->event.kind == TRIGGER_LEAD)
		r->event.unpayable = look_at_lead(w, h, &r->standing);
	accrue(r->terms, &r->standing, &r->event, &judging.accrual);
	return true;
}

bool world_correct(struct world *w, const struct world_correction *x)
{
	struct event e = { .type = EVENT_TRUE_UP, .occurred_at = x->correction.at_ms };
	struct happening h = { .event = &e, .inside = true, .terms = w->terms,
		               .recall = { .month = x->month } };
	struct credit who = { .partner_id = x->partner_id, .share_ppm = PPM_ONE,
		              .signal = SIGNAL_CODE, .standing = x->standing };
	struct ruling r = { .terms = w->terms, .accrual = &judging.accrual,
		            .standing = { .credits = &who, .credit_count = 1 },
		            .event = { .kind = TRIGGER_SALE } };
	struct world_outcome ignored;

	if (!stand(w, &h, &r.standing))
		return false;
	accrue_correction(w->terms, &r.standing, &x->correction, &judging.accrual);
	remember(w, &h, &r);
	world_count(w, &h, &r, &ignored);
	return true;
}

/*
 * True-ups that were made inside the time are not what other terms would have made; what never
 * happened does so only where the terms pay for it; and what nobody was credited with is only of
 * interest where that is judged again.
 */
static bool is_another_worlds(const struct world *w, const struct happening *h)
{
	if (h->extra)
		return !w->terms || !accrue_pays_for(w->terms, h->recall.inputs.event.kind);
	if (h->unclaimed)
		return !w->touches;
	return h->event->type == EVENT_TRUE_UP && w->terms && h->inside;
}

bool world_judge(struct world *w, const struct happening *h, struct world_outcome *out)
{
	struct ruling r = { .terms = h->terms,
		            .standing = h->recall.inputs.standing,
		            .event = h->recall.inputs.event,
		            .accrual = h->stored };

	if (is_another_worlds(w, h))
		return true;
	w->now_ms = h->event->received_at;
	if (w->terms && h->inside && !judge_again(w, h, &r))
		return false;
	if (w->touches && is_contested(h) && !h->inside)
		credit_follow(w, h);
	if (w->terms)
		remember(w, h, &r);
	if (h->inside)
		world_count(w, h, &r, out);
	return true;
}
