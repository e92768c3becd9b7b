/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_ACCESS_WEB_H
#define USER_ACCESS_WEB_H

#include "net/http.h"

/* The settings' pages of the team and of API keys. */

bool member_web_list(struct ctx *c, const struct req *q, struct res *r);
bool member_web_put(struct ctx *c, const struct req *q, struct res *r);
bool member_web_remove(struct ctx *c, const struct req *q, struct res *r);

bool key_web_list(struct ctx *c, const struct req *q, struct res *r);
/* answers with the key, once */
bool key_web_create(struct ctx *c, const struct req *q, struct res *r);
bool key_web_revoke(struct ctx *c, const struct req *q, struct res *r);

#endif
