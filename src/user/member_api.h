/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_MEMBER_API_H
#define USER_MEMBER_API_H

#include "net/http.h"
#include "user/member.h"

#include <jansson.h>

/*
 * Members of the organisation. POST changes the role of the member with an e-mail address; who is
 * none yet is invited (invitation_api.h).
 */
bool member_api_list(struct ctx *c, const struct req *q, struct res *r);
bool member_api_put(struct ctx *c, const struct req *q, struct res *r);
bool member_api_remove(struct ctx *c, const struct req *q, struct res *r);

/* `without` of a body, a list of permissions, onto *m. */
bool member_api_read_without(struct ctx *c, const json_t *body, struct member *m);

#endif
