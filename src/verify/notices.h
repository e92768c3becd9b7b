/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_NOTICES_H
#define VERIFY_NOTICES_H

#include "db/cursor.h"
#include "verify/verify_replay.h"

/*
 * Notices: what refunds, disputes and churn say of events, and whether the commissions and
 * counters are what follows from it. Their tables are walked beside the events.
 */

struct refunded {
	int64_t sale_id, event_id, amount, at;
};

/* What was told of a dispute, as it was applied and as its event has it. */
struct told {
	int64_t sale_id, event_id, state, amount, at, event_amount, event_at;
	struct str dispute, facts;
};

struct notices {
	struct verify *v;
	struct cursor refund_rows, dispute_rows;
	struct refunded next_refund;   /* the rows that are next, and whether there are any */
	struct told next_dispute;
	bool more_refunds, more_disputes;
	struct list refunds, disputes; /* of the event at hand, in v->c->arena */
};

/* Read when customers left, once, before everything else. */
bool notices_churns(struct replay *r);

/* False if they could not be read; notices_end() either way. */
bool notices_begin(struct notices *n, struct verify *v);

/* Go on to this event; events must come in order. False if that could not be read. */
bool notices_of(struct replay *r, struct notices *n, const struct event *e);

/* After the last event: what is left is about none. */
bool notices_rest(struct notices *n);

void notices_end(struct notices *n);

/* Compare what is reversed and held of an event's commissions with what should be. */
void notices_check(struct replay *r, const struct replayed *e, const struct list *commissions,
                   const struct notices *n);

/* Keep what the event has counted, and take off what was told before it came. */
void notices_waited(struct replay *r, const struct replayed *e, const struct notices *n);

/* A refund, dispute or churn itself. */
bool notices_replay(struct replay *r, const struct event *e);

extern const struct sql *const notices_sql[];

#endif
