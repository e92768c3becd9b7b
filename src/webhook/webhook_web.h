/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_WEBHOOK_WEB_H
#define WEBHOOK_WEBHOOK_WEB_H

#include "net/http.h"

/* The settings' pages of webhooks: endpoints, one of them with its deliveries, one delivery. */

bool webhook_web_list(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_create(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_show(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_save(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_rotate(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_test(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_enable(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_disable(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_remove(struct ctx *c, const struct req *q, struct res *r);
bool webhook_web_replay(struct ctx *c, const struct req *q, struct res *r);

bool delivery_web_show(struct ctx *c, const struct req *q, struct res *r);
bool delivery_web_replay(struct ctx *c, const struct req *q, struct res *r);

#endif
