/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_KEY_API_H
#define USER_KEY_API_H

#include "net/http.h"

/* Keys of the organisation; the key itself is in the answer to its creation and nowhere else. */
bool key_api_list(struct ctx *c, const struct req *q, struct res *r);
bool key_api_create(struct ctx *c, const struct req *q, struct res *r);
bool key_api_revoke(struct ctx *c, const struct req *q, struct res *r);

#endif
