/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMISSION_COMMISSION_API_H
#define COMMISSION_COMMISSION_API_H

#include "api/list.h"

/*
 * GET /api/v1/commissions, /commissions/:id; POST /commissions/:id/{approve,hold,release,reject}.
 */

bool commission_api_list(struct ctx *c, const struct req *q, struct res *r);
bool commission_api_get(struct ctx *c, const struct req *q, struct res *r);
bool commission_api_approve(struct ctx *c, const struct req *q, struct res *r);
bool commission_api_hold(struct ctx *c, const struct req *q, struct res *r);
bool commission_api_release(struct ctx *c, const struct req *q, struct res *r);
bool commission_api_reject(struct ctx *c, const struct req *q, struct res *r);

/* One as GET answers it. */
bool commission_api_print(struct ctx *c, int64_t id, struct buf *b);

/* The description of the list, for pages. */
extern const struct list_spec commission_list;

#endif
