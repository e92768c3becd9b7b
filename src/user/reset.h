/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_RESET_H
#define USER_RESET_H

#include "user/user.h"

/*
 * A link to choose a new password, for who has forgotten it: shown once to whoever makes it, good
 * for RESET_HOURS and for one use; another one, or another password, makes it void.
 *
 * Whoever has the link has the account. So only those make one who may do all that the account may
 * do: somebody who is an admin or owner wherever the user is anything (organisations, as staff or
 * for a partner, and workspaces), with no smaller role and no fewer permissions there. That is
 * asked when it is made and again when it is used. Else whoever runs the server has to.
 */

#define RESET_HOURS 24

extern const struct sql *const reset_sql[];

/* Does this user have all that the other one has, as above? */
bool reset_may(struct ctx *c, int64_t by, int64_t user_id, bool *out);

/*
 * Make one. For whoever runs the server (ACTOR_SYSTEM), or a user about somebody of c->org_id:
 * ERR_NOT_FOUND, ERR_DENIED; ERR_STATE for oneself and for who is shut out.
 */
bool reset_create(struct ctx *c, int64_t user_id, struct user *out, struct str *out_token);

/* Whose password a link changes. Not found are all that cannot be used now. */
bool reset_find(struct ctx *c, struct str token, struct user *out, bool *out_found);

/* Use it: all sessions end. In the control lane. ERR_NOT_FOUND when it is no good any more. */
bool reset_use(struct ctx *c, struct str token, struct str password, struct user *out);

/* Void what is open for a user. */
bool reset_void(struct ctx *c, int64_t user_id);

/* Job step: remove what is too old. */
bool reset_prune(struct ctx *c, bool *out_more);

#endif
