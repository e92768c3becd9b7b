/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_CACHE_H
#define ACCESS_CACHE_H

#include "base/field.h"
#include "base/arena.h"

/*
 * Rows of the control data kept in memory, so that a request costs a look into a
 * table instead of a query: keys, sessions, users, organisations, memberships.
 *
 * Each kind has a generation. Whoever changes such a row in the database moves the
 * generation on after the commit (cache_forget), and every row kept before that is
 * no longer found. A reader that fills the cache takes the generation *before* its
 * read transaction begins; so a row that was read before a change and comes late is
 * never found either. Rows are also forgotten after max_age_ms (several servers on
 * one database). The oldest of a few candidates makes room. Thread-safe.
 */

enum cache_kind { CACHE_KEY, CACHE_SESSION, CACHE_ORG, CACHE_MEMBER, CACHE_KIND_COUNT };

struct cache;

/* Room for about `rows` rows. max_age_ms 0: they do not age. */
struct cache *cache_new(size_t rows, int64_t max_age_ms);
void cache_free(struct cache *k);

/* All generations at one moment. */
struct cache_moment {
	int64_t generation[CACHE_KIND_COUNT];
};
struct cache_moment cache_now(struct cache *k);

/* Every row of this kind may have changed: find none of them any more. */
void cache_forget(struct cache *k, enum cache_kind kind);

#define CACHE_NAME_MAX 80

/* What a row is found by: any bytes up to CACHE_NAME_MAX. */
struct cache_name {
	enum cache_kind kind;
	struct str bytes;
};

/* Keep a copy of *row as of that moment; rows that are too large are not kept. */
void cache_put(struct cache *k, struct cache_name name, const struct cache_moment *at,
               const struct model *m, const void *row);

/* Fill *row, texts in the arena; false if it is not known. */
bool cache_get(struct cache *k, struct cache_name name, struct arena *a, const struct model *m,
               void *row);

struct cache_stats {
	int64_t hits, misses;
};
struct cache_stats cache_stats(struct cache *k);

#endif
