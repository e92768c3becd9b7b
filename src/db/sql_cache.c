/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sql_cache.h"
#include "base/check.h"

#include <stdlib.h>

#define FIRST_SLOTS 64

struct sql_slot {
	const struct sql *sql;
	const char *text;
	void *stmt; /* NULL: empty */
};

static size_t place(const struct sql_cache *cache, const struct sql *q, const char *text)
{
	uint64_t hash = (uint64_t)(uintptr_t)q * 0x9E3779B97F4A7C15u;
	size_t mask = cache->slot_count - 1;
	size_t i = (size_t)(hash >> 32) & mask;

	while (cache->slots[i].stmt && (cache->slots[i].sql != q || cache->slots[i].text != text))
		i = (i + 1) & mask;
	return i;
}

void *sql_cache_find(const struct sql_cache *cache, const struct sql *q)
{
	return cache->slot_count ? cache->slots[place(cache, q, q->text)].stmt : NULL;
}

static void grow(struct sql_cache *cache)
{
	struct sql_cache old = *cache;

	cache->slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
	cache->slots = calloc(cache->slot_count, sizeof(*cache->slots));
	CHECK(cache->slots != NULL);
	for (size_t i = 0; i < old.slot_count; i++) {
		const struct sql_slot *from = &old.slots[i];

		if (from->stmt)
			cache->slots[place(cache, from->sql, from->text)] = *from;
	}
	free(old.slots);
}

void sql_cache_put(struct sql_cache *cache, const struct sql *q, void *stmt)
{
	CHECK(stmt != NULL);
	if (cache->count * 2 >= cache->slot_count)
		grow(cache);

	struct sql_slot *slot = &cache->slots[place(cache, q, q->text)];

	CHECK(slot->stmt == NULL);
	*slot = (struct sql_slot){ q, q->text, stmt };
	cache->count++;
}

void sql_cache_clear(struct sql_cache *cache)
{
	for (size_t i = 0; i < cache->slot_count; i++)
		if (cache->slots[i].stmt)
			cache->free_fn(cache->slots[i].stmt);
	free(cache->slots);
	cache->slots = NULL;
	cache->slot_count = cache->count = 0;
}
