/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_DRAIN_H
#define CLICK_DRAIN_H

#include "click/journal.h"
#include "work/work.h"

/*
 * The drain: moves clicks from the journal into each organisation's table `click`.
 *
 * One thread reads the journal in order and sorts positions by organisation; batches
 * go through the organisation's lane. The transaction that inserts the rows also moves
 * drain_position (org, journal), and skips records before it, so each click arrives
 * exactly once, whatever is killed when and however often a batch is repeated. Segments
 * go when no organisation needs them. A failed batch is tried again, later and later.
 *
 * Until its row is committed a click is found by drain_find(). Inside a WRITE task ask the
 * database first, then drain_find(): both run in the lane, so nothing falls between.
 */

#define DRAIN_BATCH_MAX 1024

struct drain_config {
	struct journal *journal;
	struct work *work;
	void *app;          /* becomes c->app */
	int64_t delay_ms;   /* how long clicks may wait for company; 0: 200 */
};

struct drain;
struct sql;

extern const struct sql *const drain_sql[];

struct drain *drain_start(const struct drain_config *config);

/* Move what is left if that is possible within ms, then stop and free. */
void drain_stop(struct drain *d, int64_t ms);

/* Do not wait for company: everything of this organisation (0: of all) now. */
void drain_kick(struct drain *d, int64_t org_id);

/*
 * Kick, and wait until all clicks appended before the call are in the database of this
 * organisation (0: of all). False after ms. Never from a lane: it would wait for itself.
 */
bool drain_wait(struct drain *d, int64_t org_id, int64_t ms);

/* A click that is not yet in the database; texts are copied into the arena. */
bool drain_find(struct drain *d, struct arena *a, int64_t org_id, int64_t click_id,
                struct click *out);

struct drain_stats {
	int64_t drained;   /* rows inserted since the start */
	int64_t skipped;   /* records that an earlier run had already inserted */
	int64_t dropped;   /* records of organisations that no longer exist */
	int64_t batches, failures;
	int64_t pending;   /* read, not yet in a database */
	int64_t lag_bytes; /* journal bytes that cannot be released yet */
};
struct drain_stats drain_stats(struct drain *d);

#endif
