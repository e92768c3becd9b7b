/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "base/clock.h"
#include "commission/commission.h"
#include "db/ticket.h"
#include "event/event.h"
#include "partner/partner.h"
#include "payout/run.h"
#include "report/span.h"

#define DAYS (2 * REPORT_DAYS)

/*
 * Folded days, and behind them what has come since: events after $5, entries after $6,
 * clicks from day $7 on.
 */
static const struct sql SQL_DAYS = {
	.text = "SELECT currency, day, CAST(SUM(revenue) AS BIGINT), CAST(SUM(sales) AS BIGINT),"
	        " CAST(SUM(commission) AS BIGINT), CAST(SUM(clicks) AS BIGINT) FROM ("
	        " SELECT currency, day, revenue, sales, commission, clicks FROM report_day"
	        " WHERE org_id = $1 AND partner_id = $2 AND day >= $3"
	        " UNION ALL"
	        " SELECT currency, (occurred_at + CAST($4 AS BIGINT)) / 86400000, amount - tax, 1, 0, 0"
	        " FROM event"
	        " WHERE org_id = $1 AND id > $5 AND type = $8 AND partner_id <> 0"
	        " AND (partner_id = $2 OR CAST($2 AS BIGINT) = 0)"
	        " UNION ALL"
	        " SELECT l.currency, (e.at + CAST($4 AS BIGINT)) / 86400000, 0, 0, l.credit - l.debit, 0"
	        " FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id"
	        " WHERE e.org_id = $1 AND e.id > $6 AND e.kind IN (0, 2, 6) AND l.partner_id <> 0"
	        " AND (l.partner_id = $2 OR CAST($2 AS BIGINT) = 0)"
	        " UNION ALL"
	        " SELECT '', day, 0, 0, 0, clicks FROM click_daily"
	        " WHERE org_id = $1 AND day >= $7 AND (partner_id = $2 OR CAST($2 AS BIGINT) = 0)"
	        ") t WHERE day >= $3"
	        " GROUP BY currency, day",
};

static const struct sql SQL_PARTNERS = {
	.text = "SELECT COUNT(DISTINCT CASE WHEN day < $3 THEN partner_id END),"
	        " COUNT(DISTINCT CASE WHEN day >= $3 THEN partner_id END) FROM ("
	        " SELECT partner_id, day FROM report_day"
	        " WHERE org_id = $1 AND day >= $2 AND partner_id <> 0 AND commission > 0"
	        " UNION ALL"
	        " SELECT l.partner_id, (e.at + CAST($4 AS BIGINT)) / 86400000"
	        " FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id"
	        " WHERE e.org_id = $1 AND e.id > $5 AND e.kind = 0 AND l.partner_id <> 0"
	        ") t WHERE day >= $2",
};

static const struct sql SQL_TOP = {
	.text = "SELECT partner_id, CAST(SUM(revenue) AS BIGINT), CAST(SUM(commission) AS BIGINT),"
	        " CAST(SUM(sales) AS BIGINT) FROM ("
	        " SELECT partner_id, revenue, commission, sales, day FROM report_day"
	        " WHERE org_id = $1 AND day >= $2 AND partner_id <> 0 AND currency = $3"
	        " UNION ALL"
	        " SELECT partner_id, amount - tax, 0, 1, (occurred_at + CAST($4 AS BIGINT)) / 86400000"
	        " FROM event"
	        " WHERE org_id = $1 AND id > $5 AND type = $7 AND partner_id <> 0 AND currency = $3"
	        " UNION ALL"
	        " SELECT l.partner_id, 0, l.credit - l.debit, 0,"
	        " (e.at + CAST($4 AS BIGINT)) / 86400000"
	        " FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id"
	        " WHERE e.org_id = $1 AND e.id > $6 AND e.kind IN (0, 2, 6)"
	        " AND l.partner_id <> 0 AND l.currency = $3"
	        ") t WHERE day >= $2"
	        " GROUP BY partner_id HAVING SUM(commission) > 0"
	        " ORDER BY 3 DESC, 1"
	        " LIMIT $8",
};

_Static_assert(PARTNER_PENDING == 0 && COMMISSION_HELD == 3 && RUN_DRAFT == 0 && RUN_APPROVED == 1,
               "written out below, because the small indexes are for these very numbers");

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
	.text = "SELECT currency, CAST(SUM(revenue) AS BIGINT), CAST(SUM(commission) AS BIGINT)"
	        " FROM report_day"
	        " WHERE org_id = $1 AND partner_id = $2 AND day >= $3 AND currency <> ''"
	        " GROUP BY currency ORDER BY 2 DESC",
};

/* One look for each day, because click_daily is kept by days. */
static const struct sql SQL_LINK = {
	.text = "WITH RECURSIVE d (day) AS (SELECT CAST($2 AS BIGINT)"
	        " UNION ALL SELECT day + 1 FROM d WHERE day < CAST($3 AS BIGINT))"
	        " SELECT CAST(SUM(k.clicks) AS BIGINT) FROM d JOIN click_daily k"
	        " ON k.org_id = $1 AND k.day = d.day AND k.link_id = $4",
};

const struct sql *const report_sql[] = { &SQL_DAYS, &SQL_PARTNERS, &SQL_TOP, &SQL_TASKS,
	                                 &SQL_OWED, &SQL_LINK,     &SQL_PARTNER, NULL };

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
	struct rows rows;

	if (!db_query(c, &SQL_PARTNERS,
	              ARGS(val_int(s->first_day), val_int(s->half_day), val_int(s->shift_ms),
	                   val_int(s->entry_id)),
	              &rows))
		return false;
	out->partners_before = rows_int(&rows, 0, 0);
	out->partners_now = rows_int(&rows, 0, 1);
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
	                      val_int(s.event_id), val_int(s.entry_id), val_int(s.click_day),
	                      val_int(EVENT_SALE)),
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

bool report_top(struct ctx *c, struct str currency, int64_t most, struct rows *out)
{
	struct span s;

	return span_read(c, &s)
	    && db_query(c, &SQL_TOP,
	                ARGS(val_int(s.half_day), val_str(currency), val_int(s.shift_ms),
	                     val_int(s.event_id), val_int(s.entry_id), val_int(EVENT_SALE),
	                     val_int(most)),
	                out);
}

bool report_partner(struct ctx *c, int64_t partner_id, struct rows *out)
{
	int64_t day = c->now_ms / MS_PER_DAY - REPORT_DAYS + 1;

	return db_query(c, &SQL_PARTNER, ARGS(val_int(partner_id), val_int(day)), out);
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

bool report_link_clicks(struct ctx *c, int64_t link_id, int64_t *out)
{
	int64_t today = c->now_ms / MS_PER_DAY;

	return db_int(c, &SQL_LINK,
	              ARGS(val_int(today - REPORT_DAYS + 1), val_int(today), val_int(link_id)), out);
}
