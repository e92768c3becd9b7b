/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_USER_H
#define USER_USER_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Users: people who can sign in, one row for all organisations they belong to.
 *
 * An e-mail address belongs to one user and is stored in lower case. Users are
 * disabled, never deleted: the audit log refers to them. Everything here is
 * control data; strings live in the arena of the call.
 */

struct user {
	int64_t id;
	struct str email;
	struct str name;
	struct str password; /* as password_hash made it; "" means none: invited, not here yet */
	bool disabled;
	int64_t created_at;
};

extern const struct model user_model;
extern const struct sql *const user_sql[];

/* Trim, lower case, and check; ERR_INVALID on "email". */
bool user_email(struct ctx *c, struct str email, struct str *out);

/* Trim and check; ERR_INVALID on "name". */
bool user_check_name(struct ctx *c, struct str *name);

/*
 * Store a new user; sets id and created_at. ERR_INVALID on "email", "name"; ERR_CONFLICT on
 * "email".
 */
bool user_create(struct ctx *c, struct user *u);

/* ERR_NOT_FOUND. */
bool user_get(struct ctx *c, int64_t id, struct user *out);

bool user_find_email(struct ctx *c, struct str email, struct user *out, bool *out_found);

bool user_list(struct ctx *c, struct list *out);

/*
 * Another password: all sessions of the user end but the one of who sets it for themselves, and so
 * does a link for a new one.
 */
bool user_set_password(struct ctx *c, int64_t id, struct str hash);

/* Another name. ERR_INVALID on "name". */
bool user_rename(struct ctx *c, int64_t id, struct str name);

/* Shut out (all sessions end at once) or let in again. */
bool user_set_disabled(struct ctx *c, int64_t id, bool disabled);

#endif
