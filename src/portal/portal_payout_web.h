/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_PAYOUT_WEB_H
#define PORTAL_PORTAL_PAYOUT_WEB_H

#include "portal/portal_web.h"

/*
 * Payouts in the portal. A draft is the organisation's own business until it is approved:
 * drafts, and what was left out of them, are as if they were not there.
 */

bool portal_payout_list(struct ctx *c, const struct req *q, struct res *r);
bool portal_payout_show(struct ctx *c, const struct req *q, struct res *r);
bool portal_payout_csv(struct ctx *c, const struct req *q, struct res *r); /* of one payout */

/* The newest few into the view. */
bool portal_payout_some(struct portal *o, const char *key, int64_t most);

#endif
