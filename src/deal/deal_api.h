/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_API_H
#define DEAL_DEAL_API_H

#include "api/list.h"
#include "net/http.h"

extern const struct list_spec deal_list_spec;
extern const struct list_spec protected_account_list_spec;

bool deal_api_list(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_create(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_get(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_update(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_approve(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_decline(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_extend(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_win(struct ctx *c, const struct req *q, struct res *r);
bool deal_api_lose(struct ctx *c, const struct req *q, struct res *r);

bool protected_account_api_list(struct ctx *c, const struct req *q, struct res *r);
bool protected_account_api_create(struct ctx *c, const struct req *q, struct res *r);
bool protected_account_api_remove(struct ctx *c, const struct req *q, struct res *r);

/* Append the deal as the calls answer it. */
bool deal_api_print(struct ctx *c, int64_t id, struct buf *b);

#endif
