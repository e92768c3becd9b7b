/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/trued_up.h"

#include "base/check.h"
#include "base/clock.h"
#include "calendar/calendar.h"
#include "calendar/true_up.h"
#include "event/standing.h"
#include "org/zone.h"
#include "rules/true_up.h"

_Static_assert(EVENT_TRUE_UP == 11, "the type in the statements");
_Static_assert(RESTATEMENT_POSTING == 2 && RESTATEMENT_POSTED == 3, "the states in the statements");

int64_t trued_up_through(const struct restatement *r)
{
	return r->approved_id > 0 ? r->approved_id : r->through_id;
}

bool trued_up_void(const struct restatement *r, const struct event *e, struct str period)
{
	int64_t first, last;

	return e->type == EVENT_TRUE_UP && e->campaign_id == r->campaign_id
	       && e->id <= trued_up_through(r) && e->occurred_at < r->to_at
	       && true_up_months(period, &first, &last) && first >= r->first_month;
}

/* true-up/<enrolment>/<period>, and perhaps /2 */
struct str trued_up_period(struct str external_id)
{
	str_cut(&external_id, '/');
	str_cut(&external_id, '/');
	return str_cut(&external_id, '/');
}

bool trued_up_first_month(struct ctx *c, int64_t from_ms, int64_t *out)
{
	struct str zone;

	*out = 0;
	if (from_ms == 0)
		return true;
	if (!org_timezone(c, &zone))
		return false;
	*out = standing_month(zone, from_ms);
	if (month_start_ms(zone, *out) < from_ms)
		*out = month_next(*out);
	return true;
}

/* ---- A run that would divide a period. */

/* A period around one end of a run's time. */
struct edge {
	struct str name;
	int64_t start_ms, end_ms; /* start <= moment < end */
	int64_t first_month;
};

static struct edge edge_at(struct ctx *c, struct str zone, enum tiers_period period, int64_t at_ms)
{
	struct true_up_period p;

	standing_period(period, standing_month(zone, at_ms), &p.first_month, &p.last_month);
	return (struct edge){
		.name = true_up_name(c->arena, &p),
		.start_ms = month_start_ms(zone, p.first_month),
		.end_ms = month_start_ms(zone, month_next(p.last_month)),
		.first_month = p.first_month,
	};
}

static const struct sql SQL_POSTED = {
	.text = "SELECT COUNT(*) AS posted FROM event WHERE org_id = $1 AND type = 11"
	        " AND campaign_id = $2 AND occurred_at = $3"
	        " AND (external_id LIKE CAST($4 AS TEXT) OR external_id LIKE CAST($5 AS TEXT))"
	        " AND NOT EXISTS (SELECT 1 FROM restatement WHERE restatement.org_id = event.org_id"
	        " AND restatement.campaign_id = event.campaign_id AND restatement.status IN (2, 3)"
	        " AND restatement.approved_id >= event.id AND restatement.to_at > event.occurred_at"
	        " AND restatement.first_month <= $6)",
};

/* Has something been posted for the period that is not void? */
static bool posted(struct ctx *c, const struct restatement *r, const struct edge *e, bool *out)
{
	struct str plain = arena_printf(c->arena, "true-up/%%/%.*s", STR_ARG(e->name));
	struct str again = arena_printf(c->arena, "true-up/%%/%.*s/%%", STR_ARG(e->name));
	int64_t count;

	if (!db_int(c, &SQL_POSTED,
	            ARGS(val_int(r->campaign_id), val_int(e->end_ms - 1), val_str(plain),
	                 val_str(again), val_int(e->first_month)),
	            &count))
		return false;
	*out = count > 0;
	return true;
}

static bool refuse(struct ctx *c, const char *field, const struct edge *e, int64_t version)
{
	char start[CLOCK_TEXT_MAX], end[CLOCK_TEXT_MAX];

	time_format(e->start_ms, start);
	time_format(e->end_ms, end);
	return fail(c, ERR_INVALID, field,
	            "would divide %.*s, which was trued up as a whole by the terms of that time"
	            " (version %lld); choose %s or %s", STR_ARG(e->name), (long long)version, start,
	            end);
}

/* Of one kind of periods: those around both ends, as far as the version was in force in them. */
static bool check_periods(struct ctx *c, const struct restatement *r,
                          const struct trued_up_force *was, enum tiers_period period)
{
	struct edge first, last;
	bool divided = false;
	struct str zone;

	if (period == PERIOD_LIFETIME)
		return true;
	if (!org_timezone(c, &zone))
		return false;
	first = edge_at(c, zone, period, r->from_at);
	last = edge_at(c, zone, period, r->to_at - 1);
	if (r->from_at > first.start_ms && was->from_ms < first.end_ms
	    && !posted(c, r, &first, &divided))
		return false;
	if (divided)
		return refuse(c, "from", &first, was->version);
	if (r->to_at < last.end_ms && was->until_ms > last.start_ms
	    && !posted(c, r, &last, &divided))
		return false;
	return !divided || refuse(c, "to", &last, was->version);
}

bool trued_up_check(struct ctx *c, const struct restatement *r, const struct trued_up_force *was)
{
	const struct terms *t = was->terms;

	return (!true_up_retroactive(t) || check_periods(c, r, was, t->tiers_period))
	       && check_periods(c, r, was, t->clawback_period);
}

/* ---- Between preview and approval, and afterwards. */

static const struct sql SQL_SINCE = {
	.text = "SELECT external_id, partner_id, occurred_at FROM event WHERE org_id = $1"
	        " AND type = 11 AND id > $2 AND campaign_id = $3 AND occurred_at >= $4 ORDER BY id",
};

/* It is void with the others, and what is in it of events beside the run is trued up anew. */
static bool take_in(struct ctx *c, const struct restatement *r, const struct rows *since, size_t i)
{
	struct str zone, name = trued_up_period(rows_str(since, i, 0));
	struct true_up_period p = { .campaign_id = r->campaign_id,
		                    .partner_id = rows_int(since, i, 1) };

	if (!org_timezone(c, &zone))
		return false;
	if (!true_up_months(name, &p.first_month, &p.last_month)
	    || month_start_ms(zone, p.first_month) >= r->to_at)
		return true;
	if (p.first_month >= r->first_month && rows_int(since, i, 2) < r->to_at)
		return true_up_again(c, &p);
	return fail(c, ERR_STATE, "status", "%.*s, of which this run would take a part, has been"
	            " trued up since it was made; make another one", STR_ARG(name));
}

bool trued_up_meanwhile(struct ctx *c, const struct restatement *r)
{
	struct rows since;

	if (!db_query(c, &SQL_SINCE,
	              ARGS(val_int(r->through_id), val_int(r->campaign_id), val_int(r->from_at)),
	              &since))
		return false;
	for (size_t i = 0; i < since.count; i++)
		if (!take_in(c, r, &since, i))
			return false;
	return true;
}

bool trued_up_over(struct ctx *c, const struct event *e, struct restatement *out, bool *out_found)
{
	struct list all;

	*out_found = false;
	if (!restatement_approved(c, e->campaign_id, INT64_MAX, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct restatement *r = (const struct restatement *)all.items + i;

		if (r->position < e->id || !trued_up_void(r, e, trued_up_period(e->external_id)))
			continue;
		*out = *r;
		*out_found = true;
	}
	return true;
}

const struct sql *const trued_up_sql[] = { &SQL_POSTED, &SQL_SINCE, NULL };
