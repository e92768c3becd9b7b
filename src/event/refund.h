/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_REFUND_H
#define EVENT_REFUND_H

#include "event/event.h"

/*
 * Refunds: they take back, along the same lines, what a sale, a won deal, a lead earned
 * (event/reversal.h).
 *
 * A refund that comes before what it is about is parked, and applied when that comes. Refunds
 * never add up to more than the whole (about_whole()): a refund of more than is left is
 * ERR_INVALID on "amount", but a parked one, which could not know, is cut to what is left. What
 * has no amount is taken back wholly: a refund with one is ERR_INVALID too.
 */

/* Apply or park; completes and stores *e. */
bool refund_record(struct ctx *c, const struct track *t, struct event *e);

/* What has been refunded of a sale so far. */
bool refund_sum(struct ctx *c, const struct event *sale, int64_t *out_minor);

/* Apply one that has waited for this event. */
bool refund_apply(struct ctx *c, const struct event *of, struct event *e);

extern const struct sql *const refund_sql[];

#endif
