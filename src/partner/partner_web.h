/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_WEB_H
#define PARTNER_PARTNER_WEB_H

#include "net/http.h"

/* The pages of partners: list, one partner with everything about it, and the forms there. */

bool partner_web_list(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_new(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_create(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_show(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_edit(struct ctx *c, const struct req *q, struct res *r);
bool partner_web_save(struct ctx *c, const struct req *q, struct res *r);

/* POST …/:step — approve, decline, suspend, ban, reinstate; with `campaign` and `note`. */
bool partner_web_step(struct ctx *c, const struct req *q, struct res *r);

#endif
