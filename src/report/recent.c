/* SPDX-License-Identifier: Apache-2.0 */
#include "report/recent.h"

#include "base/check.h"

/*
 * The parameters of all that ends with BETWEEN_ARGS: $2 the shift, $3 and $4 the event and the
 * entry after which, $5 and $6 up to which, $7 the first of the 60 days, $8 the first of 30.
 */

/* By partner and currency, what is between two positions. */
#define BETWEEN \
	"WITH u AS (SELECT partner_id, currency," \
	" CAST(SUM(CASE WHEN day >= $8 THEN revenue ELSE 0 END) AS BIGINT) AS revenue," \
	" CAST(SUM(CASE WHEN day >= $8 THEN sales ELSE 0 END) AS BIGINT) AS sales," \
	" CAST(SUM(CASE WHEN day >= $8 THEN commission ELSE 0 END) AS BIGINT) AS commission," \
	" CAST(SUM(CASE WHEN day < $8 THEN commission ELSE 0 END) AS BIGINT)" \
	" AS commission_before" \
	" FROM (SELECT partner_id, currency, (occurred_at + CAST($2 AS BIGINT)) / 86400000 AS day," \
	" amount - tax AS revenue, 1 AS sales, 0 AS commission" \
	" FROM event" \
	" WHERE org_id = $1 AND id > $3 AND id <= $5 AND type = 2 AND partner_id <> 0" \
	" UNION ALL" \
	" SELECT l.partner_id, l.currency, (e.at + CAST($2 AS BIGINT)) / 86400000," \
	" 0, 0, l.credit - l.debit" \
	" FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id" \
	" WHERE e.org_id = $1 AND e.id > $4 AND e.id <= $6 AND e.kind IN (0, 2, 6, 7)" \
	" AND l.partner_id <> 0) t" \
	" WHERE day >= $7 GROUP BY partner_id, currency)"

/* And what they have then, beside what they had. */
#define MERGED \
	BETWEEN ", m AS (SELECT partner_id, currency, CAST(SUM(revenue) AS BIGINT) AS revenue," \
	" CAST(SUM(sales) AS BIGINT) AS sales, CAST(SUM(commission) AS BIGINT) AS commission," \
	" CAST(SUM(commission_before) AS BIGINT) AS commission_before," \
	" CAST(SUM(had) AS BIGINT) AS had, CAST(SUM(had_before) AS BIGINT) AS had_before" \
	" FROM (SELECT partner_id, currency, revenue, sales, commission, commission_before," \
	" 0 AS had, 0 AS had_before FROM u" \
	" UNION ALL" \
	" SELECT r.partner_id, r.currency, r.revenue, r.sales, r.commission, r.commission_before," \
	" r.commission, r.commission_before" \
	" FROM report_recent r" \
	" WHERE r.org_id = $1 AND r.partner_id IN (SELECT partner_id FROM u)) x" \
	" GROUP BY partner_id, currency)"

_Static_assert(EVENT_SALE == 2, "the type, above");

#define ANY(column) "MAX(CASE WHEN " column " > 0 THEN 1 ELSE 0 END)"

static const struct sql SQL_CHANGE = {
	.text = MERGED " SELECT CAST(COALESCE(SUM(has - had), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(has_before - had_before), 0) AS BIGINT)"
	        " FROM (SELECT " ANY("commission") " AS has, " ANY("had") " AS had, "
	        ANY("commission_before") " AS has_before, " ANY("had_before") " AS had_before"
	        " FROM m GROUP BY partner_id) y",
};

#define ADD \
	" ON CONFLICT (org_id, partner_id, currency) DO UPDATE SET" \
	" revenue = report_recent.revenue + excluded.revenue," \
	" sales = report_recent.sales + excluded.sales," \
	" commission = report_recent.commission + excluded.commission," \
	" commission_before = report_recent.commission_before + excluded.commission_before"

#define COLUMNS \
	"(org_id, partner_id, currency, revenue, sales, commission, commission_before)"

static const struct sql SQL_ADD = {
	.text = "INSERT INTO report_recent " COLUMNS " " BETWEEN
	        " SELECT $1, partner_id, currency, revenue, sales, commission, commission_before"
	        " FROM u WHERE true" ADD,
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
	        " WHERE org_id = $1 AND day IN ($2, $3) AND partner_id <> 0 AND currency <> ''"
	        " GROUP BY org_id, partner_id, currency" ADD,
};

static const struct sql SQL_DROP = {
	.text = "DELETE FROM report_recent WHERE org_id = $1 AND revenue = 0 AND sales = 0"
	        " AND commission = 0 AND commission_before = 0",
};

static const struct sql SQL_COUNT = {
	.text = "SELECT CAST(COALESCE(SUM(has), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(has_before), 0) AS BIGINT)"
	        " FROM (SELECT " ANY("commission") " AS has, " ANY("commission_before")
	        " AS has_before FROM report_recent WHERE org_id = $1 GROUP BY partner_id) t",
};

/* Of those who are not folded wholly, what they have now; of the others, the best. */
static const struct sql SQL_BEST = {
	.text = MERGED " SELECT partner_id, currency, revenue, commission, sales FROM m"
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

const struct sql *const recent_sql[] = { &SQL_CHANGE, &SQL_ADD,   &SQL_ROLL, &SQL_DROP,
	                                 &SQL_COUNT,  &SQL_BEST, NULL };

#define BETWEEN_ARGS(from, to) \
	val_int((from)->shift_ms), val_int((from)->event_id), val_int((from)->entry_id), \
		val_int((to)->event_id), val_int((to)->entry_id), \
		val_int((from)->recent_day - 2 * REPORT_DAYS + 1), \
		val_int((from)->recent_day - REPORT_DAYS + 1)

bool recent_change(struct ctx *c, const struct span *from, const struct span *to,
                   struct recent_change *out)
{
	struct rows r;

	if (!db_query(c, &SQL_CHANGE, ARGS(BETWEEN_ARGS(from, to)), &r))
		return false;
	*out = (struct recent_change){ rows_int(&r, 0, 0), rows_int(&r, 0, 1) };
	return true;
}

bool recent_add(struct ctx *c, const struct span *from, const struct span *to)
{
	return db_exec(c, &SQL_ADD, ARGS(BETWEEN_ARGS(from, to)));
}

bool recent_roll(struct ctx *c, struct span *s)
{
	struct rows r;

	if (!db_exec(c, &SQL_ROLL, ARGS(val_int(s->recent_day - 2 * REPORT_DAYS + 1),
	                                val_int(s->recent_day - REPORT_DAYS + 1)))
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
	                ARGS(BETWEEN_ARGS(s, &span_end), val_str(currency), val_int(most)), out);
}
