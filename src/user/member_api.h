/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_MEMBER_API_H
#define USER_MEMBER_API_H

#include "net/http.h"

/*
 * Members of the organisation. POST gives a role to the user of an e-mail address, and makes that
 * user when there is none yet: without a password, to be set by the person.
 */
bool member_api_list(struct ctx *c, const struct req *q, struct res *r);
bool member_api_put(struct ctx *c, const struct req *q, struct res *r);
bool member_api_remove(struct ctx *c, const struct req *q, struct res *r);

#endif
