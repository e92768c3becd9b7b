/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_home.h"

#include "base/check.h"
#include "event/event.h"
#include "report/span.h"

#include <stdlib.h>

#define DAYS (2 * REPORT_DAYS)

static void add(struct report_sum *to, const struct report_sum *s)
{
	to->revenue += s->revenue;
	to->sales += s->sales;
	to->commission += s->commission;
}

static bool add_day(struct ctx *c, struct fx_sum *s, struct str code, const struct report_sum *day,
                    struct report_sum *to)
{
	to->sales += day->sales;
	return fx_sum_add(c, s, code, day->revenue, &to->revenue)
	       && fx_sum_add(c, s, code, day->commission, &to->commission);
}

static bool sum_up(struct ctx *c, const struct report *r, struct fx_sum *s,
                   struct report_currency *out)
{
	*out = (struct report_currency){ .code = str_from(s->to->code) };
	for (size_t i = 0; i < r->currency_count; i++)
		for (size_t d = 0; d < DAYS; d++)
			if (!add_day(c, s, r->currencies[i].code, &r->currencies[i].days[d],
			             &out->days[d]))
				return false;
	for (size_t d = 0; d < DAYS; d++)
		add(d < REPORT_DAYS ? &out->before : &out->now, &out->days[d]);
	return true;
}

bool report_home(struct ctx *c, const struct report *r, struct str currency, struct fx_sum *s,
                 struct report_currency *out)
{
	fx_sum_begin(c, s, currency);
	if (!sum_up(c, r, s, out))
		return false;
	if (out->now.revenue != 0 || !s->incomplete)
		return true;
	fx_sum_begin(c, s, r->currencies[0].code);
	return sum_up(c, r, s, out);
}

static const struct sql SQL_BY_PARTNER = {
	.text = "SELECT partner_id, currency, CAST(SUM(revenue) AS BIGINT),"
	        " CAST(SUM(commission) AS BIGINT), CAST(SUM(sales) AS BIGINT) FROM ("
	        " SELECT partner_id, currency, revenue, commission, sales, day FROM report_day"
	        " WHERE org_id = $1 AND day >= $2 AND partner_id <> 0"
	        " UNION ALL"
	        " SELECT partner_id, currency, amount - tax, 0, 1,"
	        " (occurred_at + CAST($3 AS BIGINT)) / 86400000 FROM event"
	        " WHERE org_id = $1 AND id > $4 AND type = $6 AND partner_id <> 0"
	        " UNION ALL"
	        " SELECT l.partner_id, l.currency, 0, l.credit - l.debit, 0,"
	        " (e.at + CAST($3 AS BIGINT)) / 86400000"
	        " FROM ledger_entry e JOIN ledger_leg l ON l.org_id = e.org_id AND l.entry_id = e.id"
	        " WHERE e.org_id = $1 AND e.id > $5 AND e.kind IN (0, 2, 6) AND l.partner_id <> 0"
	        ") t WHERE day >= $2"
	        " GROUP BY partner_id, currency"
	        " ORDER BY partner_id, currency",
};

/* Most commission first, then the older partner. */
static int by_commission(const void *a, const void *b)
{
	const struct report_best *x = a, *y = b;

	if (x->commission != y->commission)
		return x->commission < y->commission ? 1 : -1;
	return (x->partner_id > y->partner_id) - (x->partner_id < y->partner_id);
}

/* Of the one currency there is, the database finds the best. */
static bool top_of_one(struct ctx *c, struct str currency, size_t most, struct list *out)
{
	struct report_best *all;
	struct rows r;

	if (!report_top(c, currency, (int64_t)most, &r))
		return false;
	all = ARENA_ARRAY(c->arena, struct report_best, r.count + 1);
	for (size_t i = 0; i < r.count; i++)
		all[i] = (struct report_best){ rows_int(&r, i, 0), rows_int(&r, i, 1),
			                       rows_int(&r, i, 2), rows_int(&r, i, 3) };
	*out = (struct list){ all, r.count };
	return true;
}

static bool top_of_all(struct ctx *c, struct fx_sum *s, size_t most, struct list *out)
{
	struct report_best *all;
	struct span span;
	struct rows r;
	size_t n = 0;

	if (!span_read(c, &span)
	    || !db_query(c, &SQL_BY_PARTNER,
	                 ARGS(val_int(span.half_day), val_int(span.shift_ms),
	                      val_int(span.event_id), val_int(span.entry_id),
	                      val_int(EVENT_SALE)), &r))
		return false;
	all = ARENA_ARRAY(c->arena, struct report_best, r.count + 1);
	for (size_t i = 0; i < r.count; i++) {
		int64_t partner_id = rows_int(&r, i, 0);
		struct report_best *b = &all[n > 0 && all[n - 1].partner_id == partner_id ? n - 1 : n++];

		b->partner_id = partner_id;
		b->sales += rows_int(&r, i, 4);
		if (!fx_sum_add(c, s, rows_str(&r, i, 1), rows_int(&r, i, 2), &b->revenue)
		    || !fx_sum_add(c, s, rows_str(&r, i, 1), rows_int(&r, i, 3), &b->commission))
			return false;
	}
	qsort(all, n, sizeof(*all), by_commission);
	while (n > 0 && (n > most || all[n - 1].commission <= 0))
		n--;
	*out = (struct list){ all, n };
	return true;
}

bool report_home_top(struct ctx *c, const struct report *r, struct fx_sum *s, size_t most,
                     struct list *out)
{
	struct str own = str_from(s->to->code);

	if (r->currency_count == 0
	    || (r->currency_count == 1 && str_eq(r->currencies[0].code, own)))
		return top_of_one(c, own, most, out);
	return top_of_all(c, s, most, out);
}

const struct sql *const report_home_sql[] = { &SQL_BY_PARTNER, NULL };
