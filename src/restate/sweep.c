/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/sweep.h"

#include "base/check.h"
#include "calendar/calendar.h"
#include "commission/commission.h"
#include "restate/line.h"
#include "restate/restated.h"
#include "restate/spent.h"
#include "restate/stand.h"
#include "restate/trued_up.h"
#include "restate/used.h"

#define READ 1000   /* events looked at in a step */
#define JUDGED 100  /* of them judged again */
#define TOLD 200    /* events, and rejections, looked at in a step of watching */

/* ---- A run. */

static bool preview_part(struct ctx *c, const struct restatement *r, const struct restate_part *p)
{
	struct line line = { .run_id = r->id, .partner_id = p->partner_id,
		             .currency = str_from(p->currency->code),
		             .was = p->left_minor + p->before_minor };
	int64_t difference = restate_difference(p);
	bool stopped;

	if (p->judged_minor == 0 && p->made_minor == 0 && p->before_minor == 0)
		return true;
	if (!restated_stopped(c, p, &stopped))
		return false;
	line.becomes = line.was + (stopped ? 0 : difference);
	line.raised = difference > 0 && !stopped;
	line.lowered = difference < 0;
	line.unchanged = !line.raised && !line.lowered;
	return line_add(c, &line);
}

/* Preview or post; *out is what was judged, until the next one is. */
static bool judge(struct ctx *c, const struct restatement *r, const struct terms *terms,
                  const struct event *e, const struct accrual **out)
{
	struct restated x = { .event = e, .run = r, .terms = terms, .before_id = INT64_MAX };

	if (!restated_judge(c, &x))
		return false;
	*out = x.judged;
	if (r->status == RESTATEMENT_POSTING)
		return restated_post(c, &x);
	for (size_t i = 0; i < x.sum->count; i++)
		if (!preview_part(c, r, &x.sum->parts[i]))
			return false;
	return true;
}

/* First the standing of its events is found, … */
static bool is_counting(const struct restatement *r)
{
	return r->stands && r->status == RESTATEMENT_PREPARING && !r->counted;
}

/* … then completed, one after the other, and each is judged. */
static bool is_completing(const struct restatement *r, const struct terms *terms)
{
	return r->stands && r->status == RESTATEMENT_PREPARING && used_asked(terms, r->stands);
}

/* Count it, as what came to the campaign. */
static bool count(struct ctx *c, const struct restatement *r, const struct terms *terms,
                  const struct event *e)
{
	if (event_takes_back(e->type))
		return stand_lower(c, r, e);
	return e->inputs.n == 0 || stand_pass(c, r, terms, e);
}

static bool take(struct ctx *c, const struct restatement *r, const struct terms *terms,
                 int64_t event_id)
{
	const struct accrual *judged;
	struct event e;

	if (!event_get(c, event_id, &e))
		return false;
	if (is_counting(r))
		return count(c, r, terms, &e);
	if (event_takes_back(e.type))
		return spent_told(c, r, &e);
	if (e.inputs.n == 0)
		return true;
	if (trued_up_void(r, &e, trued_up_period(e.external_id)))
		return judge(c, r, terms, &e, &judged);
	if (!restatement_covers(r, &e))
		return !is_completing(r, terms) || used_beside(c, r, terms, &e);
	if (!is_completing(r, terms))
		return judge(c, r, terms, &e, &judged);
	return used_fill(c, r, terms, &e) && judge(c, r, terms, &e, &judged)
	       && used_take(c, r, terms, &e, judged);
}

static const struct sql SQL_PAGE = {
	.text = "SELECT id, type, campaign_id, occurred_at FROM event"
	        " WHERE org_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT 1000",
};

/* Where something is found again, all that has ever happened in the campaign counts. */
static bool is_of(const struct restatement *r, const struct terms *terms, const struct rows *page,
                  size_t i)
{
	int64_t type = rows_int(page, i, 1), at = rows_int(page, i, 3);

	bool spends = is_completing(r, terms) && spent_asked(terms);

	if (type == EVENT_CHURN)
		return spends;
	if (rows_int(page, i, 2) != r->campaign_id)
		return false;
	if (type == EVENT_REFUND || type == EVENT_DISPUTE)
		return spends || is_counting(r);
	if (is_counting(r))
		return restated_covers(type);
	return (is_completing(r, terms) || (at >= r->from_at && at < r->to_at))
	       && (restated_covers(type) || type == EVENT_TRUE_UP);
}

static void finish(struct ctx *c, struct restatement *r)
{
	r->position = trued_up_through(r);
	if (is_counting(r)) {
		r->counted = true;
		r->position = 0;
		return;
	}
	if (r->status == RESTATEMENT_PREPARING) {
		r->status = RESTATEMENT_PREVIEWED;
		return;
	}
	r->status = RESTATEMENT_POSTED;
	r->done_at = c->now_ms;
}

/* The events after the run's position, and what was rejected between them. */
struct page {
	struct rows events;
	struct spent_rejections rejected;
};

static bool read_page(struct ctx *c, const struct restatement *r, const struct terms *terms,
                      struct page *out)
{
	struct rows *events = &out->events;

