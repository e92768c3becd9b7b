/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/stand.h"

#include "base/check.h"
#include "campaign/terms_cache.h"
#include "customer/customer.h"
#include "event/about.h"
#include "event/book.h"
#include "event/intake.h"
#include "event/recall.h"
#include "event/reversal.h"
#include "event/standing.h"
#include "partner/parent.h"
#include "partner/self.h"
#include "rules/counters.h"

static _Thread_local struct accrual accrued;

/* ---- What partners have driven. */

static const struct sql SQL_ADD = {
	.text = "INSERT INTO restatement_counter (org_id, run_id, partner_id, month, revenue, sales,"
	        " customers, projects, earned) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	        " ON CONFLICT (org_id, run_id, partner_id, month) DO UPDATE SET"
	        " revenue = restatement_counter.revenue + excluded.revenue,"
	        " sales = restatement_counter.sales + excluded.sales,"
	        " customers = restatement_counter.customers + excluded.customers,"
	        " projects = restatement_counter.projects + excluded.projects,"
	        " earned = restatement_counter.earned + excluded.earned",
};

bool stand_add(struct ctx *c, const struct restatement *r, const int64_t partner_month[2],
               const struct stand_sum *more)
{
	const struct counters *n = &more->driven;

	if (counters_none(n) && more->earned_minor == 0)
		return true;
	return db_exec(c, &SQL_ADD,
	               ARGS(val_int(r->id), val_int(partner_month[0]), val_int(partner_month[1]),
	                    val_int(n->revenue_minor), val_int(n->sales),
	                    val_int(n->customers), val_int(n->projects),
	                    val_int(more->earned_minor)));
}

static const struct sql SQL_SUM = {
	.text = "SELECT CAST(COALESCE(SUM(revenue), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(sales), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(customers), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(projects), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(earned), 0) AS BIGINT) FROM restatement_counter"
	        " WHERE org_id = $1 AND run_id = $2 AND partner_id = $3 AND month >= $4"
	        " AND month <= $5",
};

bool stand_sum(struct ctx *c, const struct restatement *r, int64_t partner_id,
               const int64_t months[2], struct stand_sum *out)
{
	struct rows rows;

	if (!db_query(c, &SQL_SUM,
	              ARGS(val_int(r->id), val_int(partner_id), val_int(months[0]),
	                   val_int(months[1])),
	              &rows))
		return false;
	out->driven = (struct counters){ rows_int(&rows, 0, 0), rows_int(&rows, 0, 1),
		                         rows_int(&rows, 0, 2), rows_int(&rows, 0, 3) };
	out->earned_minor = rows_int(&rows, 0, 4);
	return true;
}

/* An event as the terms in force judged it. */
struct past {
	const struct event *event;
	struct terms_in_force terms;
	struct recall recall;
};

static bool look_back(struct ctx *c, const struct event *e, struct past *out)
{
	out->event = e;
	return terms_in_force(c, e->campaign_id, e->occurred_at, &out->terms)
	       && recall_read(c, e, out->terms.terms->currency, &out->recall);
}

/* What the event counts once so much of it is gone, beside what it counted: -1, nothing yet. */
static bool count(struct ctx *c, const struct restatement *r, const struct past *p,
                  const int64_t gone[2])
{
	const struct standing *s = &p->recall.inputs.standing;
	int64_t amount = about_whole(p->event);

	accrue(p->terms.terms, s, &p->recall.inputs.event, &accrued);
	for (size_t i = 0; i < s->credit_count; i++) {
		struct counters all = accrue_counts(p->terms.terms, &p->recall.inputs.event,
		                                    &accrued, i);
		struct counters off = reverse_counters(&all, gone[1], amount);
		struct counters was_off = reverse_counters(&all, gone[0] < 0 ? 0 : gone[0], amount);
		int64_t where[2] = { s->credits[i].partner_id, p->recall.month };
		struct stand_sum change = {
			.driven = counters_less(gone[0] < 0 ? &all : &was_off, &off),
		};

		if (!stand_add(c, r, where, &change))
			return false;
	}
	return true;
}

bool stand_lower(struct ctx *c, const struct restatement *r, const struct event *notice)
{
	struct reversal before, after;
	struct event sale;
	struct past p;

	/* One that came before what it is about is counted with that. */
	if (notice->related_id == 0)
		return true;
	if (!event_get(c, notice->related_id, &sale)
	    || !reversal_known_before(c, &sale, notice->id, &before)
	    || !reversal_known_before(c, &sale, notice->id + 1, &after))
		return false;
	if (sale.inputs.n == 0 || before.gone_minor == after.gone_minor)
		return true;
	return look_back(c, &sale, &p)
	       && count(c, r, &p, (int64_t[]){ before.gone_minor, after.gone_minor });
}

/* ---- Who stood above. */

/* Is the customer that partner? Of a device nothing is known any more. */
static bool self_above(struct ctx *c, const struct event *e, const struct partner *p,
                       unsigned *out)
{
	struct customer cu;

	*out = 0;
	if (e->customer_id == 0)
		return true;
	if (!customer_get(c, e->customer_id, &cu))
		return false;
	*out = self_holds(p->email, p->payout_account, cu.email);
	return true;
}

