/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_INVITATION_API_H
#define USER_INVITATION_API_H

#include "net/http.h"

/*
 * Invitations of the organisation that nobody has used. The link is in the answer to POST, and
 * nowhere else. To make one for somebody once more is to replace it.
 */
bool invitation_api_list(struct ctx *c, const struct req *q, struct res *r);
bool invitation_api_create(struct ctx *c, const struct req *q, struct res *r);
bool invitation_api_withdraw(struct ctx *c, const struct req *q, struct res *r);

#endif
