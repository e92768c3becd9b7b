/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "restate/stand.h"
#include "restate/trued_up.h"
#include "restate/used.h"
#include "rules/counters.h"
#include "rules/restate.h"
#include "rules/true_up.h"
#include "verify/spent_recount.h"

static _Thread_local struct accrual accrued;

/* Beside a run that has found something again: what a recount of the run itself gives. */
struct stood {
	struct recount *used;    /* what uses up its caps */
	struct recount *reached; /* by a period's first month: what events say was driven in all of it */
	struct tallies *paid;    /* leads, by partner and address */
	struct spent_recount *spent; /* what customers use of its caps; NULL: there are none */
	bool through;            /* past the last event that it knew */
};

static const struct sql SQL_STANDS = {
	.text = "SELECT id FROM restatement WHERE org_id = $1 AND stands <> 0"
	        " AND status IN (1, 2, 3) ORDER BY id",
};

_Static_assert(RESTATEMENT_PREVIEWED == 1 && RESTATEMENT_POSTED == 3, "the states in the statement");

/* Rejections are told by no event: they are read where caps per customer are recounted. */
static bool begin(struct replay *r, struct replay_run *run)
{
	struct stood *s = ARENA_NEW(r->lasting.arena, struct stood);

	*s = (struct stood){ .used = recount_new(), .reached = recount_new(),
		             .paid = tallies_new() };
	r->stood = true;
	run->stood = s;
	if (!spent_asked(run->terms))
		return true;
	s->spent = spent_recount_new();
	return r->rejected.items || commission_rejections(&r->lasting, 0, INT64_MAX, &r->rejected);
}

