/* SPDX-License-Identifier: Apache-2.0 */
#include "access/cache.h"
#include "base/check.h"
#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define WAYS 4
#define LOCKS 64
#define ROW_MAX_BYTES 4096

struct slot {
	int64_t generation;
	int64_t kept_at_ns;
	enum cache_kind kind;
	unsigned char name[CACHE_NAME_MAX];
	size_t name_n;
	unsigned char *bytes; /* NULL: empty */
};

struct cache {
	struct slot *slots;
	size_t set_mask;
	int64_t max_age_ns;
	pthread_mutex_t locks[LOCKS];
	_Atomic int64_t generation[CACHE_KIND_COUNT];
	_Atomic int64_t hits, misses;
};

struct cache *cache_new(size_t rows, int64_t max_age_ms)
{
	struct cache *k = calloc(1, sizeof(*k));
	size_t sets = LOCKS;

	CHECK(k != NULL);
	while (sets * WAYS < rows)
		sets *= 2;
	k->slots = calloc(sets * WAYS, sizeof(*k->slots));
	CHECK(k->slots != NULL);
	k->set_mask = sets - 1;
	k->max_age_ns = max_age_ms * 1000000;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&k->locks[i], NULL);
	return k;
}

void cache_free(struct cache *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < (k->set_mask + 1) * WAYS; i++)
		free(k->slots[i].bytes);
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&k->locks[i]);
	free(k->slots);
	free(k);
}

struct cache_moment cache_now(struct cache *k)
{
	struct cache_moment m;

	for (size_t i = 0; i < CACHE_KIND_COUNT; i++)
		m.generation[i] = atomic_load(&k->generation[i]);
	return m;
}

void cache_forget(struct cache *k, enum cache_kind kind)
{
	atomic_fetch_add(&k->generation[kind], 1);
}

/* A row as bytes: integers as they are, texts as length and bytes, in the order of the fields. */
static size_t pack(const struct model *m, const void *row, unsigned char out[ROW_MAX_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];
		bool text = f->type == TYPE_STR;
		struct str s = text ? field_str(f, row) : (struct str){ 0 };
		int64_t number = text ? (int64_t)s.n : field_int(f, row);

		if (s.n > ROW_MAX_BYTES || n + sizeof(number) + s.n > ROW_MAX_BYTES)
			return 0;
		memcpy(out + n, &number, sizeof(number));
		n += sizeof(number);
		if (s.n > 0)
			memcpy(out + n, s.p, s.n);
		n += s.n;
	}
	return n;
}

static void unpack(const struct model *m, const unsigned char *p, struct arena *a, void *row)
{
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];
		int64_t number;

		memcpy(&number, p, sizeof(number));
		p += sizeof(number);
		if (f->type == TYPE_STR) {
			struct str s = { (const char *)p, (size_t)number };

			field_set_str(f, row, arena_str(a, s));
			p += number;
		} else {
			field_set_int(f, row, number);
		}
	}
}

static size_t set_of(const struct cache *k, struct cache_name name)
{
	return (str_hash(name.bytes) * 31 + name.kind) & k->set_mask;
}

static bool slot_is(const struct slot *s, struct cache_name name)
{
	return s->bytes && s->kind == name.kind && s->name_n == name.bytes.n
	    && memcmp(s->name, name.bytes.p, name.bytes.n) == 0;
}

/* The slot of that name, or else the one that was kept the longest. */
static struct slot *slot_for(struct slot *set, struct cache_name name)
{
	struct slot *best = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (slot_is(&set[i], name))
			return &set[i];
		if (set[i].kept_at_ns < best->kept_at_ns)
			best = &set[i];
	}
	return best;
}

void cache_put(struct cache *k, struct cache_name name, const struct cache_moment *at,
               const struct model *m, const void *row)
{
	unsigned char room[ROW_MAX_BYTES];
	size_t n = pack(m, row, room), set = set_of(k, name);
	struct slot *s;

	CHECK(name.bytes.n <= CACHE_NAME_MAX);
	if (n == 0)
		return;
	pthread_mutex_lock(&k->locks[set % LOCKS]);
	s = slot_for(&k->slots[set * WAYS], name);
	free(s->bytes);
	*s = (struct slot){ .generation = at->generation[name.kind], .kept_at_ns = clock_mono_ns(),
	                    .kind = name.kind, .name_n = name.bytes.n, .bytes = malloc(n) };
	CHECK(s->bytes != NULL);
	memcpy(s->name, name.bytes.p, name.bytes.n);
	memcpy(s->bytes, room, n);
	pthread_mutex_unlock(&k->locks[set % LOCKS]);
}

static bool fresh(struct cache *k, const struct slot *s)
{
	return s->generation == atomic_load(&k->generation[s->kind])
	    && (k->max_age_ns == 0 || clock_mono_ns() - s->kept_at_ns < k->max_age_ns);
}

bool cache_get(struct cache *k, struct cache_name name, struct arena *a, const struct model *m,
               void *row)
{
	size_t set = set_of(k, name);
	bool found = false;

	if (name.bytes.n > CACHE_NAME_MAX)
		return false;
	pthread_mutex_lock(&k->locks[set % LOCKS]);
	for (size_t i = 0; i < WAYS && !found; i++) {
		const struct slot *s = &k->slots[set * WAYS + i];

		found = slot_is(s, name) && fresh(k, s);
		if (found)
			unpack(m, s->bytes, a, row);
	}
	pthread_mutex_unlock(&k->locks[set % LOCKS]);
	atomic_fetch_add(found ? &k->hits : &k->misses, 1);
	return found;
}

struct cache_stats cache_stats(struct cache *k)
{
	return (struct cache_stats){ atomic_load(&k->hits), atomic_load(&k->misses) };
}
