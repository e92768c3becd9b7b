/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books_tally.h"
#include "base/check.h"

#include <stdlib.h>

#define SLOTS_FIRST 64

struct tallies {
	struct tally *items;
	size_t count, room;
	size_t *slots;          /* index + 1 of an item; 0: free. A power of two, at most half full */
	size_t slot_count;
};

static size_t hash(int64_t a, int64_t b)
{
	uint64_t h = (uint64_t)a * 0x9e3779b97f4a7c15u ^ ((uint64_t)b * 0xc2b2ae3d27d4eb4fu);

	return (size_t)(h ^ h >> 29);
}

static void *grown(void *p, size_t count, size_t size)
{
	p = realloc(p, count * size);
	CHECK(p != NULL);
	return p;
}

static size_t *slot_of(const struct tallies *t, int64_t a, int64_t b)
{
	size_t i = hash(a, b) & (t->slot_count - 1);

	while (t->slots[i] != 0) {
		const struct tally *at = &t->items[t->slots[i] - 1];

		if (at->a == a && at->b == b)
			break;
		i = (i + 1) & (t->slot_count - 1);
	}
	return &t->slots[i];
}

static void widen(struct tallies *t)
{
	t->slot_count *= 2;
	t->slots = grown(t->slots, t->slot_count, sizeof(*t->slots));
	memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
	for (size_t i = 0; i < t->count; i++)
		*slot_of(t, t->items[i].a, t->items[i].b) = i + 1;
}

struct tallies *tallies_new(void)
{
	struct tallies *t = calloc(1, sizeof(*t));

	CHECK(t != NULL);
	t->slot_count = SLOTS_FIRST / 2;
	widen(t);
	return t;
}

void tallies_free(struct tallies *t)
{
	if (!t)
		return;
	free(t->items);
	free(t->slots);
	free(t);
}

struct tally *tally_find(struct tallies *t, int64_t a, int64_t b)
{
	size_t *slot = slot_of(t, a, b);

	return *slot ? &t->items[*slot - 1] : NULL;
}

struct tally *tally_get(struct tallies *t, int64_t a, int64_t b)
{
	struct tally *found = tally_find(t, a, b);

	if (found)
		return found;
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : SLOTS_FIRST;
		t->items = grown(t->items, t->room, sizeof(*t->items));
	}
	if (2 * (t->count + 1) > t->slot_count)
		widen(t);
	t->items[t->count] = (struct tally){ .a = a, .b = b };
	*slot_of(t, a, b) = t->count + 1;
	return &t->items[t->count++];
}

struct tally *tally_at(struct tallies *t, size_t i)
{
	return i < t->count ? &t->items[i] : NULL;
}

void tally_add(struct tally *t, size_t sum, int64_t amount)
{
	CHECK(sum < TALLY_SUMS);
	if (__builtin_add_overflow(t->found[sum], amount, &t->found[sum]))
		t->too_large = true;
}
