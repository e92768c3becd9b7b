/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_TRUED_UP_H
#define RESTATE_TRUED_UP_H

#include "event/event.h"
#include "restate/restatement.h"

/*
 * Restatements of a time in which periods were trued up (calendar/true_up.h).
 *
 * What a true-up has posted is for all events of its period together, shared and capped as one; it
 * cannot be divided among them. So a run takes back all of it or nothing: a true-up is void under
 * a run in whose time all of its period lies, and each event of the period comes to what the
 * chosen terms give. From the approval on, an event under a run is no longer part of what its
 * period is trued up by: what comes later, a sale beside the run or the end of the period, is
 * trued up without it. A run that would take only a part of a period that was trued up is refused.
 */

/* The last event that may be a true-up that is void: they are taken up to the approval. */
int64_t trued_up_through(const struct restatement *r);

/* Is a true-up of this period ("2026-Q1") void under the run? */
bool trued_up_void(const struct restatement *r, const struct event *e, struct str period);

/* The period in the external id of a true-up; "" where there is none. */
struct str trued_up_period(struct str external_id);

/* The first month (yyyymm) that lies wholly behind a moment; 0: from the beginning. */
bool trued_up_first_month(struct ctx *c, int64_t from_ms, int64_t *out);

/*
 * A version of the terms was in force from … until: ERR_INVALID on "from" or "to" if it trued up a
 * period that the run would divide, and something was posted for it that is not void yet.
 */
struct terms; /* rules/terms.h */
struct trued_up_force {
	const struct terms *terms;
	int64_t version;
	int64_t from_ms, until_ms;
};
bool trued_up_check(struct ctx *c, const struct restatement *r, const struct trued_up_force *was);

/*
 * What was trued up since the run was made will be void, too, and its periods are due again for the
 * events beside the run. ERR_STATE if the run would divide one of them.
 */
bool trued_up_meanwhile(struct ctx *c, const struct restatement *r);

/* The latest approved run that has come by a true-up that is void under it. */
bool trued_up_over(struct ctx *c, const struct event *e, struct restatement *out, bool *out_found);

extern const struct sql *const trued_up_sql[];

#endif
