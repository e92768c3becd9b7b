/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_DRAIN_QUEUE_H
#define CLICK_DRAIN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Clicks of one organisation that wait for their database, oldest first: where they are
 * in the journal, not what they are. The drain's lock guards all of it.
 */

struct drain_item {
	int64_t pos; /* of the record */
	int64_t id;  /* of the click */
};

struct drain_queue {
	int64_t org_id;
	struct drain_item *items;
	size_t first, count, cap;
	int64_t since_ms;  /* how long the first one has waited at most */
	int64_t retry_ms;  /* not before */
	int64_t kick_pos;  /* what lies before this does not wait for company */
	int failures;      /* in a row */
	int missing;       /* of those the last ones in a row: there is no such organisation */
	bool busy;         /* its first items are in a lane */
};

struct drain_queue *drain_queue_new(int64_t org_id);
void drain_queue_free(void *queue);

void drain_queue_push(struct drain_queue *q, struct drain_item item);
void drain_queue_pop(struct drain_queue *q, size_t n);

/* Its first batch was refused, or went well; both count for `failures` and `missing`. */
void drain_queue_failed(struct drain_queue *q, bool missing);
void drain_queue_went_well(struct drain_queue *q);

/* NULL if it is not there. Ids come nearly in order, so this is quick for those that are. */
const struct drain_item *drain_queue_find(const struct drain_queue *q, int64_t id);

static inline const struct drain_item *drain_queue_at(const struct drain_queue *q, size_t i)
{
	return &q->items[q->first + i];
}

#endif
