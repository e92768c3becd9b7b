/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_WEB_H
#define DEAL_DEAL_WEB_H

#include "net/http.h"

/* Operators' pages of deals, and of the protected accounts among the settings. */

bool deal_web_list(struct ctx *c, const struct req *q, struct res *r);
bool deal_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool deal_web_new(struct ctx *c, const struct req *q, struct res *r);
bool deal_web_create(struct ctx *c, const struct req *q, struct res *r);
bool deal_web_show(struct ctx *c, const struct req *q, struct res *r);
bool deal_web_save(struct ctx *c, const struct req *q, struct res *r);

/* POST /app/:org/deals/:id/:step: approve, decline, extend, win, lose */
bool deal_web_step(struct ctx *c, const struct req *q, struct res *r);

bool protected_account_web_list(struct ctx *c, const struct req *q, struct res *r);
bool protected_account_web_create(struct ctx *c, const struct req *q, struct res *r);
bool protected_account_web_remove(struct ctx *c, const struct req *q, struct res *r);

#endif
