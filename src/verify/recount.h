/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_RECOUNT_H
#define VERIFY_RECOUNT_H

#include "event/standing.h"

/*
 * Recount: what the events of an organisation come to, counted again in memory, beside what
 * the tables keep: what partners have driven and earned, and whose each customer is.
 *
 * Pointers hold until the next call that may add something.
 */

/* One month of a partner in a campaign; of partner 0: what all have earned. */
struct recount_month {
	int64_t partner_id, campaign_id, month;
	struct counters counters;
	int64_t earned_minor;
	size_t next;            /* of the same two, from 1; 0: none */
	bool seen;
};

/* What commissions from one customer come to in a campaign. */
struct recount_spent {
	int64_t earned_minor;   /* as they were made */
	int64_t left_minor;     /* as they are now */
};

struct recount_customer {
	int64_t id;
	int64_t partner_id, campaign_id, link_id, signal, referred_at;
	int64_t invoices, churned_at, owner_count;
	int64_t spent_in;       /* the campaign it was first asked for in; recount.c's own */
	struct recount_spent spent;
	bool seen;
};

/* An event of which something was taken back, and what it had added to a partner's counters. */
struct recount_sale {
	int64_t amount, refunded, lost, campaign_id, month;
	size_t parts;
};

struct recount_part {
	int64_t partner_id;
	struct counters added;
};

/* A refund that was applied to a sale before it. */
struct recount_refund {
	int64_t amount;
	bool applied;
};

/* One of several owners of a customer. */
struct recount_owner {
	int64_t partner_id, link_id, share_ppm;
	bool seen;
};

struct recount;

struct recount *recount_new(void);
void recount_free(struct recount *r);

/* Add (or, negative, take away), to the partner and to all. */
void recount_add(struct recount *r, const struct standing_change *change);

/* The sums over months from … to, which standing.h would read. */
struct recount_month recount_sum(const struct recount *r, int64_t partner_id, int64_t campaign_id,
                                 const int64_t months[2]);

/* Made, all zero, where it was not known. */
struct recount_month *recount_month(struct recount *r, int64_t partner_id, int64_t campaign_id,
                                    int64_t month);
struct recount_customer *recount_customer(struct recount *r, int64_t id);
struct recount_spent *recount_spent(struct recount *r, int64_t customer_id, int64_t campaign_id);
struct recount_owner *recount_owner(struct recount *r, int64_t customer_id, int64_t number);
struct recount_sale *recount_sale(struct recount *r, int64_t id);
struct recount_refund *recount_refund(struct recount *r, int64_t sale_id, int64_t event_id);
struct recount_part *recount_part(struct recount *r, int64_t sale_id, size_t i);

/* All there are, from 0; NULL after the last. */
struct recount_month *recount_month_at(struct recount *r, size_t i);
struct recount_customer *recount_customer_at(struct recount *r, size_t i);

#endif
