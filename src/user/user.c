/* SPDX-License-Identifier: Apache-2.0 */
#include "user/user.h"
#include "access/access.h"
#include "audit/audit.h"
#include "data/checks.h"
#include "user/reset.h"
#include "user/session.h"

static const struct field fields[] = {
	FIELD(struct user, id, .flags = OUT, .as = AS_ID, .id = ID_USER),
	FIELD(struct user, email, .flags = IN | OUT | REQUIRED | UNIQUE | FIXED, .min = 3,
	      .max = 254,
	      .check = check_email),
	FIELD(struct user, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 120),
	FIELD(struct user, password, .max = 200),
	FIELD(struct user, disabled, .flags = OUT),
	FIELD(struct user, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model user_model = CONTROL_MODEL("app_user", fields);

static const struct sql SQL_BY_EMAIL = {
	.text = "SELECT @columns FROM app_user WHERE email = $1",
	.model = &user_model, .control = true, .global = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM app_user ORDER BY email",
	.model = &user_model, .control = true, .global = true,
};

static const struct sql SQL_PASSWORD = {
	.text = "UPDATE app_user SET password = $2 WHERE id = $1",
	.control = true, .global = true,
};

static const struct sql SQL_RENAME = {
	.text = "UPDATE app_user SET name = $2 WHERE id = $1",
	.control = true, .global = true,
};

static const struct sql SQL_DISABLED = {
	.text = "UPDATE app_user SET disabled = $2 WHERE id = $1",
	.control = true, .global = true,
};

const struct sql *const user_sql[] = { &SQL_BY_EMAIL, &SQL_LIST, &SQL_PASSWORD, &SQL_RENAME,
	                               &SQL_DISABLED, NULL };

bool user_email(struct ctx *c, struct str email, struct str *out)
{
	struct str folded = email_fold(c->arena, email);
	const char *wrong = check_email(folded);

	if (wrong)
		return fail(c, ERR_INVALID, "email", "\"%.*s\" %s", STR_ARG(folded), wrong);
	*out = folded;
	return true;
}

bool user_check_name(struct ctx *c, struct str *name)
{
	*name = str_trim(*name);
	if (name->n == 0 || !str_is_text(*name) || str_length(*name) > 120)
		return fail(c, ERR_INVALID, "name", "The name must have 1 to 120 characters");
	return true;
}

bool user_create(struct ctx *c, struct user *u)
{
	if (!user_email(c, u->email, &u->email) || !user_check_name(c, &u->name))
		return false;
	u->id = id_new();
	u->created_at = c->now_ms;
	return db_insert(c, &user_model, u)
	    && audit_control(c, "user.create", id_str(c->arena, ID_USER, u->id), STR(""));
}

bool user_get(struct ctx *c, int64_t id, struct user *out)
{
	return db_get_id(c, &user_model, id, out);
}

bool user_find_email(struct ctx *c, struct str email, struct user *out, bool *out_found)
{
	struct str folded = email_fold(c->arena, email);

	return db_find(c, &SQL_BY_EMAIL, ARGS(val_str(folded)), out, out_found);
}

bool user_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct user), out);
}

bool user_set_password(struct ctx *c, int64_t id, struct str hash)
{
	int64_t own = c->actor.user_id == id ? c->actor.session_id : 0;

	return db_exec(c, &SQL_PASSWORD, ARGS(val_int(id), val_str(hash)))
	    && session_end_others(c, id, own)
	    && reset_void(c, id)
	    && audit_control(c, "user.password", id_str(c->arena, ID_USER, id), STR(""));
}

bool user_rename(struct ctx *c, int64_t id, struct str name)
{
	if (!user_check_name(c, &name))
		return false;
	access_changed(c, CACHE_SESSION); /* sessions are kept in memory with the name */
	return db_exec(c, &SQL_RENAME, ARGS(val_int(id), val_str(name)))
	    && audit_control(c, "user.rename", id_str(c->arena, ID_USER, id), STR(""));
}

bool user_set_disabled(struct ctx *c, int64_t id, bool disabled)
{
	return db_exec(c, &SQL_DISABLED, ARGS(val_int(id), val_int(disabled)))
	    && (!disabled || session_end_all(c, id))
	    && audit_control(c, disabled ? "user.disable" : "user.enable",
	                     id_str(c->arena, ID_USER, id), STR(""));
}
