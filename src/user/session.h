/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_SESSION_H
#define USER_SESSION_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Sessions: somebody signed in with a browser.
 *
 * The browser holds a random token of 256 bits in a cookie: "__Host-sid" over TLS,
 * "sid" without. Only the token's hash is stored. Each sign-in makes a new session;
 * a session ends by signing out, by being revoked, by a new password, or by age.
 */

struct session {
	int64_t id;
	int64_t user_id;
	struct str token_hash;
	int64_t created_at;
	int64_t seen_at;
	int64_t expires_at;
	struct str user_agent; /* shortened; shown in the list of sessions */
};

extern const struct model session_model;
extern const struct sql *const session_sql[];

/* A new session for `days`; the token goes into the cookie and nowhere else. */
struct session_new {
	int64_t user_id;
	struct str user_agent;
	int64_t days;
};
bool session_create(struct ctx *c, const struct session_new *in, struct str *out_token);

/* The stored form of a token; "" for texts that cannot be one. */
struct str session_hash(struct arena *a, struct str token);

/* One user's sessions that are still good, the latest first. */
bool session_list(struct ctx *c, int64_t user_id, struct list *out);

/* End one session of this user; ERR_NOT_FOUND if it is not the user's. */
bool session_end(struct ctx *c, int64_t user_id, int64_t session_id);
bool session_end_all(struct ctx *c, int64_t user_id);

/* All but this one, which may be 0. */
bool session_end_others(struct ctx *c, int64_t user_id, int64_t session_id);

/* End the session of a token's hash, if there is one: when somebody signs in over it. */
bool session_end_hash(struct ctx *c, struct str hash);

/* Remember that a session was used. */
bool session_seen(struct ctx *c, int64_t session_id);

/* Job step: remove what is over. */
bool session_prune(struct ctx *c, bool *out_more);

/*
 * The text that a form of a page must send back in the field `csrf` (or the header X-CSRF-Token):
 * bound to the session. "" without one.
 */
struct str session_csrf(const struct ctx *c);
bool session_csrf_ok(const struct ctx *c, struct str sent);

#endif
