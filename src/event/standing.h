/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_STANDING_H
#define EVENT_STANDING_H

#include "base/ctx.h"
#include "db/db.h"
#include "rules/input.h"

/*
 * Standing: what a partner has driven in a campaign, kept month by month in the
 * organisation's time zone, so that tiers and caps need no scan of events. Only
 * the event pipeline writes here; the audit proves it equal to a recount.
 */

/* The month of a moment, yyyymm. */
int64_t standing_month(struct str timezone, int64_t at_ms);

/* The first and last month of the period around a month; lifetime is 0 to 999912. */
void standing_period(enum tiers_period period, int64_t month, int64_t *out_from, int64_t *out_to);

/* What a partner has driven in a campaign in months from … to. */
bool standing_counters(struct ctx *c, int64_t partner_id, int64_t campaign_id,
                       const int64_t months[2], struct counters *out);

/*
 * What commissions add up to as they were made, whatever has been taken back: of a partner (0: of
 * all) in a campaign, months from … to.
 */
bool standing_earned(struct ctx *c, int64_t partner_id, int64_t campaign_id,
                     const int64_t months[2], int64_t *out_minor);

/* What is left of the commissions from one customer's events, in a campaign, for ever. */
bool standing_customer_earned(struct ctx *c, int64_t customer_id, int64_t campaign_id,
                              int64_t *out_minor);

struct standing_change {
	int64_t partner_id, campaign_id, month;
	struct counters counters;
	int64_t earned_minor; /* in the campaign's currency */
};

/* Add (or, negative, take away). */
bool standing_add(struct ctx *c, const struct standing_change *change);

extern const struct sql *const standing_sql[];

#endif
