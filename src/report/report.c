/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "commission/commission.h"
#include "db/ticket.h"
#include "event/event.h"
#include "org/zone.h"
#include "partner/partner.h"
#include "payout/run.h"

#define DAYS (2 * REPORT_DAYS)

/*
 * What happened in the last 60 days was recorded in the last 60 days, and ids grow with
 * time: so $2, an id, keeps these from walking through all years.
 */
static const struct sql SQL_SALES = {
	.text = "SELECT currency, (occurred_at + CAST($4 AS BIGINT)) / 86400000,"
	        " CAST(SUM(amount - tax) AS BIGINT), COUNT(*)"
	        " FROM event"
	        " WHERE org_id = $1 AND id >= $2 AND type = $3 AND occurred_at >= $5"
	        " AND partner_id <> 0 AND (partner_id = $6 OR CAST($6 AS BIGINT) = 0)"
	        " GROUP BY 1, 2",
};

static const struct sql SQL_COMMISSIONS = {
	.text = "SELECT currency, (occurred_at + CAST($3 AS BIGINT)) / 86400000,"
	        " CAST(SUM(amount - reversed) AS BIGINT), COUNT(*)"
	        " FROM commission"
	        " WHERE org_id = $1 AND id >= $2 AND occurred_at >= $4"
	        " AND (partner_id = $5 OR CAST($5 AS BIGINT) = 0)"
	        " GROUP BY 1, 2",
};

static const struct sql SQL_PARTNERS = {
	.text = "SELECT COUNT(DISTINCT CASE WHEN occurred_at < $4 THEN partner_id END),"
	        " COUNT(DISTINCT CASE WHEN occurred_at >= $4 THEN partner_id END)"
	        " FROM commission"
	        " WHERE org_id = $1 AND id >= $2 AND occurred_at >= $3",
};

static const struct sql SQL_CLICKS = {
	.text = "SELECT day, CAST(SUM(clicks) AS BIGINT)"
	        " FROM click_daily"
	        " WHERE org_id = $1 AND day >= $2 AND (partner_id = $3 OR CAST($3 AS BIGINT) = 0)"
	        " GROUP BY day",
};

static const struct sql SQL_TOP = {
	.text = "SELECT partner_id, CAST(SUM(CASE WHEN kind = 0 THEN base ELSE 0 END) AS BIGINT),"
	        " CAST(SUM(amount - reversed) AS BIGINT), COUNT(*)"
	        " FROM commission"
	        " WHERE org_id = $1 AND id >= $2 AND occurred_at >= $3 AND currency = $4"
	        " GROUP BY partner_id"
	        " ORDER BY 3 DESC, 1"
	        " LIMIT $5",
};

static const struct sql SQL_TASKS = {
	.text = "SELECT (SELECT COUNT(*) FROM enrolment WHERE org_id = $1 AND status = $2),"
	        " (SELECT COUNT(*) FROM commission WHERE org_id = $1 AND status = $3),"
	        " (SELECT COUNT(*) FROM payout_run WHERE org_id = $1 AND status = $4),"
	        " (SELECT COUNT(*) FROM payout_run WHERE org_id = $1 AND status = $5),"
	        " (SELECT COUNT(*) FROM (SELECT 1 FROM partner WHERE org_id = $1 LIMIT 1) p),"
	        " (SELECT COUNT(*) FROM (SELECT 1 FROM campaign WHERE org_id = $1 LIMIT 1) c),"
	        " (SELECT COUNT(*) FROM (SELECT 1 FROM link WHERE org_id = $1 LIMIT 1) l)",
};

static const struct sql SQL_OWED = {
	.text = "SELECT currency, CAST(SUM(pending) AS BIGINT), CAST(SUM(payable) AS BIGINT),"
	        " CAST(SUM(in_payout) AS BIGINT), CAST(SUM(paid) AS BIGINT),"
	        " CAST(SUM(CASE WHEN payable > 0 THEN 1 ELSE 0 END) AS BIGINT)"
	        " FROM balance"
	        " WHERE org_id = $1"
	        " GROUP BY currency"
	        " ORDER BY 3 DESC, 1",
};

static const struct sql SQL_LINK = {
	.text = "SELECT CAST(SUM(clicks) AS BIGINT) FROM click_daily WHERE org_id = $1 AND link_id = $2",
};

const struct sql *const report_sql[] = { &SQL_SALES, &SQL_COMMISSIONS, &SQL_PARTNERS, &SQL_CLICKS,
	                                 &SQL_TOP,   &SQL_TASKS,       &SQL_OWED,     &SQL_LINK,
	                                 NULL };

/* The span: where days begin, in the organisation's time, and which ids are recent enough. */
struct span {
	int64_t shift_ms;   /* from UTC to local */
	int64_t first_day, from_ms, half_ms;
	int64_t first_id;
};

static bool span_of(struct ctx *c, struct span *out)
{
	struct str zone;
	int64_t today;

	if (!org_timezone(c, &zone))
		return false;
	out->shift_ms = zone_local_ms(zone, c->now_ms) - c->now_ms;
	today = (c->now_ms + out->shift_ms) / MS_PER_DAY;
	out->first_day = today - DAYS + 1;
	out->from_ms = out->first_day * MS_PER_DAY - out->shift_ms;
	out->half_ms = out->from_ms + REPORT_DAYS * MS_PER_DAY;
	/* ids carry the machine's time, which tests may have left behind */
	out->first_id = id_from_ms(clock_real_ms() - (c->now_ms - out->from_ms));
	return true;
}

