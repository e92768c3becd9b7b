/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_ACCOUNT_WEB_H
#define PORTAL_PORTAL_ACCOUNT_WEB_H

#include "portal/portal_web.h"

/*
 * GET /portal/:org/account: what is on record about the partner, where payouts go (its last
 * characters only), and where the person is signed in.
 */
bool portal_account_show(struct ctx *c, const struct req *q, struct res *r);

/* POST /portal/:org/account/sign-out: end all sessions of the person, this one included. */
bool portal_account_sign_out(struct ctx *c, const struct req *q, struct res *r);

#endif
