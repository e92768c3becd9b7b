/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "base/clock.h"
#include "commission/commission.h"
#include "db/ticket.h"
#include "link/link.h"
#include "partner/partner.h"
#include "payout/run.h"
#include "report/recent.h"

#define DAYS (2 * REPORT_DAYS)

/*
 * Folded days, and behind them what has come since: events after $5, entries after $6. Clicks are
 * counted by days anyhow: one look for each up to $8, as click_daily is kept by them.
 */
static const struct sql SQL_DAYS = {
	.text = "WITH RECURSIVE d (day) AS (SELECT CAST($3 AS BIGINT)"
	        " UNION ALL SELECT day + 1 FROM d WHERE day < CAST($8 AS BIGINT))"
	        " SELECT currency, day, CAST(SUM(revenue) AS BIGINT), CAST(SUM(sales) AS BIGINT),"
	        " CAST(SUM(commission) AS BIGINT), CAST(SUM(clicks) AS BIGINT) FROM ("
	        " SELECT currency, day, revenue, sales, commission, 0 AS clicks FROM report_day"
	        " WHERE org_id = $1 AND partner_id = $2 AND day >= $3"
	        " UNION ALL"
	        " SELECT currency, (occurred_at + CAST($4 AS BIGINT)) / 86400000, amount - tax, 1, 0, 0"
	        " FROM event"
	        " WHERE org_id = $1 AND id > $5 AND type = $7 AND partner_id <> 0"
	        " AND (partner_id = $2 OR CAST($2 AS BIGINT) = 0)"
	        " UNION ALL"
	        " SELECT l.currency, (e.at + CAST($4 AS BIGINT)) / 86400000, 0, 0, l.credit - l.debit, 0"
	        " FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id"
	        " WHERE e.org_id = $1 AND e.id > $6 AND e.kind IN (0, 2, 6, 7) AND l.partner_id <> 0"
	        " AND (l.partner_id = $2 OR CAST($2 AS BIGINT) = 0)"
	        " UNION ALL"
	        " SELECT '', k.day, 0, 0, 0, k.clicks FROM d JOIN click_daily k"
	        " ON k.org_id = $1 AND k.day = d.day AND k.partner_id = $2"
	        ") t WHERE day >= $3"
	        " GROUP BY currency, day",
};

static const struct sql SQL_TASKS = {
	.text = "SELECT (SELECT COUNT(*) FROM enrolment WHERE org_id = $1 AND status = 0),"
	        " (SELECT COUNT(*) FROM commission WHERE org_id = $1 AND status = 3),"
	        " (SELECT COUNT(*) FROM payout_run WHERE org_id = $1 AND status = 0),"
	        " (SELECT COUNT(*) FROM payout_run WHERE org_id = $1 AND status = 1),"
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

static const struct sql SQL_PARTNER = {
	.text = "SELECT currency, revenue, commission FROM report_recent"
	        " WHERE org_id = $1 AND partner_id = $2 ORDER BY revenue DESC, currency",
};

/* One look for each day, because click_daily is kept by days. */
static const struct sql SQL_LINK = {
	.text = "WITH RECURSIVE d (day) AS (SELECT CAST($2 AS BIGINT)"
	        " UNION ALL SELECT day + 1 FROM d WHERE day < CAST($3 AS BIGINT))"
	        " SELECT CAST(SUM(k.clicks) AS BIGINT) FROM d JOIN click_daily k"
	        " ON k.org_id = $1 AND k.day = d.day AND k.partner_id = $5 AND k.link_id = $4",
};

const struct sql *const report_sql[] = { &SQL_DAYS, &SQL_TASKS,   &SQL_OWED,
	                                 &SQL_LINK, &SQL_PARTNER, NULL };

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

static void take_clicks(struct report *r, int64_t day, int64_t clicks)
{
	r->clicks[day] += clicks;
	*(day < REPORT_DAYS ? &r->clicks_before : &r->clicks_now) += clicks;
}

static void take_days(struct report *r, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct str code = rows_str(rows, i, 0);
		int64_t day = rows_int(rows, i, 1) - r->first_day;
		struct report_currency *cur;

		if (day < 0 || day >= DAYS)
			continue;
		take_clicks(r, day, rows_int(rows, i, 5));
		cur = code.n > 0 ? currency_in(r, code) : NULL;
		if (!cur)
			continue;
		cur->days[day].revenue += rows_int(rows, i, 2);
		cur->days[day].sales += rows_int(rows, i, 3);
		cur->days[day].commission += rows_int(rows, i, 4);
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

static bool read_partners(struct ctx *c, const struct span *s, struct report *out)
{
	struct recent_change change;
	struct rows fresh;

	if (!recent_fresh(c, s, &span_end, &fresh))
		return false;
	change = recent_change(s, &fresh);
	out->partners_before = s->partners_before + change.before;
	out->partners_now = s->partners_now + change.now;
	return true;
}

bool report_read(struct ctx *c, int64_t partner_id, struct report *out)
{
	struct rows rows;
	struct span s;

	*out = (struct report){
		.currencies = ARENA_ARRAY(c->arena, struct report_currency, REPORT_CURRENCIES_MAX),
	};
	if (!span_read(c, &s)
	    || !db_query(c, &SQL_DAYS,
	                 ARGS(val_int(partner_id), val_int(s.first_day), val_int(s.shift_ms),
	                      val_int(s.event_id), val_int(s.entry_id), val_int(EVENT_SALE),
	                      val_int(c->now_ms / MS_PER_DAY + 1)),
	                 &rows))
		return false;
	out->first_day = s.first_day;
	take_days(out, &rows);
	sum_up(out);
	return partner_id != 0 || read_partners(c, &s, out);
}

const struct report_currency *report_of(const struct report *r, struct str code)
{
	static const struct report_currency none;

	for (size_t i = 0; i < r->currency_count; i++)
		if (str_eq(r->currencies[i].code, code))
			return &r->currencies[i];
	return &none;
}

bool report_partner(struct ctx *c, int64_t partner_id, struct rows *out)
{
	return db_query(c, &SQL_PARTNER, ARGS(val_int(partner_id)), out);
}

bool report_tasks(struct ctx *c, struct report_tasks *out)
{
	struct rows rows;

	if (!db_query(c, &SQL_TASKS, NO_ARGS, &rows))
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

bool report_link_clicks(struct ctx *c, const struct link *l, int64_t *out)
{
	int64_t today = c->now_ms / MS_PER_DAY;

	return db_int(c, &SQL_LINK,
	              ARGS(val_int(today - REPORT_DAYS + 1), val_int(today), val_int(l->id),
	                   val_int(l->partner_id)), out);
}
