/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_SWEEP_H
#define RESTATE_SWEEP_H

#include "restate/restatement.h"

/*
 * The sweep: goes through the events of a restatement page by page, each page in one
 * transaction with the position it reaches. So a run that was killed goes on where it was, and
 * each event is looked at once.
 *
 * When a run is through, the job watches what is told of events that are restated: refunds,
 * disputes, customers who leave, commissions a person rejects. Each makes the difference to what
 * the event comes to then, by the latest run over it.
 */

#define SWEEP_JOB "restate"

/* The next page of a run that is being prepared or posted; keeps the run. */
bool sweep_page(struct ctx *c, struct restatement *r);

/* The job's step: a page of a run, or of what was told since. */
bool sweep_step(struct ctx *c, bool *out_more);

extern const struct sql *const sweep_sql[];

#endif