bool replay_read_stood(struct replay *r)
{
	struct replay_run *run;
	struct rows rows;

	if (!db_query(r->v->c, &SQL_STANDS, NO_ARGS, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		if (!replay_find_run(r, rows_int(&rows, i, 0), &run)) {
			if (r->v->c->err.code == ERR_STORAGE)
				return false;
			fail_clear(r->v->c); /* found where the run is followed */
			continue;
		}
		if (!begin(r, run))
			return false;
	}
	return true;
}

void replay_free_stood(struct replay *r)
{
	for (struct replay_run *run = r->runs; run; run = run->next) {
		if (!run->stood)
			continue;
		recount_free(run->stood->used);
		recount_free(run->stood->reached);
		tallies_free(run->stood->paid);
		spent_recount_free(run->stood->spent);
	}
}

/* ---- Retroactive tiers: what was driven in a period is known when it is over. */

static void check_reached(struct replay *r, const struct replay_run *run,
                          const struct recount_month *said)
{
	struct recount_month sum;
	int64_t months[2];
	char id[ID_TEXT_MAX];

	standing_period(run->terms->tiers_period, said->month, &months[0], &months[1]);
	sum = recount_sum(r->recount, said->partner_id, said->campaign_id, months);
	if (counters_same(&said->counters, &sum.counters))
		return;
	verify_id(ID_RESTATEMENT, run->run.id, id);
	verify_found(r->v, "%s: judges %lld by counters of the whole period (revenue %lld, sales"
	             " %lld) that a recount does not give (%lld, %lld)", id,
	             (long long)said->month, (long long)said->counters.revenue_minor,
	             (long long)said->counters.sales, (long long)sum.counters.revenue_minor,
	             (long long)sum.counters.sales);
}

/* What was rejected before the event is looked at again. */
static void pass_rejected(struct replay *r, int64_t event_id)
{
	const struct rejection *all = r->rejected.items;

	for (; r->rejected_next < r->rejected.count; r->rejected_next++) {
		const struct rejection *at = &all[r->rejected_next];

		if (at->entry_id > event_id)
			return;
		for (struct replay_run *run = r->runs; run; run = run->next)
			if (run->stood && run->stood->spent)
				spent_recount_rejected(run->stood->spent, at->customer_id,
				                       at->event_id);
	}
}

void replay_tell_stood(struct replay *r, const struct event *notice)
{
	for (struct replay_run *run = r->runs; run; run = run->next)
		if (run->stood && run->stood->spent)
			spent_recount_told(run->stood->spent, notice);
}

void replay_pass_stood(struct replay *r, int64_t event_id)
{
	const struct recount_month *said;

	pass_rejected(r, event_id);

	for (struct replay_run *run = r->runs; run; run = run->next) {
		if (!run->stood || run->stood->through || event_id <= run->run.through_id)
			continue;
		run->stood->through = true;
		for (size_t i = 0; (said = recount_month_at(run->stood->reached, i)); i++)
			check_reached(r, run, said);
	}
}

/* Whatever is said of a period first counts: all its events must say the same. */
static void note_reached(struct replay *r, const struct replay_run *run, const struct replayed *e)
{
	const struct inputs *in = &e->recall.inputs;
	int64_t months[2];

	standing_period(run->terms->tiers_period, e->recall.month, &months[0], &months[1]);
	for (size_t i = 0; i < in->standing.credit_count; i++) {
		const struct credit *cr = &in->standing.credits[i];
		struct counters all = true_up_own(run->terms, &in->event, &accrued, i);
		struct recount_month *m = recount_month(run->stood->reached, cr->partner_id,
		                                        run->run.campaign_id, months[0]);

		counters_add(&all, &cr->counters);
		if (!m->seen)
			m->counters = all;
		m->seen = true;
		if (!counters_same(&m->counters, &all))
			verify_found(r->v, "%s: a restatement judges it by other counters of its"
			             " period than the events before it", e->id);
	}
}

/* ---- Leads. */

static void pay(struct stood *s, int64_t partner_id, int64_t key)
{
	tally_get(s->paid, partner_id, key)->line = 1;
}

static const struct sql SQL_KEY = {
	.text = "SELECT address_key FROM restatement_input"
	        " WHERE org_id = $1 AND event_id = $2 AND run_id = $3",
};

static void check_lead(struct replay *r, const struct replayed *e, struct stood *s, int64_t key)
{
	const struct standing *by = &e->recall.inputs.standing;
	enum unpayable is = e->recall.inputs.event.unpayable, found = PAYABLE;

	for (size_t i = 0; i < by->credit_count; i++) {
		if (by->credits[i].holds & HOLD_SELF_ADDRESS)
			found = UNPAYABLE_SELF;
		if (tally_find(s->paid, by->credits[i].partner_id, key))
			found = UNPAYABLE_DUPLICATE;
	}
	if (is != found && is != UNPAYABLE_BOT && is != UNPAYABLE_UNQUALIFIED)
		verify_found(r->v, "%s: a restatement takes it for a lead that %s, a recount does"
		             " not", e->id, is == PAYABLE ? "pays" : "does not pay");
	for (size_t i = 0; accrued.commission_count > 0 && i < by->credit_count; i++)
		pay(s, by->credits[i].partner_id, key);
}

static const struct sql SQL_PAID = {
	.text = "SELECT partner_id, address_key FROM restatement_lead"
	        " WHERE org_id = $1 AND event_id = $2 AND run_id = $3",
};

static bool note_leads(struct replay *r, const struct replay_run *run, int64_t event_id)
{
	struct rows rows;

	if (!db_query(r->v->c, &SQL_PAID, ARGS(val_int(event_id), val_int(run->run.id)), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		pay(run->stood, rows_int(&rows, i, 0), rows_int(&rows, i, 1));
	return true;
}

/* ---- Caps. */

static void use(const struct replay_run *run, const struct replayed *e, int64_t partner_id,
                int64_t earned_minor)
{
	recount_add(run->stood->used,
	            &(struct standing_change){ .partner_id = partner_id,
	                                       .campaign_id = run->run.campaign_id,
	                                       .month = e->recall.month,
	                                       .earned_minor = earned_minor });
}

static bool check_customer(struct replay *r, const struct replay_run *run,
                           const struct replayed *e)
{
	const int64_t *said = e->recall.inputs.standing.cap_used;
	struct spent_look at = { .run = &run->run, .chosen = run->terms };
	int64_t left;

	if (!run->stood->spent || e->event->customer_id == 0)
		return true;
	if (!spent_recount_sum(r->v->c, run->stood->spent, &at, e->event, &left))
		return false;
	for (size_t i = 0; i < run->terms->cap_count; i++)
		if (run->terms->caps[i].scope == CAP_CUSTOMER && said[i] != left)
			verify_found(r->v, "%s: a restatement judges it with %lld of its customer's"
			             " cap used, a recount gives %lld", e->id,
			             (long long)said[i], (long long)left);
	return true;
}

/* ---- An event. */

static bool check_inside(struct replay *r, const struct replay_run *run, const struct replayed *e)
{
	struct replayed again = *e;
	const struct standing *s = &again.recall.inputs.standing;
	struct ctx *c = r->v->c;
	int64_t key = 0;

	if (!stand_read(c, &run->run, e->event->id, run->terms->currency, &again.recall.inputs)
	    || !check_customer(r, run, &again)
	    || ((run->run.stands & STANDS_LEADS)
	        && !db_int(c, &SQL_KEY, ARGS(val_int(e->event->id), val_int(run->run.id)), &key)))
		return false;
	again.terms = run->terms;
	again.used = run->stood->used;
	again.later = true_up_retroactive(run->terms);
	replay_check_standing(r, &again);
	accrue(run->terms, s, &again.recall.inputs.event, &accrued);
	if (key != 0)
		check_lead(r, &again, run->stood, key);
	if (again.later)
		note_reached(r, run, &again);
	for (size_t i = 0; i < s->credit_count; i++)
		use(run, e, s->credits[i].partner_id, counters_earned(run->terms, &accrued, i));
	if (run->stood->spent)
		spent_recount_note(run->stood->spent, e->event);
	return true;
}

static bool note_beside(struct replay *r, const struct replay_run *run, const struct replayed *e,
                        const struct list *commissions)
{
	const struct commission *m = commissions->items;

	if (trued_up_void(&run->run, e->event, e->recall.correction.period))
		return true;
	for (size_t i = 0; i < commissions->count; i++)
		use(run, e, m[i].partner_id, used_by_commission(run->terms, &m[i]));
	if (run->stood->spent)
		spent_recount_note(run->stood->spent, e->event);
	return e->event->type != EVENT_LEAD || commissions->count == 0
	       || !(run->run.stands & STANDS_LEADS) || note_leads(r, run, e->event->id);
}

bool replay_check_stood(struct replay *r, const struct replayed *e, const struct list *commissions)
{
	struct ctx *c = r->v->c;

	for (struct replay_run *run = r->runs; run; run = run->next) {
		if (!run->stood || run->run.campaign_id != e->event->campaign_id
		    || e->event->id > run->run.through_id)
			continue;
		if (restatement_covers(&run->run, e->event)
		            ? check_inside(r, run, e)
		            : note_beside(r, run, e, commissions))
			continue;
		if (c->err.code == ERR_STORAGE)
			return false;
		fail_clear(c);
		verify_found(r->v, "%s: what a restatement judges it by cannot be read", e->id);
	}
	return true;
}

const struct sql *const verify_stood_sql[] = { &SQL_STANDS, &SQL_KEY, &SQL_PAID, NULL };
