/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_COUNTED_H
#define EVENT_COUNTED_H

#include "event/event.h"
#include "rules/engine.h"

/*
 * Counted: what a sale added to the counters of every partner it is credited to, and taking
 * it away again as its money goes back.
 *
 * Nothing is stored for it: the sale is judged again by what is kept of it (event/recall.h).
 * Works by targets as reversals do: what is taken off in total follows from how much of the
 * sale is gone, and the difference is taken off, in the month in which the sale counted.
 */

/* How much of the sale was gone before, and is now: from 0 to its amount. */
struct counted_gone {
	int64_t before_minor, after_minor;
};

/* Bring the counters in line. ERR_MALFORMED or ERR_INVALID if the sale cannot be judged again. */
bool counted_lower(struct ctx *c, const struct event *sale, struct counted_gone gone);

#endif
