/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_EPOCH_H
#define CLICK_EPOCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Memory that readers use without locks, and when it may be given back.
 *
 * A reader pins before it loads the first shared pointer and unpins after its last
 * look. A writer first makes a piece unreachable (a sequentially consistent store),
 * then retires it; epoch_collect() calls the piece's function once every reader that
 * was pinned at that time has unpinned. Retiring and collecting are for one thread at
 * a time; pinning is for any thread, EPOCH_PINS at once (more wait their turn).
 */

#define EPOCH_PINS 128

struct epoch_pin {
	_Alignas(64) _Atomic uint64_t since; /* 0: nobody */
};

struct epoch_piece;

struct epoch {
	struct epoch_pin pins[EPOCH_PINS];
	_Atomic uint64_t now;
	struct epoch_piece *retired; /* newest first */
	int64_t retired_count;
};

void epoch_init(struct epoch *e);

/* Give back all retired pieces; no reader may be left. */
void epoch_release(struct epoch *e);

struct epoch_pin *epoch_pin(struct epoch *e);
void epoch_unpin(struct epoch_pin *p);

/* Call fn(arg, n) when no reader can see the piece any more. */
void epoch_retire(struct epoch *e, void (*fn)(void *arg, size_t n), void *arg, size_t n);
void epoch_collect(struct epoch *e);

#endif
