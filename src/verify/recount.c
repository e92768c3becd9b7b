/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/recount.h"

#include "base/check.h"
#include "rules/counters.h"

#include <stdlib.h>

#define SLOTS_FIRST 1024 /* a power of two, as all sizes after it */

/*
 * From pairs of ids to the places, from 1, of entries in an array that grows. Each entry has its
 * pair in front, so that slots are small: what is looked at is in few lines of the cache.
 */
struct pair {
	int64_t a, b;
};

struct slot {
	uint32_t place, tag; /* some bits of the hash */
};

struct table {
	struct slot *slots;
	size_t slot_count;
	char *entries;
	size_t entry_size, count, room;
	struct pair last; /* found last, and its place: often asked for again */
	size_t last_place;
};

struct recount {
	struct table chains;    /* partner, campaign: size_t, the place of its newest month */
	struct table months;    /* only an array */
	struct table customers; /* id, 0 */
	struct table owners;    /* customer, number */
	struct table spent;     /* customer, campaign; but for its first */
	struct table sales;     /* id, 0 */
	struct table parts;     /* sale, number of the credit */
	struct table refunds;   /* sale, event */
};

static void table_init(struct table *t, size_t entry_size)
{
	t->entry_size = sizeof(struct pair) + entry_size;
	t->slot_count = SLOTS_FIRST;
	t->slots = calloc(t->slot_count, sizeof(*t->slots));
	CHECK(t->slots);
}

static void table_free(struct table *t)
{
	free(t->slots);
	free(t->entries);
}

static char *pair_at(const struct table *t, size_t place)
{
	CHECK(place > 0 && place <= t->count);
	return t->entries + (place - 1) * t->entry_size;
}

static void *entry_at(const struct table *t, size_t place)
{
	return pair_at(t, place) + sizeof(struct pair);
}

static uint64_t hash(struct pair p)
{
	uint64_t h = ((uint64_t)p.a * 0x9E3779B97F4A7C15ULL) ^ (uint64_t)p.b;

	return h * 0xD6E8FEB86659FD93ULL;
}

/* The slot of a pair, or the free one where it belongs. */
static struct slot *slot_of(const struct table *t, struct pair p, uint64_t h)
{
	size_t i = (size_t)(h >> 32) & (t->slot_count - 1);

	while (t->slots[i].place != 0
	       && !(t->slots[i].tag == (uint32_t)h
	            && memcmp(pair_at(t, t->slots[i].place), &p, sizeof(p)) == 0))
		i = (i + 1) & (t->slot_count - 1);
	return &t->slots[i];
}

static void grow_slots(struct table *t)
{
	struct pair p;

	free(t->slots);
	t->slot_count *= 2;
	t->slots = calloc(t->slot_count, sizeof(*t->slots));
	CHECK(t->slots);
	for (size_t place = 1; place <= t->count; place++) {
		memcpy(&p, pair_at(t, place), sizeof(p));

		uint64_t h = hash(p);

		*slot_of(t, p, h) = (struct slot){ (uint32_t)place, (uint32_t)h };
	}
}

/* A new entry, all zero; its place is t->count. */
static void *entry_new(struct table *t, struct pair p)
{
	if (t->count == t->room) {
		t->room = t->room > 0 ? t->room * 2 : SLOTS_FIRST;
		t->entries = realloc(t->entries, t->room * t->entry_size);
		CHECK(t->entries && t->room <= UINT32_MAX);
	}
	t->count++;
	memcpy(pair_at(t, t->count), &p, sizeof(p));
	return memset(entry_at(t, t->count), 0, t->entry_size - sizeof(p));
}

static void *entry_find(const struct table *t, int64_t a, int64_t b)
{
	struct pair p = { a, b };
	const struct slot *s = slot_of(t, p, hash(p));

	return s->place != 0 ? entry_at(t, s->place) : NULL;
}

static void *entry_of(struct table *t, int64_t a, int64_t b, bool *out_fresh)
{
	struct pair p = { a, b };
	uint64_t h = hash(p);
	struct slot *s;

	*out_fresh = false;
	if (t->last_place != 0 && t->last.a == a && t->last.b == b)
		return entry_at(t, t->last_place);
	t->last = p;
	s = slot_of(t, p, h);
	if (s->place != 0)
		return entry_at(t, t->last_place = s->place);
	*out_fresh = true;
	if (t->count * 2 >= t->slot_count) {
		grow_slots(t);
		s = slot_of(t, p, h);
	}

	void *entry = entry_new(t, p);

	t->last_place = t->count;
	*s = (struct slot){ (uint32_t)t->count, (uint32_t)h };
	return entry;
}

