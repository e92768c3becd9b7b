/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_REVERSAL_H
#define EVENT_REVERSAL_H

#include "event/event.h"
#include "rules/reverse.h"

/*
 * Reversal: everything that is known to take back of what an event earned (its refunds, its
 * disputes, the end of its customer), and bringing the books in line with it.
 *
 * Works by targets (rules/reverse.h): all that is known says what is reversed in total, and
 * whether the rest is held; the difference to what the books say is posted. So any order and
 * any repetition of notices gives the same books.
 */

struct reversal {
	const struct event *of;
	struct reverse_facts facts;
	int64_t refunded_minor; /* by all refunds together */
	int64_t gone_minor;     /* refunded or lost: at most about_whole() */
	bool changed_only;      /* tell of commissions only if something becomes of them */
};

/* What settling did. */
struct settling {
	struct buf list;        /* a JSON object for each commission, in a list to be closed */
	size_t taken, given;    /* commissions of which something was taken, or given back */
	size_t held, released;
};

/* What is known of an event that earned, or that nobody was credited with. */
bool reversal_known(struct ctx *c, const struct event *of, struct reversal *out);

/* The same as of an event: only what was told before it. */
bool reversal_known_before(struct ctx *c, const struct event *of, int64_t before_id,
                           struct reversal *out);

/* Begin with nothing settled. */
void reversal_open(struct ctx *c, struct settling *out);

/* Bring the event's commissions in line, and add to *out what was done. */
bool reversal_settle(struct ctx *c, const struct reversal *r, int64_t cause_id,
                     struct settling *out);

/* The finished list. */
struct str reversal_list(struct settling *s);

/*
 * Something new is known of before->of since `before` was: settle, and lower what the sale has
 * counted. Sets cause->outcome.
 */
bool reversal_apply(struct ctx *c, const struct reversal *before, struct event *cause,
                    struct settling *out);

/* An attribution that credits nobody and says this. */
struct str reversal_says(struct ctx *c, struct str sentence);

extern const struct sql *const reversal_sql[];

#endif
