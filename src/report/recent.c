/* SPDX-License-Identifier: Apache-2.0 */
#include "report/recent.h"

#include "base/check.h"

/*
 * Parameters: $2 the shift, $3 and $4 the event and the entry after which, $5 and $6 up to which,
 * $7 the first of the 60 days, $8 the first of 30.
 */

/* Sales and what was earned by them or taken back, between two positions. */
#define FRESH \
	"SELECT partner_id, currency, (occurred_at + CAST($2 AS BIGINT)) / 86400000 AS day," \
	" amount - tax AS revenue, 1 AS sales, 0 AS commission" \
	" FROM event" \
	" WHERE org_id = $1 AND id > $3 AND id <= $5 AND type = 2 AND partner_id <> 0" \
	" UNION ALL" \
	" SELECT l.partner_id, l.currency, (e.at + CAST($2 AS BIGINT)) / 86400000," \
	" 0, 0, l.credit - l.debit" \
	" FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id" \
	" WHERE e.org_id = $1 AND e.id > $4 AND e.id <= $6 AND e.kind IN (0, 2, 6, 7)" \
	" AND l.partner_id <> 0"

/* By partner, currency and day, behind what the same partners have up to the first position. */
static const struct sql SQL_FRESH = {
	.text = "WITH u AS (SELECT partner_id, currency, day, CAST(SUM(revenue) AS BIGINT) AS revenue,"
	        " CAST(SUM(sales) AS BIGINT) AS sales, CAST(SUM(commission) AS BIGINT) AS commission"
	        " FROM (" FRESH ") t GROUP BY partner_id, currency, day)"
	        " SELECT partner_id, currency, day, revenue, sales, commission, 0 FROM u"
	        " UNION ALL"
	        " SELECT partner_id, currency, -1, 0, 0, commission, commission_before"
	        " FROM report_recent"
	        " WHERE org_id = $1 AND partner_id IN (SELECT partner_id FROM u)"
	        " ORDER BY 1, 2, 3",
};

/* By partner and currency, those of the last 30 days ($8) and of the 30 before ($7). */
#define BETWEEN \
	"WITH u AS (SELECT partner_id, currency," \
	" CAST(SUM(CASE WHEN day >= $8 THEN revenue ELSE 0 END) AS BIGINT) AS revenue," \
	" CAST(SUM(CASE WHEN day >= $8 THEN sales ELSE 0 END) AS BIGINT) AS sales," \
	" CAST(SUM(CASE WHEN day >= $8 THEN commission ELSE 0 END) AS BIGINT) AS commission" \
	" FROM (" FRESH ") t WHERE day >= $7 GROUP BY partner_id, currency)"

_Static_assert(EVENT_SALE == 2, "the type, above");

#define ADD \
	" ON CONFLICT (org_id, partner_id, currency) DO UPDATE SET" \
	" revenue = report_recent.revenue + excluded.revenue," \
	" sales = report_recent.sales + excluded.sales," \
	" commission = report_recent.commission + excluded.commission," \
	" commission_before = report_recent.commission_before + excluded.commission_before"

#define COLUMNS \
	"(org_id, partner_id, currency, revenue, sales, commission, commission_before)"

static const struct sql SQL_ADD = {
	.text = "INSERT INTO report_recent " COLUMNS " VALUES ($1, $2, $3, $4, $5, $6, $7)" ADD,
};

/* Of the day that was the first of the 30 ($3), and of the one that was of the 60 ($2). */
static const struct sql SQL_ROLL = {
	.text = "INSERT INTO report_recent " COLUMNS
	        " SELECT org_id, partner_id, currency,"
	        " CAST(-SUM(CASE WHEN day = $3 THEN revenue ELSE 0 END) AS BIGINT),"
	        " CAST(-SUM(CASE WHEN day = $3 THEN sales ELSE 0 END) AS BIGINT),"
	        " CAST(-SUM(CASE WHEN day = $3 THEN commission ELSE 0 END) AS BIGINT),"
	        " CAST(SUM(CASE WHEN day = $3 THEN commission ELSE -commission END) AS BIGINT)"
	        " FROM report_day"
	        " WHERE org_id = $1 AND day IN ($2, $3) AND partner_id <> 0"
	        " GROUP BY org_id, partner_id, currency" ADD,
};

static const struct sql SQL_DROP = {
	.text = "DELETE FROM report_recent WHERE org_id = $1 AND revenue = 0 AND sales = 0"
	        " AND commission = 0 AND commission_before = 0",
};

#define ANY(column) "MAX(CASE WHEN " column " > 0 THEN 1 ELSE 0 END)"

static const struct sql SQL_COUNT = {
	.text = "SELECT CAST(COALESCE(SUM(has), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(has_before), 0) AS BIGINT)"
	        " FROM (SELECT " ANY("commission") " AS has, " ANY("commission_before")
	        " AS has_before FROM report_recent WHERE org_id = $1 GROUP BY partner_id) t",
};

