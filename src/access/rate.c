/* SPDX-License-Identifier: Apache-2.0 */
#include "access/rate.h"
#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

#define WAYS 4
#define LOCKS 64
#define NS_PER_S 1000000000LL

/* The generic cell rate algorithm: full_at_ns is when the whole quota will be there again. */
struct bucket {
	uint64_t hash; /* 0: unused */
	int64_t full_at_ns;
};

struct rate {
	struct bucket *buckets;
	size_t set_mask;
	pthread_mutex_t locks[LOCKS];
};

struct rate *rate_new(size_t names)
{
	struct rate *r = calloc(1, sizeof(*r));
	size_t sets = LOCKS;

	CHECK(r != NULL);
	while (sets * WAYS < names)
		sets *= 2;
	r->buckets = calloc(sets * WAYS, sizeof(*r->buckets));
	CHECK(r->buckets != NULL);
	r->set_mask = sets - 1;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&r->locks[i], NULL);
	return r;
}

void rate_free(struct rate *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&r->locks[i]);
	free(r->buckets);
	free(r);
}

static struct bucket *bucket_for(struct bucket *set, uint64_t hash)
{
	struct bucket *best = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].hash == hash)
			return &set[i];
		if (set[i].full_at_ns < best->full_at_ns)
			best = &set[i];
	}
	*best = (struct bucket){ .hash = hash };
	return best;
}

/* count 0 takes nothing, but looks whether there is one. */
static struct rate_state decide(struct bucket *b, struct rate_policy p, int64_t now_ns,
                                int64_t count)
{
	int64_t window_ns = p.window_s * NS_PER_S, step_ns = window_ns / p.quota;
	int64_t full_at = b->full_at_ns > now_ns ? b->full_at_ns : now_ns;
	int64_t after = full_at + step_ns * (count > 0 ? count : 1);
	struct rate_state s = { .allowed = after - now_ns <= window_ns };

	if (!s.allowed)
		s.wait_s = (after - window_ns - now_ns + NS_PER_S - 1) / NS_PER_S;
	else if (count > 0)
		b->full_at_ns = full_at = after;
	s.remaining = (window_ns - (full_at - now_ns)) / step_ns;
	s.reset_s = (full_at - now_ns + NS_PER_S - 1) / NS_PER_S;
	return s;
}

static struct rate_state ask(struct rate *r, struct str name, struct rate_policy p, int64_t now_ns,
                             int64_t count)
{
	uint64_t hash = str_hash(name) | 1;
	size_t set = (hash >> 8) & r->set_mask;
	struct rate_state s;

	CHECK(p.quota > 0 && p.window_s > 0);
	pthread_mutex_lock(&r->locks[set % LOCKS]);
	s = decide(bucket_for(&r->buckets[set * WAYS], hash), p, now_ns, count < p.quota ? count : p.quota);
	pthread_mutex_unlock(&r->locks[set % LOCKS]);
	return s;
}

struct rate_state rate_take(struct rate *r, struct str name, struct rate_policy p, int64_t now_ns)
{
	return ask(r, name, p, now_ns, 1);
}

struct rate_state rate_take_many(struct rate *r, struct str name, struct rate_policy p,
                                 int64_t count, int64_t now_ns)
{
	CHECK(count > 0);
	return ask(r, name, p, now_ns, count);
}

struct rate_state rate_look(struct rate *r, struct str name, struct rate_policy p, int64_t now_ns)
{
	return ask(r, name, p, now_ns, 0);
}
