/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_ORG_API_H
#define ORG_ORG_API_H

#include "net/http.h"

/* The organisation of the key; and the list of it, for clients that may know several. */
bool org_api_get(struct ctx *c, const struct req *q, struct res *r);
bool org_api_list(struct ctx *c, const struct req *q, struct res *r);
bool org_api_update(struct ctx *c, const struct req *q, struct res *r);

#endif
