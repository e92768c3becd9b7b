/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_HOME_WEB_H
#define PORTAL_PORTAL_HOME_WEB_H

#include "portal/portal_web.h"

/*
 * GET /portal/:org: what a partner comes for, in this order: the link to share, what will be
 * paid and what it waits for, what happened lately.
 */
bool portal_home_show(struct ctx *c, const struct req *q, struct res *r);

extern const struct sql *const portal_home_sql[];

#endif