/* Of those who are not folded wholly, what they have now; of the others, the best. */
static const struct sql SQL_BEST = {
	.text = BETWEEN " SELECT partner_id, currency, CAST(SUM(revenue) AS BIGINT),"
	        " CAST(SUM(commission) AS BIGINT), CAST(SUM(sales) AS BIGINT)"
	        " FROM (SELECT partner_id, currency, revenue, commission, sales FROM u"
	        " UNION ALL"
	        " SELECT h.partner_id, h.currency, h.revenue, h.commission, h.sales"
	        " FROM report_recent h"
	        " WHERE h.org_id = $1 AND h.partner_id IN (SELECT partner_id FROM u)) m"
	        " GROUP BY partner_id, currency"
	        " UNION ALL"
	        " SELECT r.partner_id, r.currency, r.revenue, r.commission, r.sales"
	        " FROM report_recent r"
	        " WHERE r.org_id = $1 AND r.partner_id NOT IN (SELECT partner_id FROM u)"
	        " AND r.partner_id IN (SELECT b.partner_id FROM report_recent b"
	        " WHERE b.org_id = $1 AND b.currency = $9 AND b.commission > 0"
	        " ORDER BY b.commission DESC"
	        " LIMIT CAST($10 AS BIGINT) + (SELECT COUNT(*) FROM u))"
	        " ORDER BY 1, 2",
};

const struct sql *const recent_sql[] = { &SQL_FRESH, &SQL_ADD,  &SQL_ROLL, &SQL_DROP,
	                                 &SQL_COUNT, &SQL_BEST, NULL };

#define POSITIONS(from, to) \
	val_int((from)->shift_ms), val_int((from)->event_id), val_int((from)->entry_id), \
		val_int((to)->event_id), val_int((to)->entry_id)

static int64_t first_of_60(const struct span *s)
{
	return s->recent_day - 2 * REPORT_DAYS + 1;
}

static int64_t first_of_30(const struct span *s)
{
	return s->recent_day - REPORT_DAYS + 1;
}

bool recent_fresh(struct ctx *c, const struct span *from, const struct span *to, struct rows *out)
{
	return db_query(c, &SQL_FRESH, ARGS(POSITIONS(from, to)), out);
}

/* The rows of a partner and a currency. */
struct share {
	int64_t partner_id;
	struct str currency;
	int64_t had, had_before; /* commission of the 30 days, of the 30 before, up to the position */
	int64_t revenue, sales, commission, commission_before; /* and what comes to them */
};

static void take(const struct span *s, const struct rows *r, size_t i, struct share *out)
{
	int64_t day = rows_int(r, i, FRESH_DAY), commission = rows_int(r, i, FRESH_COMMISSION);

	if (day == FRESH_HAD) {
		out->had += commission;
		out->had_before += rows_int(r, i, FRESH_COMMISSION_BEFORE);
	} else if (day >= first_of_30(s)) {
		out->revenue += rows_int(r, i, FRESH_REVENUE);
		out->sales += rows_int(r, i, FRESH_SALES);
		out->commission += commission;
	} else if (day >= first_of_60(s)) {
		out->commission_before += commission;
	}
}

/* The share whose rows begin at i; where the next one begins. */
static size_t share_read(const struct span *s, const struct rows *r, size_t i, struct share *out)
{
	*out = (struct share){ .partner_id = rows_int(r, i, FRESH_PARTNER),
		               .currency = rows_str(r, i, FRESH_CURRENCY) };
	for (; i < r->count && rows_int(r, i, FRESH_PARTNER) == out->partner_id
	       && str_eq(rows_str(r, i, FRESH_CURRENCY), out->currency);
	     i++)
		take(s, r, i, out);
	return i;
}

struct recent_change recent_change(const struct span *s, const struct rows *fresh)
{
	struct recent_change change = { 0, 0 };

	for (size_t i = 0; i < fresh->count;) {
		int64_t partner_id = rows_int(fresh, i, FRESH_PARTNER);
		bool had = false, has = false, had_before = false, has_before = false;
		struct share m;

		while (i < fresh->count && rows_int(fresh, i, FRESH_PARTNER) == partner_id) {
			i = share_read(s, fresh, i, &m);
			had |= m.had > 0;
			has |= m.had + m.commission > 0;
			had_before |= m.had_before > 0;
			has_before |= m.had_before + m.commission_before > 0;
		}
		change.now += has - had;
		change.before += has_before - had_before;
	}
	return change;
}

bool recent_add(struct ctx *c, const struct span *s, const struct rows *fresh)
{
	for (size_t i = 0; i < fresh->count;) {
		struct share m;

		i = share_read(s, fresh, i, &m);
		if ((m.sales || m.commission || m.commission_before)
		    && !db_exec(c, &SQL_ADD,
		                ARGS(val_int(m.partner_id), val_str(m.currency), val_int(m.revenue),
		                     val_int(m.sales), val_int(m.commission),
		                     val_int(m.commission_before))))
			return false;
	}
	return true;
}

bool recent_roll(struct ctx *c, struct span *s)
{
	struct rows r;

	if (!db_exec(c, &SQL_ROLL, ARGS(val_int(first_of_60(s)), val_int(first_of_30(s))))
	    || !db_exec(c, &SQL_DROP, NO_ARGS) || !db_query(c, &SQL_COUNT, NO_ARGS, &r))
		return false;
	s->recent_day++;
	s->partners_now = rows_int(&r, 0, 0);
	s->partners_before = rows_int(&r, 0, 1);
	return true;
}

bool recent_best(struct ctx *c, const struct span *s, struct str currency, int64_t most,
                 struct rows *out)
{
	return db_query(c, &SQL_BEST,
	                ARGS(POSITIONS(s, &span_end), val_int(first_of_60(s)), val_int(first_of_30(s)),
	                     val_str(currency), val_int(most)),
	                out);
}
