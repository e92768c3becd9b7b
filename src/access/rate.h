/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_RATE_H
#define ACCESS_RATE_H

#include "base/str.h"

/*
 * Rate limits: a leaky bucket for each name (a key, an address), in memory.
 *
 * A policy allows `quota` in any `window_s` seconds, at once or spread out; what is
 * used comes back evenly. The table has a fixed size; the name that is closest to
 * a full quota makes room, so a flood of names cannot grow it. Thread-safe.
 */
struct rate;

struct rate_policy {
	int64_t quota;    /* at least 1 */
	int64_t window_s;
};

struct rate_state {
	bool allowed;
	int64_t remaining; /* how many more would be allowed now */
	int64_t reset_s;   /* seconds until the quota is full again */
	int64_t wait_s;    /* refused: seconds until it would be allowed; else 0 */
};

struct rate *rate_new(size_t names);
void rate_free(struct rate *r);

/* Take one, if there is one. */
struct rate_state rate_take(struct rate *r, struct str name, struct rate_policy p, int64_t now_ns);

/* Take so many at once, if they are there; no more than the whole quota. */
struct rate_state rate_take_many(struct rate *r, struct str name, struct rate_policy p,
                                 int64_t count, int64_t now_ns);

/* Look without taking. */
struct rate_state rate_look(struct rate *r, struct str name, struct rate_policy p, int64_t now_ns);

#endif
