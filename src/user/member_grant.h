/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_MEMBER_GRANT_H
#define USER_MEMBER_GRANT_H

#include "user/member.h"

/*
 * Members as somebody of the organisation gives and takes them away: by e-mail address,
 * and nobody decides about more than they have themselves.
 */

/*
 * Give m->role to the user of m->email, who is made (without a password) when there is none yet;
 * fills in the rest of *m. ERR_DENIED for more than the actor has; otherwise as member_put.
 */
bool member_grant(struct ctx *c, struct member *m);

/* Take the staff role of a user away. ERR_DENIED, and as member_remove. */
bool member_revoke(struct ctx *c, int64_t user_id);

#endif
