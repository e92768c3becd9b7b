/* SPDX-License-Identifier: Apache-2.0 */
#include "click/drain_queue.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

#define CAP_MIN 64

struct drain_queue *drain_queue_new(int64_t org_id)
{
	struct drain_queue *q = calloc(1, sizeof(*q));

	CHECK(q);
	q->org_id = org_id;
	return q;
}

void drain_queue_free(void *queue)
{
	struct drain_queue *q = queue;

	free(q->items);
	free(q);
}

static void make_room(struct drain_queue *q)
{
	if (q->first + q->count < q->cap)
		return;
	if (q->first > q->count) {
		memcpy(q->items, q->items + q->first, q->count * sizeof(*q->items));
		q->first = 0;
		return;
	}
	q->cap = q->cap ? q->cap * 2 : CAP_MIN;
	q->items = realloc(q->items, q->cap * sizeof(*q->items));
	CHECK(q->items);
}

void drain_queue_push(struct drain_queue *q, struct drain_item item)
{
	make_room(q);
	q->items[q->first + q->count++] = item;
}

void drain_queue_pop(struct drain_queue *q, size_t n)
{
	CHECK(n <= q->count);
	q->first += n;
	q->count -= n;
}