/* The row of a currency; a new one while there is room, or NULL. */
static struct report_currency *currency_in(struct report *r, struct str code)
{
	for (size_t i = 0; i < r->currency_count; i++)
		if (str_eq(r->currencies[i].code, code))
			return &r->currencies[i];
	if (r->currency_count == REPORT_CURRENCIES_MAX)
		return NULL;
	r->currencies[r->currency_count].code = code;
	return &r->currencies[r->currency_count++];
}

static struct report_sum *day_in(struct report *r, const struct rows *rows, size_t i)
{
	struct report_currency *cur = currency_in(r, rows_str(rows, i, 0));
	int64_t day = rows_int(rows, i, 1) - r->first_day;

	return cur && day >= 0 && day < DAYS ? &cur->days[day] : NULL;
}

static void take_sales(struct report *r, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct report_sum *day = day_in(r, rows, i);

		if (!day)
			continue;
		day->revenue += rows_int(rows, i, 2);
		day->sales += rows_int(rows, i, 3);
	}
}

static void take_commissions(struct report *r, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct report_sum *day = day_in(r, rows, i);

		if (day)
			day->commission += rows_int(rows, i, 2);
	}
}

static void take_clicks(struct report *r, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		int64_t day = rows_int(rows, i, 0) - r->first_day;

		if (day < 0 || day >= DAYS)
			continue;
		r->clicks[day] = rows_int(rows, i, 1);
		*(day < REPORT_DAYS ? &r->clicks_before : &r->clicks_now) += r->clicks[day];
	}
}

static void add(struct report_sum *to, const struct report_sum *s)
{
	to->revenue += s->revenue;
	to->sales += s->sales;
	to->commission += s->commission;
}

/* Sum up the halves; the currency with the most revenue moves to the front. */
static void sum_up(struct report *r)
{
	for (size_t i = 0; i < r->currency_count; i++) {
		struct report_currency *cur = &r->currencies[i];

		for (size_t d = 0; d < DAYS; d++)
			add(d < REPORT_DAYS ? &cur->before : &cur->now, &cur->days[d]);
		if (cur->now.revenue > r->currencies[0].now.revenue) {
			struct report_currency first = r->currencies[0];

			r->currencies[0] = *cur;
			*cur = first;
		}
	}
}

bool report_read(struct ctx *c, int64_t partner_id, struct report *out)
{
	struct db_ticket sales, commissions, partners, clicks;
	struct rows rows[4];
	struct span s;

	*out = (struct report){
		.currencies = ARENA_ARRAY(c->arena, struct report_currency, REPORT_CURRENCIES_MAX),
	};
	if (!span_of(c, &s))
		return false;
	out->first_day = s.first_day;
	if (!db_send(c, &SQL_SALES,
	             ARGS(val_int(s.first_id), val_int(EVENT_SALE), val_int(s.shift_ms),
	                  val_int(s.from_ms), val_int(partner_id)), &sales)
	    || !db_send(c, &SQL_COMMISSIONS,
	                ARGS(val_int(s.first_id), val_int(s.shift_ms), val_int(s.from_ms),
	                     val_int(partner_id)), &commissions)
	    || !db_send(c, &SQL_PARTNERS,
	                ARGS(val_int(s.first_id), val_int(s.from_ms),
	                     val_int(s.half_ms)), &partners)
	    || !db_send(c, &SQL_CLICKS, ARGS(val_int(s.first_day), val_int(partner_id)), &clicks)
	    || !db_take(c, &sales, &rows[0]) || !db_take(c, &commissions, &rows[1])
	    || !db_take(c, &partners, &rows[2]) || !db_take(c, &clicks, &rows[3]))
		return false;
	take_sales(out, &rows[0]);
	take_commissions(out, &rows[1]);
	out->partners_before = rows_int(&rows[2], 0, 0);
	out->partners_now = rows_int(&rows[2], 0, 1);
	take_clicks(out, &rows[3]);
	sum_up(out);
	return true;
}

const struct report_currency *report_of(const struct report *r, struct str code)
{
	static const struct report_currency none;

	for (size_t i = 0; i < r->currency_count; i++)
		if (str_eq(r->currencies[i].code, code))
			return &r->currencies[i];
	return &none;
}

bool report_top(struct ctx *c, struct str currency, int64_t most, struct rows *out)
{
	struct span s;

	return span_of(c, &s)
	    && db_query(c, &SQL_TOP,
	                ARGS(val_int(s.first_id), val_int(s.half_ms), val_str(currency),
	                     val_int(most)),
	                out);
}

bool report_tasks(struct ctx *c, struct report_tasks *out)
{
	struct rows rows;

	if (!db_query(c, &SQL_TASKS,
	              ARGS(val_int(PARTNER_PENDING), val_int(COMMISSION_HELD), val_int(RUN_DRAFT),
	                   val_int(RUN_APPROVED)),
	              &rows))
		return false;
	*out = (struct report_tasks){
		.applications = rows_int(&rows, 0, 0),
		.held = rows_int(&rows, 0, 1),
		.runs_draft = rows_int(&rows, 0, 2),
		.runs_open = rows_int(&rows, 0, 3),
		.partners = rows_int(&rows, 0, 4),
		.campaigns = rows_int(&rows, 0, 5),
		.links = rows_int(&rows, 0, 6),
	};
	return true;
}

bool report_owed(struct ctx *c, struct rows *out)
{
	return db_query(c, &SQL_OWED, NO_ARGS, out);
}

bool report_link_clicks(struct ctx *c, int64_t link_id, int64_t *out)
{
	return db_int(c, &SQL_LINK, ARGS(val_int(link_id)), out);
}
