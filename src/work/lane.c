/* SPDX-License-Identifier: Apache-2.0 */
#include "work/lane.h"
#include "base/check.h"

#include <stdlib.h>

#define LANE_SHARES 3 /* one runs, one is on its way to disk, one on its way to the callers */
#define LANE_SHARE_MIN 16

void queue_push(struct task_queue *q, struct task *t)
{
	t->next = NULL;
	if (q->last)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
	q->count++;
}

struct task *queue_pop(struct task_queue *q)
{
	struct task *t = q->first;

	CHECK(t != NULL);
	q->first = t->next;
	if (!q->first)
		q->last = NULL;
	q->count--;
	return t;
}

static struct lane **slot_of(struct lanes *l, int64_t org_id)
{
	uint64_t hash = (uint64_t)org_id * 0x9E3779B97F4A7C15u;

	return &l->slots[(hash >> 32) % LANE_SLOTS];
}

struct lane *lane_get(struct lanes *l, int64_t org_id)
{
	struct lane **slot = slot_of(l, org_id);
	struct lane *lane = *slot;

	while (lane && lane->org_id != org_id)
		lane = lane->next_in_slot;
	if (lane)
		return lane;
	lane = l->pool;
	if (lane)
		l->pool = lane->next_in_slot;
	else
		lane = malloc(sizeof(*lane));
	CHECK(lane != NULL);
	*lane = (struct lane){ .org_id = org_id, .next_in_slot = *slot };
	*slot = lane;
	return lane;
}

bool lane_line_up(struct lanes *l, struct lane *lane)
{
	if (lane->running || lane->in_line || lane->waiters > 0 || lane->tasks.count == 0)
		return false;
	lane->in_line = true;
	lane->next_in_line = NULL;
	if (l->line_last)
		l->line_last->next_in_line = lane;
	else
		l->line_first = lane;
	l->line_last = lane;
	return true;
}

int64_t lane_share(const struct lane *lane)
{
	int64_t share = (lane->tasks.count + lane->settling) / LANE_SHARES;

	if (share < LANE_SHARE_MIN)
		return LANE_SHARE_MIN;
	return share < WORK_BATCH_MAX ? share : WORK_BATCH_MAX;
}

struct lane *lane_next(struct lanes *l)
{
	struct lane *lane;

	while ((lane = l->line_first) != NULL) {
		l->line_first = lane->next_in_line;
		if (!l->line_first)
			l->line_last = NULL;
		lane->in_line = false;
		/* Somebody took it past the line; it lines up again when given back. */
		if (!lane->running && lane->waiters == 0)
			break;
	}
	return lane;
}

void lane_put(struct lanes *l, struct lane *lane)
{
	struct lane **at = slot_of(l, lane->org_id);

	if (lane->running || lane->in_line || lane->waiters > 0 || lane->settling > 0
	    || lane->tasks.count > 0)
		return;
	while (*at != lane)
		at = &(*at)->next_in_slot;
	*at = lane->next_in_slot;
	lane->next_in_slot = l->pool;
	l->pool = lane;
}

void lanes_release(struct lanes *l)
{
	CHECK(l->line_first == NULL);
	while (l->pool) {
		struct lane *lane = l->pool;

		l->pool = lane->next_in_slot;
		free(lane);
	}
}
