/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "org/zone.h"
#include "report/recent.h"

#define STEP_ROWS 1000

const struct span span_end = { .event_id = INT64_MAX, .entry_id = INT64_MAX };

static const struct sql SQL_POSITION = {
	.text = "SELECT event_id, entry_id, recent_day, partners_now, partners_before"
	        " FROM report_position WHERE org_id = $1",
};

static const struct sql SQL_MOVE = {
	.text = "INSERT INTO report_position (org_id, event_id, entry_id, recent_day,"
	        " partners_now, partners_before)"
	        " VALUES ($1, $2, $3, $4, $5, $6)"
	        " ON CONFLICT (org_id) DO UPDATE SET event_id = excluded.event_id,"
	        " entry_id = excluded.entry_id, recent_day = excluded.recent_day,"
	        " partners_now = excluded.partners_now,"
	        " partners_before = excluded.partners_before",
};

static const struct sql SQL_NEXT_EVENT = {
	.text = "SELECT COUNT(*), MAX(id) FROM"
	        " (SELECT id FROM event WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3) t",
};

static const struct sql SQL_NEXT_ENTRY = {
	.text = "SELECT COUNT(*), MAX(id) FROM"
	        " (SELECT id FROM ledger_entry WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3) t",
};

static const struct sql SQL_DAY = {
	.text = "INSERT INTO report_day"
	        " (org_id, partner_id, day, currency, revenue, sales, commission)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
	        " ON CONFLICT (org_id, partner_id, day, currency) DO UPDATE SET"
	        " revenue = report_day.revenue + excluded.revenue,"
	        " sales = report_day.sales + excluded.sales,"
	        " commission = report_day.commission + excluded.commission",
	.sums_from = 5,
};

const struct sql *const report_fold_sql[] = { &SQL_POSITION,   &SQL_MOVE, &SQL_NEXT_EVENT,
	                                      &SQL_NEXT_ENTRY, &SQL_DAY,  NULL };

bool span_read(struct ctx *c, struct span *out)
{
	struct str zone;
	struct rows rows;
	int64_t today;

	if (!org_timezone(c, &zone) || !db_query(c, &SQL_POSITION, NO_ARGS, &rows))
		return false;
	*out = (struct span){ .shift_ms = zone_local_ms(zone, c->now_ms) - c->now_ms };
	today = (c->now_ms + out->shift_ms) / MS_PER_DAY;
	out->first_day = today - 2 * REPORT_DAYS + 1;
	out->half_day = today - REPORT_DAYS + 1;
	out->recent_day = today;
	if (rows.count == 0)
		return true;
	out->event_id = rows_int(&rows, 0, 0);
	out->entry_id = rows_int(&rows, 0, 1);
	out->recent_day = rows_int(&rows, 0, 2);
	out->partners_now = rows_int(&rows, 0, 3);
	out->partners_before = rows_int(&rows, 0, 4);
	return true;
}

/* The last of the next few ids, or where we are when there is none. */
static bool next(struct ctx *c, const struct sql *q, int64_t *id, bool *out_more)
{
	struct rows rows;

	if (!db_query(c, q, ARGS(val_int(*id), val_int(STEP_ROWS)), &rows))
		return false;
	if (rows_int(&rows, 0, 0) > 0)
		*id = rows_int(&rows, 0, 1);
	*out_more = rows_int(&rows, 0, 0) == STEP_ROWS;
	return true;
}

/* Where this step ends: a few thousand rows on. */
static bool find_end(struct ctx *c, struct span *to, bool *out_more)
{
	bool more_events, more_entries;

	if (!next(c, &SQL_NEXT_EVENT, &to->event_id, &more_events)
	    || !next(c, &SQL_NEXT_ENTRY, &to->entry_id, &more_entries))
		return false;
	*out_more = more_events || more_entries;
	return true;
}

static bool add_day(struct ctx *c, int64_t partner_id, const struct rows *fresh, size_t i)
{
	return db_exec(c, &SQL_DAY,
	               ARGS(val_int(partner_id), val_int(rows_int(fresh, i, FRESH_DAY)),
	                    val_str(rows_str(fresh, i, FRESH_CURRENCY)),
	                    val_int(rows_int(fresh, i, FRESH_REVENUE)),
	                    val_int(rows_int(fresh, i, FRESH_SALES)),
	                    val_int(rows_int(fresh, i, FRESH_COMMISSION))));
}

static bool add_days(struct ctx *c, const struct rows *fresh)
{
	for (size_t i = 0; i < fresh->count; i++)
		if (rows_int(fresh, i, FRESH_DAY) != FRESH_HAD
		    && (!add_day(c, rows_int(fresh, i, FRESH_PARTNER), fresh, i)
		        || !add_day(c, 0, fresh, i)))
			return false;
	return true;
}

static bool add_fresh(struct ctx *c, const struct span *from, struct span *to)
{
	struct recent_change change;
	struct rows fresh;

	if (!recent_fresh(c, from, to, &fresh))
		return false;
	change = recent_change(from, &fresh);
	to->partners_now += change.now;
	to->partners_before += change.before;
	return recent_add(c, from, &fresh) && add_days(c, &fresh);
}

bool report_fold(struct ctx *c, bool *out_more)
{
	struct span from, to;
	bool late;

	if (!span_read(c, &from))
		return false;
	late = from.recent_day < from.half_day + REPORT_DAYS - 1;
	if (late && !recent_roll(c, &from))
		return false;
	to = from;
	if (!find_end(c, &to, out_more))
		return false;
	*out_more |= late;
	if (!late && to.event_id == from.event_id && to.entry_id == from.entry_id)
		return true;
	return add_fresh(c, &from, &to)
	    && db_exec(c, &SQL_MOVE,
	               ARGS(val_int(to.event_id), val_int(to.entry_id), val_int(to.recent_day),
	                    val_int(to.partners_now), val_int(to.partners_before)));
}
