/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_LINK_API_H
#define LINK_LINK_API_H

#include "api/list.h"

/* Links and codes in the JSON API; see docs/API.md. */

bool link_api_create(struct ctx *c, const struct req *q, struct res *r);
bool link_api_list(struct ctx *c, const struct req *q, struct res *r);
bool link_api_get(struct ctx *c, const struct req *q, struct res *r);
bool link_api_update(struct ctx *c, const struct req *q, struct res *r);

bool link_api_code_create(struct ctx *c, const struct req *q, struct res *r);
bool link_api_code_list(struct ctx *c, const struct req *q, struct res *r);
bool link_api_code_get(struct ctx *c, const struct req *q, struct res *r);
bool link_api_code_update(struct ctx *c, const struct req *q, struct res *r);

/* One as GET answers it. */
bool link_api_print(struct ctx *c, int64_t id, struct buf *b);

extern const struct list_spec link_list_spec;
extern const struct list_spec code_list_spec;

#endif
