/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_DRAIN_BATCH_H
#define CLICK_DRAIN_BATCH_H

#include "click/drain.h"
#include "click/drain_queue.h"

/*
 * A batch: some clicks of one organisation on their way into its database, as one task
 * of its lane. The same transaction inserts the rows, counts them in click_daily (for each
 * partner and link, and as partner 0 all together) and moves drain_position; what lies
 * before the position is skipped.
 *
 * Before an organisation's first batch of a run its position lies where an earlier run got to, so
 * not beyond where this one began. If it does, the journal is older than the database: it came
 * from a snapshot or a copy. Its positions come for a second time then, and what is new would
 * be skipped for what is known. So the position is taken back to where this run began, in a
 * transaction of its own (reset), and the clicks come with the next one. What earlier runs left
 * in such a journal is in the database already.
 */

struct drain_batch {
	struct task task; /* first: the task is the batch */
	struct journal *journal;
	struct drain *owner;
	struct drain_queue *queue;
	struct arena arena;
	struct drain_batch *next;
	bool ok;
	enum err_code why; /* when not ok */
	bool first;        /* in this run no position of the organisation has been looked at */
	bool sound;        /* out: that position was one of an earlier run */
	bool reset;        /* out: it was not, and was mended; none of the clicks is stored */
	int64_t inserted, skipped;
	size_t count;
	struct drain_item items[DRAIN_BATCH_MAX];
};

/* The task's function. */
bool drain_batch_run(struct ctx *c, struct task *t);

#endif
