/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_DISPUTE_H
#define EVENT_DISPUTE_H

#include "event/event.h"

/*
 * Disputes: the customer's bank wants a payment back, or what earned otherwise is contested; it is
 * opened, then won or lost.
 *
 * Each of these is an event of its own, told with the dispute's id; the event's external id is
 * "ID/opened", "ID/won" or "ID/lost". What is known of a sale's disputes decides
 * (rules/dispute.h), in whatever order it comes: while one is open, the commissions are held, or
 * by the terms reversed at once; a lost one reverses as a refund would; a won one undoes what
 * the opening did. Told before what it is about, a dispute is parked as refunds are.
 */

/* The external id of the event that tells this state of a dispute. */
struct str dispute_external_id(struct ctx *c, const struct track *t);

/* Apply or park; completes and stores *e. */
bool dispute_record(struct ctx *c, const struct track *t, struct event *e);

/* Apply one that has waited for this event. */
bool dispute_apply(struct ctx *c, const struct event *of, struct event *e);

extern const struct sql *const dispute_sql[];

#endif
