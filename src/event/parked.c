/* SPDX-License-Identifier: Apache-2.0 */
#include "event/parked.h"

#include "base/clock.h"
#include "base/digest.h"
#include "event/about.h"
#include "event/dispute.h"
#include "event/earn.h"
#include "event/refund.h"
#include "event/reversal.h"

static const struct sql SQL_PARK = {
	.text = "INSERT INTO parked (org_id, sale_key, event_id, sale_external_id, created_at,"
	        " applied_at) VALUES ($1, $2, $3, $4, $5, 0)",
};

static int64_t key_of(int64_t type, struct str external_id)
{
	return digest_key(str_from(event_type_names[type]), external_id);
}

/* The db_serial under which this thread has seen that nothing waits. */
static _Thread_local int64_t none_waits;

bool parked_put(struct ctx *c, const struct track *t, struct event *e)
{
	none_waits = 0;
	e->outcome = STR("[]");
	e->attribution = reversal_says(
	        c, arena_printf(c->arena, "The %s is not known yet; the %s waits for it.",
	                        about_noun(about_type(t)), event_type_names[e->type]));
	return earn_store(c, e)
	       && db_exec(c, &SQL_PARK,
	                  ARGS(val_int(key_of(about_type(t), t->of_id)), val_int(e->id),
	                       val_str(t->of_id), val_int(c->now_ms)));
}

static const struct sql SQL_PARKED = {
	.text = "SELECT event_id, sale_external_id FROM parked"
	        " WHERE org_id = $1 AND sale_key = $2 AND applied_at = 0 ORDER BY event_id",
};

static const struct sql SQL_UNPARK = {
	.text = "UPDATE parked SET applied_at = $4"
	        " WHERE org_id = $1 AND sale_key = $2 AND event_id = $3",
};

static bool apply_one(struct ctx *c, const struct event *of, int64_t event_id)
{
	struct event e;

	return event_get(c, event_id, &e)
	       && (e.type == EVENT_DISPUTE ? dispute_apply(c, of, &e)
	                                   : refund_apply(c, of, &e))
	       && db_exec(c, &SQL_UNPARK,
	                  ARGS(val_int(key_of(of->type, of->external_id)), val_int(event_id),
	                       val_int(c->now_ms)));
}

static const struct sql SQL_ANY_WAITS = {
	.text = "SELECT sale_key FROM parked WHERE org_id = $1 AND applied_at = 0 LIMIT 1",
};

/* Nearly always nothing waits at all: ask once for all events of a batch. */
static bool any_waits(struct ctx *c, bool *out)
{
	struct rows r;

	*out = false;
	if (none_waits == db_serial(c))
		return true;
	if (!db_query(c, &SQL_ANY_WAITS, NO_ARGS, &r))
		return false;
	*out = r.count > 0;
	none_waits = *out ? 0 : db_serial(c);
	return true;
}

bool parked_apply(struct ctx *c, const struct event *of)
{
	struct rows waiting;
	bool any;

	if (!any_waits(c, &any))
		return false;
	if (!any)
		return true;
	if (!db_query(c, &SQL_PARKED, ARGS(val_int(key_of(of->type, of->external_id))), &waiting))
		return false;
	for (size_t i = 0; i < waiting.count; i++) {
		if (!str_eq(rows_str(&waiting, i, 1), of->external_id))
			continue;
		if (!apply_one(c, of, rows_int(&waiting, i, 0)))
			return false;
	}
	return true;
}

/* Few ever wait: the index has no others. */
static const struct sql SQL_LATE = {
	.text = "SELECT COUNT(*), COALESCE(MIN(event_id), 0) FROM parked WHERE org_id = $1"
	        " AND applied_at = 0 AND created_at > $2 AND created_at <= $3",
};

bool parked_late(struct ctx *c, struct parked_late *out)
{
	struct rows r;

	if (!db_query(c, &SQL_LATE,
	              ARGS(val_int(c->now_ms - PARKED_GONE_DAYS * MS_PER_DAY),
	                   val_int(c->now_ms - PARKED_LATE_DAYS * MS_PER_DAY)), &r))
		return false;
	*out = (struct parked_late){ rows_int(&r, 0, 0), rows_int(&r, 0, 1) };
	return true;
}

const struct sql *const parked_sql[] = {
	&SQL_PARK, &SQL_PARKED, &SQL_UNPARK, &SQL_ANY_WAITS, &SQL_LATE, NULL,
};
