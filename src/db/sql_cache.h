/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQL_CACHE_H
#define DB_SQL_CACHE_H

#include "db/db.h"

/*
 * Prepared statements of one connection, found by the address of their struct
 * sql (and its text, should an address ever be used again). The cache owns its
 * statements: sql_cache_clear gives each to free_fn. One thread at a time.
 */

struct sql_slot;

struct sql_cache {
	struct sql_slot *slots; /* open addressing, a power of two */
	size_t slot_count;
	size_t count;
	void (*free_fn)(void *stmt);
};

/* The statement, or NULL. */
void *sql_cache_find(const struct sql_cache *cache, const struct sql *q);
void sql_cache_put(struct sql_cache *cache, const struct sql *q, void *stmt);
void sql_cache_clear(struct sql_cache *cache);

#endif
