/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_MEMBER_GRANT_H
#define USER_MEMBER_GRANT_H

#include "user/member.h"

/*
 * Roles as somebody of the organisation changes them and takes them away: by e-mail address,
 * and nobody decides about more than they have themselves. New people are invited (invitation.h).
 */

/*
 * Give m->role to the member with m->email; fills in the rest of *m. ERR_INVALID on "email" for
 * who does not belong to the organisation; ERR_DENIED for more than the actor has; otherwise as
 * member_put.
 */
bool member_grant(struct ctx *c, struct member *m);

/* Take the staff role of a user away. ERR_DENIED, and as member_remove. */
bool member_revoke(struct ctx *c, int64_t user_id);

#endif
