/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/commission_sums.h"

#include "base/check.h"
#include "verify/books_tally.h"

#include <stdlib.h>

#define FIRST 1024

/*
 * Nearly all are in `items`, by rising ids. One that comes later than a higher one is in
 * `late`, and its place there is kept in `places`, for which a table of tallies will do.
 */
struct row {
	struct commission_sum *items;
	size_t count, room;
};

struct commission_sums {
	struct row items, late;
	struct tallies *places;
	size_t at;              /* of items, behind the one found last */
};

struct commission_sums *commission_sums_new(void)
{
	struct commission_sums *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->places = tallies_new();
	return s;
}

void commission_sums_free(struct commission_sums *s)
{
	free(s->items.items);
	free(s->late.items);
	tallies_free(s->places);
	free(s);
}

static struct commission_sum *append(struct row *r, int64_t commission_id)
{
	if (r->count == r->room) {
		r->room = r->room ? 2 * r->room : FIRST;
		r->items = realloc(r->items, r->room * sizeof(*r->items));
		CHECK(r->items != NULL);
	}
	r->items[r->count] = (struct commission_sum){ .commission_id = commission_id };
	return &r->items[r->count++];
}

/* Of the sorted ones, or NULL. */
static struct commission_sum *search(struct commission_sums *s, int64_t commission_id)
{
	struct commission_sum *all = s->items.items;
	size_t low = 0, high = s->items.count;

	if (s->at < high && all[s->at].commission_id == commission_id)
		return &all[s->at++];
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].commission_id < commission_id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s->items.count || all[low].commission_id != commission_id)
		return NULL;
	s->at = low + 1;
	return &all[low];
}

struct commission_sum *commission_sums_find(struct commission_sums *s, int64_t commission_id)
{
	struct commission_sum *found = search(s, commission_id);
	const struct tally *place;

	if (found || s->late.count == 0)
		return found;
	place = tally_find(s->places, commission_id, 0);
	return place ? &s->late.items[place->line] : NULL;
}

struct commission_sum *commission_sums_get(struct commission_sums *s, int64_t commission_id)
{
	const struct row *r = &s->items;
	struct commission_sum *found;

	if (r->count == 0 || r->items[r->count - 1].commission_id < commission_id)
		return append(&s->items, commission_id);
	found = commission_sums_find(s, commission_id);
	if (found)
		return found;
	tally_get(s->places, commission_id, 0)->line = (int64_t)s->late.count;
	return append(&s->late, commission_id);
}

struct commission_sum *commission_sums_at(struct commission_sums *s, size_t i)
{
	if (i < s->items.count)
		return &s->items.items[i];
	i -= s->items.count;
	return i < s->late.count ? &s->late.items[i] : NULL;
}

void commission_sum_add(struct commission_sum *sum, int64_t *to, int64_t amount)
{
	if (__builtin_add_overflow(*to, amount, to))
		sum->too_large = true;
}
