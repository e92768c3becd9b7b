/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_TRUE_UP_H
#define RULES_TRUE_UP_H

#include "rules/engine.h"

/*
 * The true-up of a period: what its events would have earned a partner if the tier reached in
 * the end had counted from the beginning (retroactive tiers), and if what was refunded had
 * taken back its part, whatever the clawback policy has left alone (a trued-up clawback).
 *
 * Pure. Each event is judged again as it was, and once more with the counters of the whole
 * period; all else is the same, so that whatever outranks the tiers stays as it is. What
 * counts is the reward before partners above and caps: the correction is shared and capped
 * itself. A reward that was cut by a cap is left alone.
 *
 * Works by targets, as reverse.h: the sum over all events says what the period should come to,
 * less what has been refunded, and the difference to what has been posted is the correction.
 */

struct true_up_item {
	const struct terms *terms;        /* of the event */
	const struct standing *standing;  /* as it was judged by */
	const struct occurrence *event;
	size_t credit;                    /* the partner's */
	struct counters reached;          /* by all events of the period, this one included */
	bool as_judged;                   /* not retroactive: the tiers stay as they were */
	int64_t left_minor, of_minor;     /* of its sale or commission, not reversed; 0 of 0: all */
	int64_t settle_minor;             /* of what is left: to be taken back now */
};

struct true_up {
	int64_t is_minor, was_minor;
	int64_t events; /* that come out differently */
};

/* Does anything of these terms wait for the end of a period? */
bool true_up_asked(const struct terms *t);

/* What the engine adds itself to what was driven: where the event counts for its own tier. */
struct counters true_up_own(const struct terms *t, const struct occurrence *o,
                            const struct accrual *a, size_t credit);

/* Does the tier that is reached in a period count for all of it? */
bool true_up_retroactive(const struct terms *t);

/*
 * What refunds of a sale should have taken of its commission, and have not: where a clawback policy
 * leaves them to the end of the period.
 */
int64_t true_up_unsettled(int64_t commission_minor, int64_t left_minor, int64_t refunded_minor,
                          int64_t sale_minor);

/* Add one event. scratch is overwritten. */
void true_up_add(const struct true_up_item *x, struct accrual *scratch, struct true_up *sum);

#endif
