/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECENT_H
#define REPORT_RECENT_H

#include "report/span.h"

/*
 * What each partner brought in the last 30 days, kept in report_recent, so that the best of a
 * hundred thousand partners are found without adding up a million days. Private to report/.
 *
 * The rows are the sums of report_day over the days up to span.recent_day: the fold adds to
 * both, and once a day the day that grew too old is taken off. Who earned (whose commissions
 * in any currency are more than was taken back) is counted in the same way.
 */

/* The columns of what is not folded yet. */
enum fresh_column {
	FRESH_PARTNER,
	FRESH_CURRENCY,
	FRESH_DAY,
	FRESH_REVENUE,
	FRESH_SALES,
	FRESH_COMMISSION,
	FRESH_COMMISSION_BEFORE,
};

#define FRESH_HAD (-1) /* as a day: what report_recent says so far */

/*
 * What lies between two positions, by partner, currency and day. Of each of these partners the
 * rows of report_recent are among them (FRESH_HAD), before the days of the same currency.
 */
bool recent_fresh(struct ctx *c, const struct span *from, const struct span *to,
                  struct rows *out);

/* Who earned more or less than before: to be added to the counts. */
struct recent_change {
	int64_t now, before;
};

struct recent_change recent_change(const struct span *s, const struct rows *fresh);

/* Add it to report_recent. */
bool recent_add(struct ctx *c, const struct span *s, const struct rows *fresh);

/* Go on to the next day: *s is then of that day, with its counts. */
bool recent_roll(struct ctx *c, struct span *s);

/*
 * All rows (partner_id, currency, revenue, commission, sales), by partner, of those who may be among
 * the best of the currency: they earned at least as much in it as the `most`-th, or are not
 * folded yet.
 */
bool recent_best(struct ctx *c, const struct span *s, struct str currency, int64_t most,
                 struct rows *out);

extern const struct sql *const recent_sql[];

#endif