	*out = (struct page){ 0 };
	if (!db_query(c, &SQL_PAGE, ARGS(val_int(r->position), val_int(trued_up_through(r))),
	              events))
		return false;
	return events->count == 0 || !is_completing(r, terms) || !spent_asked(terms)
	       || commission_rejections(c, r->position, rows_int(events, events->count - 1, 0),
	                                &out->rejected.all);
}

bool sweep_page(struct ctx *c, struct restatement *r)
{
	const struct terms *terms;
	size_t judged = 0, i = 0;
	struct page page;

	if (!restatement_terms(c, r, &terms) || !read_page(c, r, terms, &page))
		return false;
	for (; i < page.events.count && judged < JUDGED; i++) {
		r->position = rows_int(&page.events, i, 0);
		if (!is_of(r, terms, &page.events, i))
			continue;
		if (!spent_reject_before(c, r, r->position, &page.rejected)
		    || !take(c, r, terms, r->position))
			return false;
		judged++;
	}
	if (i == page.events.count && page.events.count < READ)
		finish(c, r);
	return restatement_save(c, r);
}

/* ---- What is told afterwards. */

static bool again(struct ctx *c, int64_t event_id)
{
	struct restated x = { .before_id = INT64_MAX };
	struct restatement r;
	struct event e;
	bool found;

	if (!event_get(c, event_id, &e)
	    || !(e.type == EVENT_TRUE_UP ? trued_up_over(c, &e, &r, &found)
	                                 : restatement_over(c, &e, &r, &found)))
		return false;
	if (!found || e.inputs.n == 0 || e.type == EVENT_RESTATED)
		return true;
	x.event = &e;
	x.run = &r;
	return restatement_terms(c, &r, &x.terms) && restated_judge(c, &x) && restated_post(c, &x);
}

static const struct sql SQL_OF_CUSTOMER = {
	.text = "SELECT id FROM event WHERE org_id = $1 AND customer_id = $2 AND campaign_id <> 0"
	        " AND related_id = 0 AND id < $3 ORDER BY id",
};

static bool again_churn(struct ctx *c, int64_t churn_id, int64_t customer_id)
{
	struct rows r;

	if (!db_query(c, &SQL_OF_CUSTOMER, ARGS(val_int(customer_id), val_int(churn_id)), &r))
		return false;
	for (size_t i = 0; i < r.count; i++)
		if (!again(c, rows_int(&r, i, 0)))
			return false;
	return true;
}

static const struct sql SQL_TOLD = {
	.text = "SELECT id, type, related_id, customer_id FROM event"
	        " WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
};

/* Rejected by a person: no event is behind it. */
static bool again_rejected(struct ctx *c, int64_t after_id, int64_t to_id)
{
	const struct rejection *all;
	struct list rejected;

	if (!commission_rejections(c, after_id, to_id, &rejected))
		return false;
	all = rejected.items;
	for (size_t i = 0; i < rejected.count; i++)
		if (!again(c, all[i].event_id))
			return false;
	return true;
}

static bool again_told(struct ctx *c, const struct rows *r, size_t i)
{
	int64_t type = rows_int(r, i, 1), related = rows_int(r, i, 2);

	if (type == EVENT_CHURN)
		return again_churn(c, rows_int(r, i, 0), rows_int(r, i, 3));
	if ((type == EVENT_REFUND || type == EVENT_DISPUTE) && related != 0)
		return again(c, related);
	return true;
}

static const struct sql SQL_LAST = {
	.text = "SELECT id FROM ledger_entry WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
};

/* Ids of events and entries are of one clock: up to one of them both have been looked at. */
static bool watch(struct ctx *c, bool *out_more)
{
	struct calendar_position p;
	struct rows r;
	int64_t to;

	*out_more = false;
	if (!calendar_position(c, SWEEP_JOB, &p)
	    || !db_query(c, &SQL_TOLD, ARGS(val_int(p.period), val_int(TOLD)), &r)
	    || !db_int(c, &SQL_LAST, NO_ARGS, &to))
		return false;
	*out_more = r.count == TOLD;
	if (*out_more || (r.count > 0 && rows_int(&r, r.count - 1, 0) > to))
		to = rows_int(&r, r.count - 1, 0);
	if (to <= p.period)
		return true;
	for (size_t i = 0; i < r.count; i++)
		if (!again_told(c, &r, i))
			return false;
	return again_rejected(c, p.period, to)
	       && calendar_move(c, SWEEP_JOB, &(struct calendar_position){ .period = to });
}

bool sweep_step(struct ctx *c, bool *out_more)
{
	struct restatement r;
	bool found, any;

	*out_more = false;
	if (!restatement_working(c, &r, &found))
		return false;
	if (found) {
		*out_more = true;
		return sweep_page(c, &r);
	}
	return restatement_any(c, &any) && (!any || watch(c, out_more));
}

const struct sql *const sweep_sql[] = {
	&SQL_PAGE, &SQL_OF_CUSTOMER, &SQL_TOLD, &SQL_LAST, NULL,
};
