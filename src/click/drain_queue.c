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

void drain_queue_failed(struct drain_queue *q, bool missing)
{
	q->failures++;
	q->missing = missing ? q->missing + 1 : 0;
}

void drain_queue_went_well(struct drain_queue *q)
{
	q->failures = q->missing = 0;
	q->retry_ms = 0;
}

/* How far from its place in order an id may be when several threads make ids at once. */
#define DISORDER 256

const struct drain_item *drain_queue_find(const struct drain_queue *q, int64_t id)
{
	const struct drain_item *items = q->items + q->first;
	size_t from = 0, to = q->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (items[middle].id < id)
			from = middle + 1;
		else
			to = middle;
	}
	to = from + DISORDER < q->count ? from + DISORDER : q->count;
	from = from > DISORDER ? from - DISORDER : 0;
	for (size_t i = from; i < to; i++)
		if (items[i].id == id)
			return &items[i];
	for (size_t i = 0; i < q->count; i++)
		if (items[i].id == id)
			return &items[i];
	return NULL;
}
