/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEMO_STORY_H
#define DEMO_STORY_H

#include "app.h"
#include "demo/cast.h"

/*
 * The story: one brand's year, day by day. Each day is one task in the
 * organisation's lane, with that day's clock.
 */

#define STORY_DAYS 365
#define STORY_PARTNERS_MAX 16
#define STORY_CAMPAIGNS_MAX 4
#define STORY_CUSTOMERS_MAX 4000
#define STORY_DEALS_MAX 8

struct story_customer {
	int64_t number;
	int plan;
	int next_day;  /* of the next invoice; 0: gone */
	int invoice;   /* of the next, from 0 */
	int partner;   /* who sent it, for codes */
};

struct story_refund {
	int day, customer, invoice;
	int64_t amount; /* 0: all of it */
};

struct story {
	const struct cast_brand *brand;
	int64_t org_id;
	int64_t start_ms;   /* midnight UTC of day 0 */
	uint64_t random;

	int64_t campaign_ids[STORY_CAMPAIGNS_MAX];
	int64_t partner_ids[STORY_PARTNERS_MAX];
	int64_t link_ids[STORY_PARTNERS_MAX];
	int64_t deal_ids[STORY_DEALS_MAX]; /* demo/registrations.h */

	struct story_customer customers[STORY_CUSTOMERS_MAX];
	size_t customer_count;
	struct story_refund refunds[STORY_CUSTOMERS_MAX];
	size_t refund_count;
	int64_t draft_id;   /* of the payout run that waits for its approval; 0: none yet */

	int day;            /* the day at hand */
	int hour_ms;        /* grows over the day */
};

/* A number from 0 to below n. */
int64_t story_chance(struct story *s, int64_t n);

/* One call for each day. Inside a WRITE task. */
bool story_day(struct ctx *c, struct story *s);

/*
 * Is this a day on which the clicks so far are counted? Before the campaign that pays for them begins,
 * too: those need not be looked at later. Their rows must be there.
 */
bool story_counts_clicks(const struct story *s);
bool story_clicks(struct ctx *c, struct story *s);

#endif
