/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_ACCOUNT_WEB_H
#define PORTAL_PORTAL_ACCOUNT_WEB_H

#include "portal/portal_web.h"

/*
 * GET /portal/:org/account: what is on record about the partner, where payouts go (its last
 * characters only), and the person's own account (user/account_web.h).
 */
bool portal_account_show(struct ctx *c, const struct req *q, struct res *r);

#endif
