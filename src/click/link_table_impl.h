/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LINK_TABLE_IMPL_H
#define CLICK_LINK_TABLE_IMPL_H

#include "click/link_store.h"

#include <pthread.h>
#include <sodium.h>

/*
 * The inside of a link table, shared by link_table.c (find, add, remove) and
 * link_sweep.c (all links at once). Nobody else includes this. All functions are
 * for whoever holds the table's lock, but link_table_hit, which readers use too.
 */

#define SLOT_EMPTY ((uint64_t)0)
#define SLOT_GONE ((uint64_t)1)

/* Each slot: hash in the upper half, reference of a record in the lower. */
struct link_index {
	uint32_t mask;
	uint32_t taken; /* slots that are not SLOT_EMPTY */
	_Atomic uint64_t slots[];
};

struct link_table {
	struct epoch epoch;
	struct link_store store;
	_Atomic(struct link_index *) index;
	_Atomic bool own_hosts; /* some link has a host of its own */
	unsigned char key[crypto_shorthash_KEYBYTES];

	pthread_mutex_t lock;   /* writers; what follows is theirs */
	int64_t live, visible;
	int64_t rebuilds;       /* of the index */
	GHashTable *removed;    /* during a sweep: "host/slug" of links removed since it began */
	void (*on_change)(void *arg, const struct link_entry *e, bool removed);
	void *on_change_arg;
};

/* The name of a link: what is hashed and compared. */
struct link_name {
	struct str host, slug;
	uint32_t hash;
};

/* A search: where it ended, and what was there (SLOT_EMPTY: no such name). */
struct link_hit {
	_Atomic uint64_t *slot;
	uint64_t word;
	struct link_record *record; /* NULL: no such name */
};

struct link_name link_table_name(const struct link_table *t, struct str host, struct str slug);
struct link_hit link_table_hit(struct link_table *t, const struct link_name *name);

struct link_entry link_table_entry(struct link_table *t, const struct link_record *r);

/* Put a link under its name, in place of what is there, and take out what was found. */
void link_table_publish(struct link_table *t, const struct link_entry *e,
                        const struct link_name *name);
void link_table_unpublish(struct link_table *t, const struct link_hit *hit);

/* "host/slug" from malloc: what a sweep remembers of a removed link. */
char *link_table_name_text(const struct link_entry *e);

bool link_table_entry_ok(const struct link_entry *e);

#endif
