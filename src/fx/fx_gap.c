/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_gap.h"

#include "fx/fx_rate.h"

#define GAPS_MAX 1000

static const struct sql SQL_GAPS = {
	.text = "SELECT days.before, days.day FROM (SELECT day, LAG(day) OVER (ORDER BY day) AS before"
	        " FROM fx_rate WHERE currency = 'EUR') AS days WHERE days.day - days.before > $1"
	        " ORDER BY days.day DESC LIMIT $2",
	.control = true,
	.global = true,
};

bool fx_gap_find(struct ctx *c, struct fx_gap *out)
{
	struct rows r;

	*out = (struct fx_gap){ 0 };
	if (!db_query(c, &SQL_GAPS, ARGS(val_int(FX_PAUSE_DAYS), val_int(GAPS_MAX)), &r))
		return false;
	if (r.count > 0)
		*out = (struct fx_gap){ (int64_t)r.count, rows_int(&r, 0, 0) + 1,
			                rows_int(&r, 0, 1) - 1 };
	return true;
}

struct str fx_gap_text(struct arena *a, const struct fx_gap *gap)
{
	struct str first = fx_day_text(a, gap->first), last = fx_day_text(a, gap->last);
	struct str rest = STR("");

	if (gap->count > 1)
		rest = arena_printf(a, ", nor in %lld other gap%s", (long long)gap->count - 1,
		                    gap->count > 2 ? "s" : "");
	return arena_printf(a, "no exchange rates from %.*s to %.*s%.*s", STR_ARG(first),
	                    STR_ARG(last), STR_ARG(rest));
}

const struct sql *const fx_gap_sql[] = { &SQL_GAPS, NULL };
