/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_COMMISSION_WEB_H
#define PORTAL_PORTAL_COMMISSION_WEB_H

#include "commission/commission.h"
#include "portal/portal_web.h"

/* Commissions in the portal: each says how it came about, what it waits for and what paid it. */

bool portal_commission_list(struct ctx *c, const struct req *q, struct res *r);
bool portal_commission_csv(struct ctx *c, const struct req *q, struct res *r);
bool portal_commission_show(struct ctx *c, const struct req *q, struct res *r);

/* The newest few into the view, with what is said about each. */
bool portal_commission_some(struct portal *o, const char *key, int64_t most);

extern const struct sql *const portal_commission_sql[];

#endif