static bool above(struct ctx *c, const struct restatement *r, const struct event *of,
                  int64_t partner_id, struct upline *out)
{
	struct enrolment e;
	struct partner p;
	bool enrolled;

	if (!book_partner(c, partner_id, &p)
	    || !book_enrolment(c, r->campaign_id, partner_id, &e, &enrolled))
		return false;
	*out = (struct upline){ .partner_id = partner_id };
	out->standing = intake_standing_of(enrolled ? enrolment_status(&p, &e)
	                                            : (enum partner_status)p.status);
	return self_above(c, of, &p, &out->holds);
}

static const struct upline *known(const struct credit *cr, size_t level)
{
	if (level < cr->chain_count)
		return &cr->chain[level];
	return level == 0 ? cr->recruiter : NULL;
}

/* As stored, and where the terms of the time looked no further, who was there. */
static bool find_chain(struct ctx *c, const struct restatement *r, const struct terms *t,
                       const struct event *e, struct credit *cr)
{
	size_t levels = t->level_count > 0 ? t->level_count : t->recruiting_ppm > 0, count = 0;
	struct upline *ups = ARENA_ARRAY(c->arena, struct upline, LEVELS_MAX);
	int64_t below_id = cr->partner_id, parent_id;

	for (; count < levels; count++, below_id = parent_id) {
		const struct upline *stored = known(cr, count);
		struct partner below;

		if (!book_partner(c, below_id, &below)
		    || !parent_at(c, &below, e->occurred_at, &parent_id))
			return false;
		if (parent_id == 0)
			break;
		if (stored && stored->partner_id == parent_id)
			ups[count] = *stored;
		else if (!above(c, r, e, parent_id, &ups[count]))
			return false;
	}
	cr->chain = ups;
	cr->chain_count = t->level_count > 0 ? count : 0;
	cr->recruiter = t->recruiting_ppm > 0 && count > 0 ? &ups[0] : NULL;
	return true;
}

/* ---- An event of the run. */

static const struct sql SQL_KEEP = {
	.text = "INSERT INTO restatement_input (org_id, run_id, event_id, inputs, address_key)"
	        " VALUES ($1, $2, $3, $4, 0)"
	        " ON CONFLICT (org_id, event_id, run_id) DO UPDATE SET inputs = excluded.inputs",
};

bool stand_keep(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                int64_t event_id, const struct inputs *in)
{
	struct buf b;

	buf_init(&b, c->arena);
	inputs_doc_print(&b, chosen->currency, &in->event, &in->standing);
	return db_exec(c, &SQL_KEEP,
	               ARGS(val_int(r->id), val_int(event_id), val_str(buf_text(&b))));
}

static bool keep(struct ctx *c, const struct restatement *r, const struct terms *t,
                 const struct past *p)
{
	const struct standing *was = &p->recall.inputs.standing;
	struct credit *credits = ARENA_ARRAY(c->arena, struct credit, was->credit_count + 1);
	struct inputs in = p->recall.inputs;
	int64_t months[2];

	standing_period(t->tiers_period, p->recall.month, &months[0], &months[1]);
	for (size_t i = 0; i < was->credit_count; i++) {
		struct credit *cr = &credits[i];
		struct stand_sum sum = { .earned_minor = 0 };

		*cr = was->credits[i];
		if ((t->tiers_by != TIERS_NONE
		     && !stand_sum(c, r, cr->partner_id, months, &sum))
		    || !find_chain(c, r, t, p->event, cr))
			return false;
		cr->counters = sum.driven;
	}
	in.standing.credits = credits;
	return intake_reward_rates(c, t, &in.standing, &in.event)
	       && stand_keep(c, r, t, p->event->id, &in);
}

bool stand_pass(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                const struct event *e)
{
	struct reversal told;
	struct past p;

	return look_back(c, e, &p)
	       && (!restatement_covers(r, e) || keep(c, r, chosen, &p))
	       && reversal_known_before(c, e, e->id, &told)
	       && count(c, r, &p, (int64_t[]){ -1, told.gone_minor });
}

static const struct sql SQL_READ = {
	.text = "SELECT inputs FROM restatement_input"
	        " WHERE org_id = $1 AND event_id = $2 AND run_id = $3",
};

bool stand_read(struct ctx *c, const struct restatement *r, int64_t event_id,
                const struct currency *cur, struct inputs *out)
{
	struct rows rows;

	if (!db_query(c, &SQL_READ, ARGS(val_int(event_id), val_int(r->id)), &rows))
		return false;
	if (rows.count == 0)
		return fail(c, ERR_NOT_FOUND, "event", "it was not prepared for the run");
	return inputs_doc_parse(c, rows_str(&rows, 0, 0), cur, out);
}

const struct sql *const stand_sql[] = { &SQL_ADD, &SQL_SUM, &SQL_KEEP, &SQL_READ, NULL };
