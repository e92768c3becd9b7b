/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_NOTICES_H
#define VERIFY_NOTICES_H

#include "verify/verify_replay.h"

/*
 * Notices: what refunds, disputes and churn say of the events of a page, and whether the
 * commissions and counters are what follows from it.
 */

struct notices {
	struct list page_refunds, page_disputes; /* of the page's sales, by sale and event */
	struct list later;                       /* refunds on the page that came after their sale */
	size_t refund_at, dispute_at, later_at;  /* the places reached */
	struct list refunds, disputes;           /* of the event at hand */
};

/* Read when customers left, once, before everything else. */
bool notices_churns(struct replay *r);

/* Those of the events from … to. */
bool notices_read(struct ctx *c, int64_t from, int64_t to, struct notices *out);

/* Go on to this event; events must come in order. */
void notices_of(struct notices *n, int64_t event_id);

/* Compare what is reversed and held of an event's commissions with what should be. */
void notices_check(struct replay *r, const struct replayed *e, const struct list *commissions,
                   const struct notices *n);

/* Keep what the event has counted, and take off what was told before it came. */
void notices_waited(struct replay *r, const struct replayed *e, const struct notices *n);

/* A refund, dispute or churn itself. */
bool notices_replay(struct replay *r, const struct event *e, struct notices *n);

extern const struct sql *const notices_sql[];

#endif
