/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_WEBHOOK_API_H
#define WEBHOOK_WEBHOOK_API_H

#include "api/list.h"

struct endpoint;

/*
 * /api/v1/webhook-endpoints, /webhook-deliveries and /messages; see docs/API.md. The secret of
 * an endpoint is in the answers that make and replace it and nowhere else.
 */

bool endpoint_api_list(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_create(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_get(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_update(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_remove(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_rotate(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_test(struct ctx *c, const struct req *q, struct res *r);
bool endpoint_api_replay(struct ctx *c, const struct req *q, struct res *r);

bool delivery_api_list(struct ctx *c, const struct req *q, struct res *r);
bool delivery_api_get(struct ctx *c, const struct req *q, struct res *r);
bool delivery_api_replay(struct ctx *c, const struct req *q, struct res *r);
bool message_api_list(struct ctx *c, const struct req *q, struct res *r);
bool message_api_get(struct ctx *c, const struct req *q, struct res *r);

extern const struct list_spec delivery_list;
extern const struct list_spec message_list_spec;

#endif
