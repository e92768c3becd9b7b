/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_INFLIGHT_H
#define ACCESS_INFLIGHT_H

#include "base/str.h"

/*
 * Requests with an Idempotency-Key that are being carried out right now, so that a repetition that
 * comes before the first has ended is told so instead of waiting beside it.
 *
 * An entry belongs to the caller and stays where it is from enter to leave. In memory, of this
 * process alone. Thread-safe.
 */

struct inflight;

struct inflight_entry {
	struct inflight_entry *next;
	int64_t key_id;  /* the API key */
	struct str name; /* the Idempotency-Key with its route */
};

struct inflight *inflight_new(void);
void inflight_free(struct inflight *f); /* nothing may be in it */

/* False if the same one is there already; then nothing has to leave. */
bool inflight_enter(struct inflight *f, struct inflight_entry *e);
void inflight_leave(struct inflight *f, struct inflight_entry *e);

#endif
