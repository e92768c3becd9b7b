/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_TERMS_WEB_H
#define PORTAL_PORTAL_TERMS_WEB_H

#include "campaign/campaign.h"
#include "partner/enrolment.h"
#include "portal/portal_web.h"

/* The campaigns a partner is in, and the terms in force there as plain sentences. */

struct portal_campaign {
	struct enrolment enrolment;
	struct campaign campaign;
	enum partner_status status; /* what the partner may do there */
	bool shares;                /* links can be made and earn, or will once decided */
};

/* Of the partner, oldest first; in c->arena. */
bool portal_terms_campaigns(struct portal *o, const struct portal_campaign **out, size_t *out_n);

/* GET /portal/:org/terms */
bool portal_terms_show(struct ctx *c, const struct req *q, struct res *r);

#endif
