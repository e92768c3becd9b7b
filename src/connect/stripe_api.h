/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECT_STRIPE_API_H
#define CONNECT_STRIPE_API_H

#include "api/list.h"

/*
 * POST /api/v1/hooks/stripe/:org (no key: the signature says who it is);
 * GET /api/v1/hooks; GET and PUT, DELETE /api/v1/providers/stripe {webhook_secret}.
 */

bool stripe_api_hook(struct ctx *c, const struct req *q, struct res *r);
bool stripe_api_get(struct ctx *c, const struct req *q, struct res *r);
bool stripe_api_put(struct ctx *c, const struct req *q, struct res *r);
bool stripe_api_remove(struct ctx *c, const struct req *q, struct res *r);
bool hook_api_list(struct ctx *c, const struct req *q, struct res *r);
bool hook_api_get(struct ctx *c, const struct req *q, struct res *r);

/* The job `hooks`: try again what waits. */
bool stripe_job(struct ctx *c, bool *out_more);

extern const struct list_spec hook_list;

#endif
