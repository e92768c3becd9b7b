/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEAM_API_H
#define REPORT_TEAM_API_H

#include "api/api.h"

/* The handlers of /api/v1/partners/:id/team and …/parents. */

bool team_api_show(struct ctx *c, const struct req *q, struct res *r);
bool team_api_parents(struct ctx *c, const struct req *q, struct res *r);

#endif
