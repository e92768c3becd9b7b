/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/true_up.h"

#include "base/check.h"
#include "calendar/calendar.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "event/recall.h"
#include "event/standing.h"
#include "rules/true_up.h"

#define PAGE 500
#define CAMPAIGNS_MAX 1000

static const char job[] = "true-up";

/* The campaigns whose terms have ever asked for true-ups. */
struct trued_up {
	int64_t ids[CAMPAIGNS_MAX];
	size_t count;
};

static bool find_campaigns(struct ctx *c, struct trued_up *out)
{
	struct campaign k = { 0 };
	bool found = true, is;

	out->count = 0;
	while (out->count < CAMPAIGNS_MAX) {
		if (!campaign_next(c, k.id + 1, &k, &found))
			return false;
		if (!found)
			break;
		if (!terms_any(c, k.id, true_up_asked, &is))
			return false;
		if (is)
			out->ids[out->count++] = k.id;
	}
	return true;
}

static bool has(const struct trued_up *all, int64_t campaign_id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->ids[i] == campaign_id)
			return true;
	return false;
}

static const struct sql SQL_ITEM = {
	.text = "INSERT INTO true_up_item (org_id, campaign_id, partner_id, month, event_id)"
	        " VALUES ($1, $2, $3, $4, $5)"
	        " ON CONFLICT (org_id, campaign_id, partner_id, month, event_id) DO NOTHING",
};

static const struct sql SQL_DUE = {
	.text = "INSERT INTO true_up_due (org_id, last_month, first_month, campaign_id, partner_id)"
	        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT"
	        " (org_id, last_month, first_month, campaign_id, partner_id) DO NOTHING",
};

bool true_up_again(struct ctx *c, const struct true_up_period *p)
{
	return db_exec(c, &SQL_DUE,
	               ARGS(val_int(p->last_month), val_int(p->first_month),
	                    val_int(p->campaign_id), val_int(p->partner_id)));
}

/* A partner's period around a month; a period that never ends is never due. */
static bool note_due(struct ctx *c, const struct event *e, int64_t partner_id,
                     enum tiers_period period, int64_t month)
{
	struct true_up_period p = { .campaign_id = e->campaign_id, .partner_id = partner_id };

	if (period == PERIOD_LIFETIME)
		return true;
	standing_period(period, month, &p.first_month, &p.last_month);
	return true_up_again(c, &p);
}

/* An event that is credited to somebody: it belongs to the periods of each of them. */
static bool note(struct ctx *c, int64_t event_id)
{
	struct terms_in_force t;
	struct recall recall;
	struct event e;

	if (!event_get(c, event_id, &e) || !terms_in_force(c, e.campaign_id, e.occurred_at, &t))
		return false;
	if (!true_up_asked(t.terms))
		return true;
	if (!recall_read(c, &e, t.terms->currency, &recall))
		return false;
	for (size_t i = 0; i < recall.inputs.standing.credit_count; i++) {
		int64_t partner_id = recall.inputs.standing.credits[i].partner_id;

		if (!db_exec(c, &SQL_ITEM,
		             ARGS(val_int(e.campaign_id), val_int(partner_id),
		                  val_int(recall.month), val_int(e.id)))
		    || (t.terms->retroactive
		        && !note_due(c, &e, partner_id, t.terms->tiers_period, recall.month))
		    || !note_due(c, &e, partner_id, t.terms->clawback_period, recall.month))
			return false;
	}
	return true;
}

static const struct sql SQL_EVENTS = {
	.text = "SELECT id, type, campaign_id, related_id, customer_id FROM event"
	        " WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
};

static const struct sql SQL_OF_CUSTOMER = {
	.text = "SELECT id, campaign_id FROM event WHERE org_id = $1 AND customer_id = $2"
	        " AND campaign_id <> 0 AND related_id = 0 AND id < $3 ORDER BY id",
};

/* A customer who leaves may cost something of each earlier event. */
static bool note_churn(struct ctx *c, const struct trued_up *all, int64_t churn_id,
                       int64_t customer_id)
{
	struct rows r;

	if (!db_query(c, &SQL_OF_CUSTOMER, ARGS(val_int(customer_id), val_int(churn_id)), &r))
		return false;
	for (size_t i = 0; i < r.count; i++)
		if (has(all, rows_int(&r, i, 1)) && !note(c, rows_int(&r, i, 0)))
			return false;
	return true;
}

static bool note_page(struct ctx *c, const struct trued_up *all, int64_t *last_id,
                      bool *out_more)
{
	struct rows r;

	if (!db_query(c, &SQL_EVENTS, ARGS(val_int(*last_id), val_int(PAGE)), &r))
		return false;
	*out_more = r.count == PAGE;
	for (size_t i = 0; i < r.count; i++) {
		/* A refund and the like makes the period of its sale due again. */
		int64_t type = rows_int(&r, i, 1), related = rows_int(&r, i, 3);

		*last_id = rows_int(&r, i, 0);
		if (type == EVENT_CHURN && !note_churn(c, all, *last_id, rows_int(&r, i, 4)))
			return false;
		if (type != EVENT_CHURN && type != EVENT_TRUE_UP && type != EVENT_RESTATED
		    && has(all, rows_int(&r, i, 2))
		    && !note(c, related ? related : *last_id))
			return false;
	}
	return true;
}

bool true_up_fold(struct ctx *c, bool *out_more)
{
	struct trued_up *all = ARENA_NEW(c->arena, struct trued_up);
	struct calendar_position p;
	int64_t last_id;

	*out_more = false;
	if (!calendar_position(c, job, &p) || !find_campaigns(c, all))
		return false;
	last_id = p.period;
	if (all->count > 0 ? !note_page(c, all, &last_id, out_more)
	                   : !event_newest(c, &last_id))
		return false;
	return last_id <= p.period
	       || calendar_move(c, job, &(struct calendar_position){ .period = last_id });
}

const struct sql *const true_up_fold_sql[] = {
	&SQL_ITEM, &SQL_DUE, &SQL_EVENTS, &SQL_OF_CUSTOMER, NULL,
};
