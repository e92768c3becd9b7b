/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/spent.h"

#include "base/check.h"
#include "base/scratch.h"
#include "commission/commission.h"
#include "restate/restated.h"

static _Thread_local int64_t looks;

bool spent_asked(const struct terms *chosen)
{
	for (size_t i = 0; i < chosen->cap_count; i++)
		if (chosen->caps[i].scope == CAP_CUSTOMER)
			return true;
	return false;
}

/* ---- One event. */

static bool left_beside(struct ctx *c, const struct restated *x, int64_t *out)
{
	struct list all;
	int64_t gone;

	if (!commission_of_event(c, x->event->id, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct commission *m = (const struct commission *)all.items + i;

		if (!commission_reversed_before(c, m, x->before_id, &gone))
			return false;
		*out += m->amount - gone;
	}
	return true;
}

static bool left_inside(struct ctx *c, struct restated *x, int64_t *out)
{
	if (!restated_judge(c, x))
		return false;
	for (size_t i = 0; i < x->sum->count; i++)
		*out += restate_target(&x->sum->parts[i]);
	return true;
}

bool spent_look(struct ctx *c, const struct spent_look *at, int64_t *out_minor)
{
	struct event e;
	struct restated x = { .event = &e, .run = at->run, .terms = at->chosen,
		              .before_id = at->as_of_id };

	looks++;
	*out_minor = 0;
	if (!event_get(c, at->event_id, &e))
		return false;
	return restatement_covers(at->run, &e) ? left_inside(c, &x, out_minor)
	                                       : left_beside(c, &x, out_minor);
}

int64_t spent_looks(void)
{
	return looks;
}

/* ---- What is stale. */

static const struct sql SQL_NOTE = {
	.text = "INSERT INTO restatement_spent (org_id, run_id, customer_id, occurred_at, event_id,"
	        " amount, stale) VALUES ($1, $2, $3, $4, $5, 0, 1) ON CONFLICT"
	        " (org_id, run_id, customer_id, occurred_at, event_id) DO NOTHING",
};

bool spent_note(struct ctx *c, const struct restatement *r, const struct event *e)
{
	return e->customer_id == 0
	       || db_exec(c, &SQL_NOTE,
	                  ARGS(val_int(r->id), val_int(e->customer_id), val_int(e->occurred_at),
	                       val_int(e->id)));
}

static const struct sql SQL_TOLD = {
	.text = "UPDATE restatement_spent SET stale = 1 WHERE org_id = $1 AND run_id = $2"
	        " AND customer_id = $3 AND occurred_at = $4 AND event_id = $5",
};

static bool told_of(struct ctx *c, const struct restatement *r, int64_t customer_id,
                    int64_t event_id)
{
	struct event e;

	return event_get(c, event_id, &e)
	       && db_exec(c, &SQL_TOLD,
	                  ARGS(val_int(r->id), val_int(customer_id), val_int(e.occurred_at),
	                       val_int(event_id)));
}

/* Of several times it left, the first one after an event counts: those since the one before it. */
static const struct sql SQL_LEFT = {
	.text = "UPDATE restatement_spent SET stale = 1 WHERE org_id = $1 AND run_id = $2"
	        " AND customer_id = $3 AND occurred_at <= $4 AND event_id > 0 AND occurred_at >"
	        " (SELECT COALESCE(MAX(event.occurred_at), 0) FROM event WHERE event.org_id = $1"
	        " AND event.customer_id = $3 AND event.type = 4 AND event.occurred_at < $4"
	        " AND event.id < $5)",
};

_Static_assert(EVENT_CHURN == 4, "the type in the statement");

bool spent_told(struct ctx *c, const struct restatement *r, const struct event *notice)
{
	if (notice->type != EVENT_CHURN)
		return notice->related_id == 0
		       || told_of(c, r, notice->customer_id, notice->related_id);
	return db_exec(c, &SQL_LEFT,
	               ARGS(val_int(r->id), val_int(notice->customer_id),
	                    val_int(notice->occurred_at), val_int(notice->id)));
}

bool spent_reject_before(struct ctx *c, const struct restatement *r, int64_t event_id,
                         struct spent_rejections *rejected)
{
	const struct rejection *all = rejected->all.items;

	for (; rejected->next < rejected->all.count; rejected->next++) {
		const struct rejection *at = &all[rejected->next];

		if (at->entry_id > event_id)
			return true;
		if (at->customer_id != 0 && !told_of(c, r, at->customer_id, at->event_id))
			return false;
	}
	return true;
}

/* ---- All of a customer. */

static const struct sql SQL_STALE = {
	.text = "SELECT occurred_at, event_id, amount FROM restatement_spent WHERE org_id = $1"
	        " AND run_id = $2 AND customer_id = $3 AND stale = 1"
	        " ORDER BY occurred_at, event_id",
};

static const struct sql SQL_LOOKED = {
	.text = "UPDATE restatement_spent SET amount = $6, stale = 0 WHERE org_id = $1"
	        " AND run_id = $2 AND customer_id = $3 AND occurred_at = $4 AND event_id = $5",
};

/* All of the customer's: event 0. */
static const struct sql SQL_ADD = {
	.text = "INSERT INTO restatement_spent (org_id, run_id, customer_id, occurred_at, event_id,"
	        " amount, stale) VALUES ($1, $2, $3, 0, 0, $4, 0) ON CONFLICT"
	        " (org_id, run_id, customer_id, occurred_at, event_id) DO UPDATE SET"
	        " amount = restatement_spent.amount + excluded.amount",
};

static const struct sql SQL_SUM = {
	.text = "SELECT amount FROM restatement_spent WHERE org_id = $1 AND run_id = $2"
	        " AND customer_id = $3 AND occurred_at = 0 AND event_id = 0",
};

/* A row that is stale. */
struct stale {
	int64_t customer_id, occurred_at, event_id, left_minor;
};

/* Look at it again; *change is what that adds to the sum. */
static bool refresh(struct ctx *c, const struct spent_look *at, const struct stale *old,
                    int64_t *change)
{
	int64_t left;

	if (!spent_look(c, at, &left))
		return false;
	*change += left - old->left_minor;
	return db_exec(c, &SQL_LOOKED,
	               ARGS(val_int(at->run->id), val_int(old->customer_id),
	                    val_int(old->occurred_at), val_int(old->event_id), val_int(left)));
}

static bool refresh_all(struct ctx *c, struct spent_look *at, int64_t customer_id,
                        const struct rows *stale, int64_t *change)
{
	struct scratch *scratch = scratch_new(c);
	bool ok = true;

	for (size_t i = 0; ok && i < stale->count; i++) {
		const struct stale old = { customer_id, rows_int(stale, i, 0),
			                   rows_int(stale, i, 1), rows_int(stale, i, 2) };

		at->event_id = old.event_id;
		scratch_enter(c, scratch);
		ok = refresh(c, at, &old, change);
		scratch_leave(c, scratch);
	}
	return ok;
}

bool spent_sum(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e, int64_t *out_minor)
{
	struct spent_look at = { .run = r, .chosen = chosen, .as_of_id = e->id };
	int64_t change = 0;
	struct rows stale;

	return db_query(c, &SQL_STALE, ARGS(val_int(r->id), val_int(e->customer_id)), &stale)
	       && refresh_all(c, &at, e->customer_id, &stale, &change)
	       && (change == 0
	           || db_exec(c, &SQL_ADD,
	                      ARGS(val_int(r->id), val_int(e->customer_id), val_int(change))))
	       && db_int(c, &SQL_SUM, ARGS(val_int(r->id), val_int(e->customer_id)), out_minor);
}

const struct sql *const spent_sql[] = {
	&SQL_NOTE, &SQL_TOLD, &SQL_LEFT, &SQL_STALE, &SQL_LOOKED, &SQL_ADD, &SQL_SUM, NULL,
};
