/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_ACCESS_WEB_H
#define USER_ACCESS_WEB_H

#include "net/http.h"
#include "user/member.h"

/* The settings' pages of the team and of API keys. */

bool member_web_list(struct ctx *c, const struct req *q, struct res *r);
bool member_web_put(struct ctx *c, const struct req *q, struct res *r);
bool member_web_remove(struct ctx *c, const struct req *q, struct res *r);

/* The rule is member_put's; this says it at the box that breaks it. ERR_INVALID. */
bool member_web_check_owner(struct ctx *c, const struct member *m);

#define MEMBER_ROLES_HINT \
	"A viewer looks; a manager works with partners and commissions; an admin also with " \
	"terms, payouts, keys and the team; an owner with everything."

bool key_web_list(struct ctx *c, const struct req *q, struct res *r);
/* answers with the key, once */
bool key_web_create(struct ctx *c, const struct req *q, struct res *r);
bool key_web_revoke(struct ctx *c, const struct req *q, struct res *r);

#endif
