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
	int64_t inserted, skipped;
	size_t count;
	struct drain_item items[DRAIN_BATCH_MAX];
};

/* The task's function. */
bool drain_batch_run(struct ctx *c, struct task *t);

#endif
