/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/table.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 256 /* a power of two, as all sizes after it */

struct table_slot {
	int64_t a, b;
	size_t place; /* from 1; 0: free */
};

static struct table_slot *slots_new(size_t count)
{
	struct table_slot *slots = calloc(count, sizeof(*slots));

	CHECK(slots);
	return slots;
}

void table_init(struct table *t, size_t entry_size)
{
	*t = (struct table){ .entry_size = entry_size, .slot_count = SLOTS_FIRST };
	t->slots = slots_new(t->slot_count);
}

void table_free(struct table *t)
{
	free(t->slots);
	free(t->entries);
	*t = (struct table){ 0 };
}

/* The slot of a pair, or the free one where it belongs. */
static struct table_slot *slot_of(const struct table *t, int64_t a, int64_t b)
{
	uint64_t h = ((uint64_t)a * 0x9E3779B97F4A7C15ULL) ^ (uint64_t)b;
	size_t i = (size_t)((h * 0xD6E8FEB86659FD93ULL) >> 32) & (t->slot_count - 1);

	while (t->slots[i].place != 0 && !(t->slots[i].a == a && t->slots[i].b == b))
		i = (i + 1) & (t->slot_count - 1);
	return &t->slots[i];
}

static void grow_slots(struct table *t)
{
	struct table larger = { .slot_count = t->slot_count * 2 };

	larger.slots = slots_new(larger.slot_count);
	for (size_t i = 0; i < t->slot_count; i++)
		if (t->slots[i].place != 0)
			*slot_of(&larger, t->slots[i].a, t->slots[i].b) = t->slots[i];
	free(t->slots);
	t->slots = larger.slots;
	t->slot_count = larger.slot_count;
}

void *table_at(const struct table *t, size_t i)
{
	CHECK(i < t->count);
	return t->entries + i * t->entry_size;
}

static void *entry_new(struct table *t)
{
	if (t->count == t->room) {
		t->room = t->room > 0 ? t->room * 2 : SLOTS_FIRST;
		t->entries = realloc(t->entries, t->room * t->entry_size);
		CHECK(t->entries);
	}
	t->count++;
	return memset(table_at(t, t->count - 1), 0, t->entry_size);
}

void *table_find(const struct table *t, int64_t a, int64_t b)
{
	const struct table_slot *s = slot_of(t, a, b);

	return s->place != 0 ? table_at(t, s->place - 1) : NULL;
}

void *table_add(struct table *t, int64_t a, int64_t b, bool *out_fresh)
{
	struct table_slot *s = slot_of(t, a, b);
	void *entry;

	if (out_fresh)
		*out_fresh = s->place == 0;
	if (s->place != 0)
		return table_at(t, s->place - 1);
	if (t->count * 2 >= t->slot_count) {
		grow_slots(t);
		s = slot_of(t, a, b);
	}
	entry = entry_new(t);
	*s = (struct table_slot){ a, b, t->count };
	return entry;
}
