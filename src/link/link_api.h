/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_LINK_API_H
#define LINK_LINK_API_H

#include "api/list.h"

/* Links and codes in the JSON API; see docs/API.md. */

bool api_link_create(struct ctx *c, const struct req *q, struct res *r);
bool api_link_list(struct ctx *c, const struct req *q, struct res *r);
bool api_link_get(struct ctx *c, const struct req *q, struct res *r);
bool api_link_update(struct ctx *c, const struct req *q, struct res *r);

bool api_code_create(struct ctx *c, const struct req *q, struct res *r);
bool api_code_list(struct ctx *c, const struct req *q, struct res *r);
bool api_code_get(struct ctx *c, const struct req *q, struct res *r);
bool api_code_update(struct ctx *c, const struct req *q, struct res *r);

extern const struct list_spec link_list_spec;
extern const struct list_spec code_list_spec;

#endif
