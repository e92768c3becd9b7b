/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_PARKED_H
#define EVENT_PARKED_H

#include "event/event.h"

/*
 * Parked: refunds and disputes that came before their sale wait here for it.
 */

/* Store an event whose sale is not known yet, saying so, and let it wait. */
bool parked_put(struct ctx *c, const struct track *t, struct event *e);

/* Apply what has waited for this sale, in the order it came. */
bool parked_apply(struct ctx *c, const struct event *sale);

extern const struct sql *const parked_sql[];

#endif
