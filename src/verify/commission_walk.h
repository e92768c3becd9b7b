/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_COMMISSION_WALK_H
#define VERIFY_COMMISSION_WALK_H

#include "commission/commission.h"
#include "db/cursor.h"
#include "verify/verify.h"

/*
 * A walk over the commissions beside one over the events, so that none is looked up.
 *
 * Commissions are made with their event, so the order of their ids is that of their events; the
 * table is walked once, as it lies. Where that does not hold (two nodes may have interleaved,
 * or somebody has changed a row) the walk says so, and has to be done again by event, along an
 * index.
 */

struct commission_walk {
	struct verify *v;
	struct cursor rows;
	struct commission ahead; /* the one that is next */
	bool more;               /* there is one */
	bool taken;              /* it has been handed out */
	int64_t event_id;        /* of the one before */
	bool disordered;         /* one belongs to an earlier event than the one before it */
	const struct currency *currency; /* of the one that is next; NULL: it has none */
};

/* Each is added to v->claims. False if they could not be read; commission_walk_end() either way. */
bool commission_walk_begin(struct commission_walk *w, struct verify *v, bool by_event);

/*
 * The next commission of this event; of which all those were asked for that come before it. The
 * explanation holds until the next call, the currency as long as v->c->arena. Commissions of events
 * that are not there are found (verify_found) when they are passed.
 */
bool commission_walk_next(struct commission_walk *w, int64_t event_id, struct commission *out,
                          bool *out_found);

/* After the last event: what is left belongs to none. */
bool commission_walk_rest(struct commission_walk *w);

void commission_walk_end(struct commission_walk *w);

extern const struct sql *const commission_walk_sql[];

#endif
