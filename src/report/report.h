/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Reports: what happened in the last 60 days, for pages.
 *
 * Events and ledger entries are folded into sums by day and partner by the job `report`;
 * what came after its last run is added when a report is read, so figures are always those
 * of now, and reading costs as much as there are days. Clicks are counted by days when they
 * arrive, late or not (click/drain_batch.h), and only read here. Everything can be
 * folded again from nothing. A job that has not run for long makes reading slow; while much
 * happens it is woken more often (event/event.c). Which partners earned is said as of the day
 * of its last run.
 *
 * Revenue is of sales credited to a partner, without tax, on the day of the sale.
 * Commission is what was earned less what was taken back, each on its own day. Days are
 * those of the organisation's time zone at the distance it has from UTC when folded;
 * clicks are by days of UTC. Money is never added up across currencies.
 */

#define REPORT_DAYS 30
#define REPORT_CURRENCIES_MAX 64

/* One day or a sum of days, of one currency. */
struct report_sum {
	int64_t revenue;
	int64_t sales;
	int64_t commission;
};

struct report_currency {
	struct str code;
	struct report_sum days[2 * REPORT_DAYS]; /* oldest first; the second half is the last 30 days */
	struct report_sum before, now;           /* the sums of the halves */
};

struct report {
	int64_t first_day;  /* days since the epoch */
	struct report_currency *currencies; /* the one with the most revenue first */
	size_t currency_count;
	int64_t clicks[2 * REPORT_DAYS];
	int64_t clicks_before, clicks_now;
	int64_t partners_before, partners_now; /* who earned; only of all partners */
};

/* The last 60 days up to now; of one partner, or of all with 0. */
bool report_read(struct ctx *c, int64_t partner_id, struct report *out);

/* The sums of that currency, or zeros. */
const struct report_currency *report_of(const struct report *r, struct str code);

/*
 * What a partner brought in the last 30 days, as far as it is folded: rows (currency, revenue,
 * commission).
 */
bool report_partner(struct ctx *c, int64_t partner_id, struct rows *out);

/* What waits for a person. */
struct report_tasks {
	int64_t applications;
	int64_t held;
	int64_t runs_draft, runs_open;
	int64_t partners, campaigns, links; /* 1 if there is any: how far the organisation has come */
};
bool report_tasks(struct ctx *c, struct report_tasks *out);

/* What is owed, by currency: rows (currency, pending, payable, in_payout, paid, partners). */
bool report_owed(struct ctx *c, struct rows *out);

/* Clicks of a link in the last 30 days, bots not counted. */
struct link;
bool report_link_clicks(struct ctx *c, const struct link *l, int64_t *out);

/* The job's step: fold what has come, at most a few thousand rows at once. */
bool report_fold(struct ctx *c, bool *out_more);

extern const struct sql *const report_sql[];
extern const struct sql *const report_fold_sql[];

#endif
