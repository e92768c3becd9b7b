/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_PARKED_H
#define EVENT_PARKED_H

#include "event/event.h"

/*
 * Parked: refunds and disputes that came before what they are about wait here for it.
 */

/* Store an event that is about one not known yet, saying so, and let it wait. */
bool parked_put(struct ctx *c, const struct track *t, struct event *e);

/* Apply what has waited for this event, in the order it came. */
bool parked_apply(struct ctx *c, const struct event *of);

/*
 * Those that have waited for PARKED_LATE_DAYS: most likely it was never told, or under
 * another id. After PARKED_GONE_DAYS nobody is asked about them any more.
 */
#define PARKED_LATE_DAYS 7
#define PARKED_GONE_DAYS 90

struct parked_late {
	int64_t count;
	int64_t event_id; /* the first of them; 0: there are none */
};

bool parked_late(struct ctx *c, struct parked_late *out);

extern const struct sql *const parked_sql[];

#endif
