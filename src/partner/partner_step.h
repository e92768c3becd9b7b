/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_STEP_H
#define PARTNER_PARTNER_STEP_H

#include "partner/partner.h"

/*
 * Decisions about a partner: approve, decline, suspend, ban, reinstate.
 *
 * Partner and enrolments each have a status; the stricter counts (enrolment_status). Of each
 * it is known what was decided (pending, approved, declined) and whether it is suspended or
 * banned on top of that; reinstating takes the latter away and leads back to the former.
 *
 * With a campaign a step is about that enrolment. Without one it is about the partner, and
 *  - approving also approves the enrolments that wait and, where the partner had been
 *    declined, those that had been; declining declines those that wait;
 *  - suspending, banning and reinstating leave what was done to a single enrolment as it is.
 * Whoever is approved for a campaign is approved as a partner as well; who waits and is
 * declined for the last campaign is declined. Nothing is decided about somebody who is
 * suspended or banned: reinstate first. So no state is a dead end, and what is not possible
 * says which step would be.
 *
 * Each step is in the audit log; links of banned partners stop recording, others go on.
 */

enum partner_step_kind {
	PARTNER_APPROVE,   /* from pending, declined */
	PARTNER_DECLINE,   /* from pending */
	PARTNER_SUSPEND,   /* from pending, approved */
	PARTNER_BAN,       /* from anything else */
	PARTNER_REINSTATE, /* from suspended, banned; leads to what was decided before */
};

struct partner_step {
	int64_t campaign_id; /* 0: the partner */
	struct str note;     /* kept in the audit log, and with the enrolments it is about */
};

extern const struct model partner_step_model; /* what the calls take */

/* Does the step lead anywhere from this status? */
bool partner_step_possible(enum partner_step_kind kind, int64_t status);

/* ERR_NOT_FOUND; ERR_INVALID on "campaign"; ERR_STATE on "status" when it is not possible now. */
bool partner_take_step(struct ctx *c, enum partner_step_kind kind, int64_t id,
                       const struct partner_step *step);

#endif
