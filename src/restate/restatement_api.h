/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATEMENT_API_H
#define RESTATE_RESTATEMENT_API_H

#include "api/list.h"

/*
 * POST /api/v1/campaigns/:id/restatements; GET /restatements, /restatements/:id;
 * POST /restatements/:id/{approve,cancel}.
 */

bool restatement_api_list(struct ctx *c, const struct req *q, struct res *r);
bool restatement_api_create(struct ctx *c, const struct req *q, struct res *r);
bool restatement_api_get(struct ctx *c, const struct req *q, struct res *r);
bool restatement_api_approve(struct ctx *c, const struct req *q, struct res *r);
bool restatement_api_cancel(struct ctx *c, const struct req *q, struct res *r);

extern const struct list_spec restatement_list;

#endif
