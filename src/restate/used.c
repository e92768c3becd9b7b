/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/used.h"

#include "base/check.h"
#include "commission/commission.h"
#include "customer/customer.h"
#include "event/lead.h"
#include "event/recall.h"
#include "event/standing.h"
#include "restate/spent.h"
#include "restate/stand.h"
#include "rules/counters.h"
#include "rules/restate.h"
#include "rules/true_up.h"

static _Thread_local struct accrual accrued;

/* What an event of the run is judged by, with its credits and those above to be written to. */
struct filling {
	const struct restatement *run;
	const struct terms *terms;
	const struct event *event;
	struct inputs inputs;
	struct credit *credits;
	int64_t month;
};

bool used_asked(const struct terms *chosen, int64_t stands)
{
	return chosen->cap_count > 0 || (stands & STANDS_LEADS) || true_up_retroactive(chosen);
}

/* ---- Caps. */

/* The caps that count per partner (or, partner 0, for the whole campaign). */
static bool fill_caps(struct ctx *c, const struct filling *f, int64_t partner_id, int64_t *used)
{
	enum cap_scope scope = partner_id ? CAP_PARTNER : CAP_CAMPAIGN;
	int64_t months[2];

	for (size_t i = 0; i < f->terms->cap_count; i++) {
		struct stand_sum sum;

		if (f->terms->caps[i].scope != scope)
			continue;
		standing_period(f->terms->caps[i].period, f->month, &months[0], &months[1]);
		if (!stand_sum(c, f->run, partner_id, months, &sum))
			return false;
		used[i] = sum.earned_minor;
	}
	return true;
}

static bool fill_customer_caps(struct ctx *c, struct filling *f)
{
	int64_t left;

	if (!spent_asked(f->terms) || f->event->customer_id == 0)
		return true;
	if (!spent_sum(c, f->run, f->terms, f->event, &left))
		return false;
	for (size_t i = 0; i < f->terms->cap_count; i++)
		if (f->terms->caps[i].scope == CAP_CUSTOMER)
			f->inputs.standing.cap_used[i] = left;
	return true;
}

static bool fill_above(struct ctx *c, const struct filling *f, struct credit *cr)
{
	size_t count = cr->chain_count + (cr->recruiter != NULL);
	struct upline *ups = ARENA_ARRAY(c->arena, struct upline, count + 1);

	for (size_t i = 0; i < count; i++) {
		ups[i] = i < cr->chain_count ? cr->chain[i] : *cr->recruiter;
		if (!fill_caps(c, f, ups[i].partner_id, ups[i].cap_used))
			return false;
	}
	cr->recruiter = cr->recruiter ? &ups[cr->chain_count] : NULL;
	cr->chain = ups;
	return true;
}

static bool fill_all_caps(struct ctx *c, struct filling *f)
{
	struct standing *s = &f->inputs.standing;

	memset(s->cap_used, 0, sizeof(s->cap_used));
	for (size_t i = 0; i < s->credit_count; i++) {
		struct credit *cr = &f->credits[i];

		memset(cr->cap_used, 0, sizeof(cr->cap_used));
		if (!fill_caps(c, f, cr->partner_id, cr->cap_used) || !fill_above(c, f, cr))
			return false;
	}
	return fill_caps(c, f, 0, s->cap_used) && fill_customer_caps(c, f);
}

/* ---- Periods of retroactive tiers. */

/* By all of the period; where the event itself counts, the engine adds it. */
static bool fill_periods(struct ctx *c, struct filling *f)
{
	const struct standing *s = &f->inputs.standing;
	int64_t months[2];

	standing_period(f->terms->tiers_period, f->month, &months[0], &months[1]);
	accrue(f->terms, s, &f->inputs.event, &accrued);
	for (size_t i = 0; i < s->credit_count; i++) {
		struct counters own = true_up_own(f->terms, &f->inputs.event, &accrued, i);
		struct stand_sum sum;

		if (!stand_sum(c, f->run, f->credits[i].partner_id, months, &sum))
			return false;
		f->credits[i].counters = counters_less(&sum.driven, &own);
	}
	return true;
}

/* ---- Leads. */

static bool key_of(struct ctx *c, const struct event *e, int64_t *out)
{
	struct customer cu;

	*out = 0;
	if (e->type != EVENT_LEAD || e->customer_id == 0)
		return true;
	if (!customer_get(c, e->customer_id, &cu))
		return false;
	*out = lead_key(c, &cu);
	return true;
}

static const struct sql SQL_LEAD = {
	.text = "SELECT event_id FROM restatement_lead WHERE org_id = $1 AND run_id = $2"
	        " AND partner_id = $3 AND address_key = $4",
};

static const struct sql SQL_KEY = {
	.text = "UPDATE restatement_input SET address_key = $4"
	        " WHERE org_id = $1 AND event_id = $2 AND run_id = $3",
};

