/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_LANE_H
#define WORK_LANE_H

#include "work/work.h"

/*
 * Lanes: the waiting writes of each organisation, and whose turn it is. No locks
 * and no threads in here; work.c holds its mutex around every call.
 *
 * A lane exists while it has tasks, runs or settles, or somebody waits for it.
 */

struct task_queue {
	struct task *first, *last;
	int64_t count;
};

void queue_push(struct task_queue *q, struct task *t);
struct task *queue_pop(struct task_queue *q);

struct lane {
	int64_t org_id;
	struct task_queue tasks;
	int64_t settling;          /* tasks that have run, on their way to disk */
	bool running;              /* one thread has it */
	bool in_line;              /* on the list of lanes whose turn comes */
	int waiters;               /* threads in work_run that want it next */
	struct lane *next_in_slot;
	struct lane *next_in_line;
};

#define LANE_SLOTS 1024

struct lanes {
	struct lane *slots[LANE_SLOTS];
	struct lane *line_first, *line_last;
	struct lane *pool;
};

/* The lane of an organisation, made when it is not there. */
struct lane *lane_get(struct lanes *l, int64_t org_id);

/* Put the lane at the end of the line if it has tasks and nobody runs or awaits it: true if so. */
bool lane_line_up(struct lanes *l, struct lane *lane);

/*
 * How many of its tasks a lane takes in one go. Not all where many callers wait for their answers
 * before they ask again: the next batch must be there when this one has run.
 */
int64_t lane_share(const struct lane *lane);

/* The lane whose turn it is, or NULL. */
struct lane *lane_next(struct lanes *l);

/* Forget a lane that nobody needs; does nothing to others. */
void lane_put(struct lanes *l, struct lane *lane);

void lanes_release(struct lanes *l);

#endif
