/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_CHURN_H
#define EVENT_CHURN_H

#include "event/event.h"

/*
 * Churn: a customer has left. What its events earned before is taken back by the terms'
 * clawback of churn, inside its window; what it does later, should it come again, is not
 * touched. Of several times it left, the first one after an event counts for it.
 *
 * A customer that is not known yet is made, so that what comes late finds that it has left.
 */

/* Completes and stores *e. */
bool churn_record(struct ctx *c, const struct track *t, struct event *e);

/* An event has come of a time before its customer left: take back of it what is due. */
bool churn_catch_up(struct ctx *c, const struct event *late);

extern const struct sql *const churn_sql[];

#endif
