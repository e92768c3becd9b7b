/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_TABLE_H
#define WHATIF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Tables in memory: from two integers to an entry of fixed size, all zero when it is new.
 *
 * Pointers hold until the next table_add. Grows on the heap without a limit of its own; the
 * caller watches count.
 */

struct table_slot;

struct table {
	struct table_slot *slots;
	size_t slot_count;
	char *entries;
	size_t entry_size, count, room;
};

void table_init(struct table *t, size_t entry_size);
void table_free(struct table *t);

/* NULL if there is none. */
void *table_find(const struct table *t, int64_t a, int64_t b);

/* The entry, made where it was not there; out_fresh may be NULL. */
void *table_add(struct table *t, int64_t a, int64_t b, bool *out_fresh);

/* In the order they were made, from 0. */
void *table_at(const struct table *t, size_t i);

#endif