static bool fill_lead(struct ctx *c, struct filling *f)
{
	enum unpayable *is = &f->inputs.event.unpayable;
	int64_t key, before;

	if (!key_of(c, f->event, &key))
		return false;
	if (key == 0 || *is == UNPAYABLE_BOT || *is == UNPAYABLE_UNQUALIFIED)
		return true;
	*is = PAYABLE;
	for (size_t i = 0; i < f->inputs.standing.credit_count; i++) {
		if (f->credits[i].holds & HOLD_SELF_ADDRESS)
			*is = UNPAYABLE_SELF;
		if (!db_int(c, &SQL_LEAD,
		            ARGS(val_int(f->run->id), val_int(f->credits[i].partner_id),
		                 val_int(key)),
		            &before))
			return false;
		if (before != 0)
			*is = UNPAYABLE_DUPLICATE;
	}
	return db_exec(c, &SQL_KEY,
	               ARGS(val_int(f->event->id), val_int(f->run->id), val_int(key)));
}

static const struct sql SQL_PAID = {
	.text = "INSERT INTO restatement_lead (org_id, run_id, partner_id, address_key, event_id)"
	        " VALUES ($1, $2, $3, $4, $5)"
	        " ON CONFLICT (org_id, run_id, partner_id, address_key) DO NOTHING",
};

static bool note_lead(struct ctx *c, const struct restatement *r, const struct event *e,
                      const struct standing *s)
{
	int64_t key;

	if (!(r->stands & STANDS_LEADS))
		return true;
	if (!key_of(c, e, &key))
		return false;
	for (size_t i = 0; key != 0 && i < s->credit_count; i++)
		if (!db_exec(c, &SQL_PAID,
		             ARGS(val_int(r->id), val_int(s->credits[i].partner_id),
		                  val_int(key), val_int(e->id))))
			return false;
	return true;
}

static const struct sql SQL_LEADS_PAID = {
	.text = "INSERT INTO lead_paid (org_id, campaign_id, partner_id, address_key, event_id)"
	        " SELECT org_id, CAST($2 AS BIGINT), partner_id, address_key, event_id"
	        " FROM restatement_lead WHERE org_id = $1 AND run_id = $3"
	        " ON CONFLICT (org_id, campaign_id, partner_id, address_key) DO NOTHING",
};

bool used_leads_paid(struct ctx *c, const struct restatement *r)
{
	return !(r->stands & STANDS_LEADS)
	       || db_exec(c, &SQL_LEADS_PAID, ARGS(val_int(r->campaign_id), val_int(r->id)));
}

/* ---- An event. */

bool used_fill(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e)
{
	struct filling f = { .run = r, .terms = chosen, .event = e };
	struct standing *s = &f.inputs.standing;
	struct recall recall;

	if (!stand_read(c, r, e->id, chosen->currency, &f.inputs)
	    || !recall_read(c, e, chosen->currency, &recall))
		return false;
	f.month = recall.month;
	f.credits = ARENA_ARRAY(c->arena, struct credit, s->credit_count + 1);
	memcpy(f.credits, s->credits, s->credit_count * sizeof(f.credits[0]));
	s->credits = f.credits;
	return (!(r->stands & STANDS_LEADS) || fill_lead(c, &f))
	       && (!true_up_retroactive(chosen) || fill_periods(c, &f))
	       && (chosen->cap_count == 0 || fill_all_caps(c, &f))
	       && stand_keep(c, r, chosen, e->id, &f.inputs);
}

int64_t used_by_commission(const struct terms *chosen, const struct commission *m)
{
	return m->kind == EARNING_OWN && str_is(m->currency, chosen->currency->code) ? m->amount : 0;
}

/* It has used its customer's cap, too. */
static bool note_spent(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                       const struct event *e)
{
	return !spent_asked(chosen) || spent_note(c, r, e);
}

static bool use(struct ctx *c, const struct restatement *r, const int64_t partner_month[2],
                int64_t earned_minor)
{
	const struct stand_sum more = { .earned_minor = earned_minor };

	return stand_add(c, r, partner_month, &more)
	       && stand_add(c, r, (int64_t[]){ 0, partner_month[1] }, &more);
}

bool used_take(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e, const struct accrual *judged)
{
	const struct standing *s;
	struct recall recall;

	if (!recall_read(c, e, chosen->currency, &recall) || !note_spent(c, r, chosen, e))
		return false;
	s = &recall.inputs.standing;
	for (size_t i = 0; chosen->cap_count > 0 && i < s->credit_count; i++)
		if (!use(c, r, (int64_t[]){ s->credits[i].partner_id, recall.month },
		         counters_earned(chosen, judged, i)))
			return false;
	return judged->commission_count == 0 || e->type != EVENT_LEAD || note_lead(c, r, e, s);
}

bool used_beside(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                 const struct event *e)
{
	const struct commission *m;
	struct recall recall;
	struct list all;

	if (!recall_read(c, e, chosen->currency, &recall) || !commission_of_event(c, e->id, &all)
	    || !note_spent(c, r, chosen, e))
		return false;
	m = all.items;
	for (size_t i = 0; chosen->cap_count > 0 && i < all.count; i++)
		if (!use(c, r, (int64_t[]){ m[i].partner_id, recall.month },
		         used_by_commission(chosen, &m[i])))
			return false;
	return all.count == 0 || e->type != EVENT_LEAD
	       || note_lead(c, r, e, &recall.inputs.standing);
}

const struct sql *const used_sql[] = {
	&SQL_LEAD, &SQL_KEY, &SQL_PAID, &SQL_LEADS_PAID, NULL,
};
