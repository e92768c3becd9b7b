/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_STEP_H
#define PARTNER_PARTNER_STEP_H

#include "partner/partner.h"

/*
 * Decisions about a partner: approve, decline, suspend, ban, reinstate.
 *
 * With a campaign a step is about that enrolment alone. Without one it is about
 * the partner; approving or declining then also decides the enrolments that wait.
 * Whoever is approved for a campaign is approved as a partner as well. Each step
 * is in the audit log; links of banned partners stop recording, others go on.
 */

enum partner_step_kind {
	PARTNER_APPROVE,   /* from pending, declined */
	PARTNER_DECLINE,   /* from pending */
	PARTNER_SUSPEND,   /* from pending, approved */
	PARTNER_BAN,       /* from anything else */
	PARTNER_REINSTATE, /* from suspended, banned; leads to approved */
};

struct partner_step {
	int64_t campaign_id; /* 0: the partner */
	struct str note;     /* kept in the audit log, and with the enrolments it is about */
};

extern const struct model partner_step_model; /* what the calls take */
extern const struct sql *const partner_step_sql[];

/* ERR_NOT_FOUND; ERR_INVALID on "campaign"; ERR_STATE on "status" when it is not possible now. */
bool partner_take_step(struct ctx *c, enum partner_step_kind kind, int64_t id,
                       const struct partner_step *step);

#endif
