/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_TEAM_WEB_H
#define PORTAL_PORTAL_TEAM_WEB_H

#include "portal/portal_web.h"

/*
 * GET /portal/:org/team: whom the partner has recruited, with what they and all below them have
 * brought this month and in all, and what the partner got of the recruits' own sales.
 *
 * Recruits are shown by name and status; of those further down only how many they are and what
 * they brought together, TEAM_DEPTH levels deep. Nothing above or beside the partner is shown.
 */

#define TEAM_DEPTH 6

bool portal_team_web(struct ctx *c, const struct req *q, struct res *r);

extern const struct sql *const portal_team_sql[];

#endif
