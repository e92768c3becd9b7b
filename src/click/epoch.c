/* SPDX-License-Identifier: Apache-2.0 */
#include "click/epoch.h"
#include "base/check.h"

#include <sched.h>
#include <stdlib.h>

struct epoch_piece {
	struct epoch_piece *next;
	uint64_t at;
	void (*fn)(void *arg, size_t n);
	void *arg;
	size_t n;
};

/* Each thread tries its own pin first, so that threads do not share a cache line. */
static unsigned pin_hint(void)
{
	static _Atomic unsigned threads;
	static _Thread_local unsigned own;

	if (own == 0)
		own = atomic_fetch_add(&threads, 1) % EPOCH_PINS + 1;
	return own - 1;
}

void epoch_init(struct epoch *e)
{
	for (size_t i = 0; i < EPOCH_PINS; i++)
		atomic_init(&e->pins[i].since, 0);
	atomic_init(&e->now, 1);
	e->retired = NULL;
	e->retired_count = 0;
}

struct epoch_pin *epoch_pin(struct epoch *e)
{
	unsigned first = pin_hint();

	for (unsigned i = 0;; i++) {
		struct epoch_pin *p = &e->pins[(first + i) % EPOCH_PINS];
		uint64_t nobody = 0;

		if (atomic_compare_exchange_strong(&p->since, &nobody, atomic_load(&e->now)))
			return p;
		if (i % EPOCH_PINS == EPOCH_PINS - 1)
			sched_yield();
	}
}

void epoch_unpin(struct epoch_pin *p)
{
	atomic_store_explicit(&p->since, 0, memory_order_release);
}

void epoch_retire(struct epoch *e, void (*fn)(void *arg, size_t n), void *arg, size_t n)
{
	struct epoch_piece *piece = malloc(sizeof(*piece));

	CHECK(piece);
	*piece = (struct epoch_piece){
		.next = e->retired, .at = atomic_fetch_add(&e->now, 1) + 1,
		.fn = fn, .arg = arg, .n = n,
	};
	e->retired = piece;
	e->retired_count++;
}

static uint64_t oldest_pin(struct epoch *e)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < EPOCH_PINS; i++) {
		uint64_t since = atomic_load(&e->pins[i].since);

		if (since && since < oldest)
			oldest = since;
	}
	return oldest;
}

static void give_back(struct epoch *e, struct epoch_piece **from)
{
	struct epoch_piece *piece = *from;

	*from = NULL;
	while (piece) {
		struct epoch_piece *next = piece->next;

		piece->fn(piece->arg, piece->n);
		free(piece);
		e->retired_count--;
		piece = next;
	}
}

void epoch_collect(struct epoch *e)
{
	if (!e->retired)
		return;

	uint64_t oldest = oldest_pin(e);
	struct epoch_piece **at = &e->retired;

	while (*at && (*at)->at > oldest)
		at = &(*at)->next;
	give_back(e, at);
}

void epoch_release(struct epoch *e)
{
	give_back(e, &e->retired);
}