struct recount *recount_new(void)
{
	struct recount *r = calloc(1, sizeof(*r));

	CHECK(r);
	table_init(&r->chains, sizeof(size_t));
	table_init(&r->months, sizeof(struct recount_month));
	table_init(&r->customers, sizeof(struct recount_customer));
	table_init(&r->owners, sizeof(struct recount_owner));
	table_init(&r->spent, sizeof(struct recount_spent));
	table_init(&r->sales, sizeof(struct recount_sale));
	table_init(&r->parts, sizeof(struct recount_part));
	table_init(&r->refunds, sizeof(struct recount_refund));
	return r;
}

void recount_free(struct recount *r)
{
	table_free(&r->chains);
	table_free(&r->months);
	table_free(&r->customers);
	table_free(&r->owners);
	table_free(&r->spent);
	table_free(&r->sales);
	table_free(&r->parts);
	table_free(&r->refunds);
	free(r);
}

struct recount_month *recount_month(struct recount *r, int64_t partner_id, int64_t campaign_id,
                                    int64_t month)
{
	bool fresh;
	size_t *newest = entry_of(&r->chains, partner_id, campaign_id, &fresh);
	struct recount_month *m;

	for (size_t place = *newest; place != 0; place = m->next) {
		m = entry_at(&r->months, place);
		if (m->month == month)
			return m;
	}
	m = entry_new(&r->months, (struct pair){ partner_id, campaign_id });
	m->partner_id = partner_id;
	m->campaign_id = campaign_id;
	m->month = month;
	m->next = *newest;
	*newest = r->months.count;
	return m;
}

static void add(struct recount_month *to, const struct counters *n, int64_t earned_minor)
{
	counters_add(&to->counters, n);
	to->earned_minor += earned_minor;
}

void recount_add(struct recount *r, const struct standing_change *s)
{
	add(recount_month(r, s->partner_id, s->campaign_id, s->month), &s->counters,
	    s->earned_minor);
	add(recount_month(r, 0, s->campaign_id, s->month), &s->counters, s->earned_minor);
}

struct recount_month recount_sum(const struct recount *r, int64_t partner_id, int64_t campaign_id,
                                 const int64_t months[2])
{
	const size_t *newest = entry_find(&r->chains, partner_id, campaign_id);
	struct recount_month sum = { 0 };
	const struct recount_month *m;

	for (size_t place = newest ? *newest : 0; place != 0; place = m->next) {
		m = entry_at(&r->months, place);
		if (m->month < months[0] || m->month > months[1])
			continue;
		add(&sum, &m->counters, m->earned_minor);
		if (months[0] == months[1])
			break;
	}
	return sum;
}

struct recount_customer *recount_customer(struct recount *r, int64_t id)
{
	bool fresh;
	struct recount_customer *cu = entry_of(&r->customers, id, 0, &fresh);

	cu->id = id;
	return cu;
}

struct recount_owner *recount_owner(struct recount *r, int64_t customer_id, int64_t number)
{
	bool fresh;

	return entry_of(&r->owners, customer_id, number, &fresh);
}

struct recount_spent *recount_spent(struct recount *r, int64_t customer_id, int64_t campaign_id)
{
	struct recount_customer *cu = recount_customer(r, customer_id);
	bool fresh;

	if (cu->spent_in == 0)
		cu->spent_in = campaign_id;
	return cu->spent_in == campaign_id
	               ? &cu->spent
	               : entry_of(&r->spent, customer_id, campaign_id, &fresh);
}

struct recount_sale *recount_sale(struct recount *r, int64_t id)
{
	bool fresh;

	return entry_of(&r->sales, id, 0, &fresh);
}

struct recount_part *recount_part(struct recount *r, int64_t sale_id, size_t i)
{
	bool fresh;

	return entry_of(&r->parts, sale_id, (int64_t)i, &fresh);
}

struct recount_refund *recount_refund(struct recount *r, int64_t sale_id, int64_t event_id)
{
	bool fresh;

	return entry_of(&r->refunds, sale_id, event_id, &fresh);
}

struct recount_month *recount_month_at(struct recount *r, size_t i)
{
	return i < r->months.count ? entry_at(&r->months, i + 1) : NULL;
}

struct recount_customer *recount_customer_at(struct recount *r, size_t i)
{
	return i < r->customers.count ? entry_at(&r->customers, i + 1) : NULL;
}
