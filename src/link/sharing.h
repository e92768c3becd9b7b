/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_SHARING_H
#define LINK_SHARING_H

#include "campaign/campaign.h"
#include "partner/enrolment.h"

/* What links and codes share: they belong to a partner in a campaign. */

struct sharing {
	struct partner partner;
	struct campaign campaign;
	struct enrolment enrolment;
};

/*
 * May the partner get a new link or code in the campaign? ERR_INVALID on "partner" or "campaign" if
 * one does not exist or the partner is not in the campaign; ERR_STATE if the partner has been
 * declined, suspended or banned, or the campaign is closed.
 */
bool sharing_check(struct ctx *c, int64_t partner_id, int64_t campaign_id, struct sharing *out);

#endif
