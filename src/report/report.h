/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Reports: figures of the organisation, counted from its events, commissions, clicks
 * and balances when they are asked for; nothing is stored.
 *
 * Days are those of the organisation's time zone, at the distance from UTC that the
 * zone has now. Money is never added up across currencies.
 */

#define REPORT_DAYS 30
#define REPORT_CURRENCIES_MAX 8

/* One day or a sum of days, of one currency. */
struct report_sum {
	int64_t revenue;    /* of sales that were credited to a partner, without tax */
	int64_t sales;
	int64_t commission; /* what was earned, less what was taken back since */
};

struct report_currency {
	struct str code;
	/* oldest first; the second half is the last 30 days */
	struct report_sum days[2 * REPORT_DAYS];
	struct report_sum before, now;           /* the sums of the halves */
};

struct report {
	int64_t first_day;  /* days since the epoch */
	struct report_currency *currencies; /* the one with the most revenue first */
	size_t currency_count;
	int64_t clicks[2 * REPORT_DAYS];
	int64_t clicks_before, clicks_now;
	int64_t partners_before, partners_now; /* with a commission */
};

/* The last 60 days up to now; of one partner, or of all with 0. */
bool report_read(struct ctx *c, int64_t partner_id, struct report *out);

/* The sums of that currency, or zeros. */
const struct report_currency *report_of(const struct report *r, struct str code);

/* Who earned the most in the last 30 days: rows (partner_id, revenue, commission, sales). */
bool report_top(struct ctx *c, struct str currency, int64_t most, struct rows *out);

/* What waits for a person. */
struct report_tasks {
	int64_t applications;
	int64_t held;
	int64_t runs_draft, runs_open;
	/* 1 if there is any: how far the organisation has come */
	int64_t partners, campaigns, links;
};
bool report_tasks(struct ctx *c, struct report_tasks *out);

/* What is owed, by currency: rows (currency, pending, payable, in_payout, paid, partners). */
bool report_owed(struct ctx *c, struct rows *out);

/* Clicks of a link's whole life, bots not counted. */
bool report_link_clicks(struct ctx *c, int64_t link_id, int64_t *out);

extern const struct sql *const report_sql[];

#endif
