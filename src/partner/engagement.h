/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_ENGAGEMENT_H
#define PARTNER_ENGAGEMENT_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Engagements: from when to when a partner has been approved in a campaign, for what is
 * paid by time (retainers).
 *
 * One begins when both the partner and the enrolment are approved, and ends when one of
 * them is banned or declined. A suspension ends nothing: what is earned meanwhile is held.
 * Reinstating after a ban begins another one.
 */

struct engagement {
	int64_t enrolment_id;
	int64_t started_at;
	int64_t ended_at; /* the first moment it no longer was; 0: it still is */
};

/* After a step of the partner or of an enrolment: begin and end what that step does. */
bool engagement_keep(struct ctx *c, int64_t partner_id);

/* Of one enrolment, oldest first: items are struct engagement. */
bool engagement_list(struct ctx *c, int64_t enrolment_id, struct list *out);

/* When the organisation's first one began; 0: there is none. */
bool engagement_first(struct ctx *c, int64_t *out_ms);

extern const struct sql *const engagement_sql[];

#endif
