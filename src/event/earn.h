/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_EARN_H
#define EVENT_EARN_H

#include "event/event.h"

/*
 * Events that may earn: leads, sales, referrals, projects, deals, …
 */

/*
 * Attribute, evaluate, post and store; completes and stores *e, whose id is set. The commissions
 * that were made are struct commission in *out_made, what was not is struct unpaid in *out_unpaid.
 */
bool earn_record(struct ctx *c, const struct track *t, struct event *e, struct list *out_made,
                 struct list *out_unpaid);

/* Store an event that is complete. */
bool earn_store(struct ctx *c, const struct event *e);

extern const struct sql *const earn_sql[];

#endif
