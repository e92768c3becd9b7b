/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_CONCERN_H
#define EVENT_CONCERN_H

#include "event/event.h"

/*
 * Whom an event concerns: the partners it is credited to, also those who have a share of it only,
 * and of a refund, a dispute, a churn or a restatement those whose it was about.
 *
 * Most of that is known: who has a commission of its own from an event is concerned. So a row is
 * written for everybody else only, and a sale that one partner earns from costs nothing.
 */

/* The condition on an event's id by which a list finds those of a partner; `@` is its id. */
#define CONCERN_LEAD \
	"id IN (SELECT event_id FROM commission WHERE org_id = $1 AND partner_id = @ AND kind = 0" \
	" UNION ALL SELECT event_id FROM event_partner WHERE org_id = $1 AND partner_id = @)"

/* The event is credited to this partner, who has nothing from it. */
bool concern_note(struct ctx *c, int64_t partner_id, int64_t event_id);

/* Of an event about another one (e->related_id) or about a customer: whoever that concerned. */
bool concern_follow(struct ctx *c, const struct event *e);

extern const struct sql *const concern_sql[];

#endif
