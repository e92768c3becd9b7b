/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_LINK_WEB_H
#define LINK_LINK_WEB_H

#include "net/http.h"

/* The pages of links and codes: lists, one link with its QR code, and the forms. */

bool link_web_list(struct ctx *c, const struct req *q, struct res *r);
bool link_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool link_web_new(struct ctx *c, const struct req *q, struct res *r);
bool link_web_create(struct ctx *c, const struct req *q, struct res *r);
bool link_web_show(struct ctx *c, const struct req *q, struct res *r);
bool link_web_save(struct ctx *c, const struct req *q, struct res *r);

bool code_web_list(struct ctx *c, const struct req *q, struct res *r);
bool code_web_new(struct ctx *c, const struct req *q, struct res *r);
bool code_web_create(struct ctx *c, const struct req *q, struct res *r);
bool code_web_save(struct ctx *c, const struct req *q, struct res *r);

#endif
