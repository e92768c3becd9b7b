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
	bool savepoints;   /* undo single tasks by savepoints; else by repeating the batch */
	bool repeated;     /* out: it was */
	bool committed;    /* out: false when nothing has happened */
	bool commit_failed;
};

/* Run the tasks of one lane, commit, call after() where it went well; fills ok and ctxs[].err. */
void batch_write(struct batch *b);

/* Run a task that is not for a lane. */
bool batch_read(struct store *s, struct task *t, struct ctx *c);

/* The ctx a task starts with. */
struct ctx batch_ctx(const struct task *t);

#endif
