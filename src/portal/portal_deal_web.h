/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_DEAL_WEB_H
#define PORTAL_PORTAL_DEAL_WEB_H

#include "net/http.h"

/*
 * A partner's deals: which there are, until when they are protected, and registering one. Whose
 * deal stands in the way of another is told to nobody here.
 */

bool portal_deal_list(struct ctx *c, const struct req *q, struct res *r);
bool portal_deal_new(struct ctx *c, const struct req *q, struct res *r);
bool portal_deal_create(struct ctx *c, const struct req *q, struct res *r);
bool portal_deal_show(struct ctx *c, const struct req *q, struct res *r);

#endif
