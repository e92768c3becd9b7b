/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_BATCH_H
#define WORK_BATCH_H

#include "work/work.h"

/*
 * Tasks in transactions: what a lane does with the tasks it has taken, and how a
 * single read runs. Knows nothing of queues and threads.
 */

struct batch {
	struct store *store;
	struct task *tasks[WORK_BATCH_MAX]; /* of one organisation and one kind of lane */
	struct ctx ctxs[WORK_BATCH_MAX];
	bool ok[WORK_BATCH_MAX];
	size_t count;
	bool ahead;        /* a question costs a round trip: call ahead() of all tasks first */
	int cautious;      /* so many batches more get savepoints from the start: one failed lately */
	bool repeated;     /* out: it was */
	bool committed;    /* out: false when nothing is known to have happened */
	bool commit_failed;
	struct store_mark mark; /* to be settled before anybody is told */
};

/*
 * Run the tasks of one lane, commit, call after() where it went well; fills ok and ctxs[].err.
 * The lane may go on then; nobody is told before store_settle(b->mark).
 */
void batch_write(struct batch *b);

/* Run a task that is not for a lane. */
bool batch_read(struct store *s, struct task *t, struct ctx *c);

/* The ctx a task starts with. */
struct ctx batch_ctx(const struct task *t);

#endif
