/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_REVERSE_H
#define RULES_REVERSE_H

#include "rules/input.h"

/*
 * reverse: how much of a commission has to be taken back, given everything known about its sale.
 *
 * Works by targets, not by changes: the facts (all refunds, disputes, the end of the
 * subscription) give what should be reversed in total, and the difference to what is reversed
 * already is what to post. So any order and any repetition of notices leads to the same books.
 * Never more than the commission; own commissions, overrides and splits alike.
 *
 * The rate of the commission is in its amount and stays frozen: nothing is converted here.
 */

struct refund_fact {
	int64_t amount_minor; /* in the sale's currency; with tax if the sale's amount is */
	int64_t at_ms;
};

enum dispute_state { DISPUTE_OPEN, DISPUTE_WON, DISPUTE_LOST };

struct dispute_fact {
	enum dispute_state state;
	int64_t amount_minor; /* disputed; 0: the whole sale */
	int64_t at_ms;        /* opened */
};

/* The commission as it was earned, and what has happened to it. */
struct earned {
	int64_t amount_minor;    /* as posted first, > 0 */
	int64_t reversed_minor;  /* so far */
	int64_t occurred_at_ms;  /* of its event */
	int64_t sale_minor;      /* its event's amount, against which refunds count; without one 1 */
};

/* Everything known, not only what is new. */
struct reverse_facts {
	const struct refund_fact *refunds;
	size_t refund_count;
	const struct dispute_fact *disputes;
	size_t dispute_count;
	int64_t churned_at_ms;   /* 0: still a customer */
};

struct adjustment {
	int64_t reverse_minor;   /* to post: > 0 takes back, < 0 gives back, 0 nothing */
	int64_t target_minor;    /* reversed in total afterwards */
	int64_t refund_minor, dispute_minor, churn_minor; /* the parts of the target */
	int64_t refunded_minor;  /* of the sale, whether it counts or not */
	int64_t counted_minor;   /* of that, what counts by the clawback policy, rounded down */
	bool hold;               /* an open dispute: the rest is to be held */
	bool too_late;           /* something was ignored because the clawback window is over */
};

void reverse(const struct terms *t, const struct earned *e, const struct reverse_facts *f,
             struct adjustment *out);

/*
 * How much of a sum taken away at some moment counts: all of it, the part of the clawback window
 * that was still to come (in whole days), or nothing.
 */
struct reverse_claim {
	int64_t numerator, denominator;
	int64_t left_days;       /* of the window; 0: it is over, or there is none */
	bool too_late;
};

struct reverse_claim reverse_claim(const struct terms *t, enum clawback policy,
                                   const struct earned *e, int64_t at_ms);

/* What one sum adds to the claims of a sale: minor units times the days of the window. */
int64_t reverse_units(const struct terms *t, const struct earned *e, int64_t amount_minor,
                      struct reverse_claim c);

/* Does this dispute take something, or does it hold, or neither? */
bool reverse_takes(const struct terms *t, const struct dispute_fact *d);

/*
 * What is to be taken off in total of what a sale added to a credited partner's counters, once
 * gone_minor (0 to sale_minor) of its amount is refunded or lost: of the revenue its part, and the
 * sale, the customer and the project when nothing of it is left.
 */
struct counters reverse_counters(const struct counters *added, int64_t gone_minor,
                                 int64_t sale_minor);

#endif
