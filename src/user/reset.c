/* SPDX-License-Identifier: Apache-2.0 */
#include "user/reset.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "org/workspace.h"
#include "user/member.h"
#include "user/token.h"

#define PRUNE_MAX 500

static const struct sql SQL_PUT = {
	.text = "INSERT INTO password_reset (user_id, token_hash, made_by, expires_at)"
	        " VALUES ($1, $2, $3, $4)"
	        " ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash,"
	        " made_by = excluded.made_by, expires_at = excluded.expires_at",
	.control = true, .global = true,
};

static const struct sql SQL_BY_HASH = {
	.text = "SELECT user_id, made_by, expires_at FROM password_reset WHERE token_hash = $1",
	.control = true, .global = true,
};

static const struct sql SQL_TAKE = {
	.text = "DELETE FROM password_reset WHERE token_hash = $1",
	.control = true, .global = true,
};

static const struct sql SQL_VOID = {
	.text = "DELETE FROM password_reset WHERE user_id = $1",
	.control = true, .global = true,
};

static const struct sql SQL_PRUNE = {
	.text = "DELETE FROM password_reset WHERE user_id IN"
	        " (SELECT user_id FROM password_reset WHERE expires_at <= $1 LIMIT $2)",
	.control = true, .global = true,
};

/* All that a user is: in organisations, and in workspaces with organisation 0. */
static const struct sql SQL_ROLES = {
	.text = "SELECT org_id, 0, role, without_money, without_personal_data FROM member"
	        " WHERE user_id = $1"
	        " UNION ALL"
	        " SELECT 0, workspace_id, role, 0, 0 FROM workspace_member WHERE user_id = $1",
	.control = true, .global = true,
};

const struct sql *const reset_sql[] = { &SQL_PUT,  &SQL_BY_HASH, &SQL_TAKE,
	                                &SQL_VOID, &SQL_PRUNE,   &SQL_ROLES, NULL };

/* Row `i` of SQL_ROLES against what `by` is in the same place. */
static bool covers(struct ctx *c, const struct rows *r, size_t i, int64_t by, bool *out)
{
	int64_t org_id = rows_int(r, i, 0), role = rows_int(r, i, 2);
	bool partner = role == ROLE_PARTNER;
	struct standing_in own = { 0 };

	if (org_id == 0 ? !workspace_role(c, rows_int(r, i, 1), by, &own.role)
	                : !member_standing(c, org_id, by, &own))
		return false;
	*out = own.role >= ROLE_ADMIN && own.role >= role
	    && (!own.without_money || (!partner && rows_int(r, i, 3)))
	    && (!own.without_personal_data || (!partner && rows_int(r, i, 4)));
	return true;
}

bool reset_may(struct ctx *c, int64_t by, int64_t user_id, bool *out)
{
	struct rows roles;
	struct user u;

	if (!user_get(c, by, &u) || !db_query(c, &SQL_ROLES, ARGS(val_int(user_id)), &roles))
		return false;
	*out = !u.disabled && by != user_id;
	for (size_t i = 0; *out && i < roles.count; i++)
		if (!covers(c, &roles, i, by, out))
			return false;
	return true;
}

/* Who is not of the organisation looks as if they were not there. */
static bool belongs(struct ctx *c, int64_t user_id)
{
	struct standing_in now;

	if (!member_standing(c, c->org_id, user_id, &now))
		return false;
	return now.role > ROLE_NONE || now.partner_id != 0
	    || fail(c, ERR_NOT_FOUND, "id", "There is no such member");
}

static bool check(struct ctx *c, int64_t user_id)
{
	bool may;

	if (c->actor.kind == ACTOR_SYSTEM)
		return true;
	if (c->actor.kind != ACTOR_USER)
		return fail(c, ERR_DENIED, NULL, "Only a person makes a link for a new password");
	if (!belongs(c, user_id))
		return false;
	if (user_id == c->actor.user_id)
		return fail(c, ERR_STATE, NULL, "Change your own password on the page of your account");
	return reset_may(c, c->actor.user_id, user_id, &may)
	    && (may
	        || fail(c, ERR_DENIED, NULL,
	                "This account may do more than you decide about; whoever runs the server"
	                " makes the link: partnerd user reset"));
}

bool reset_create(struct ctx *c, int64_t user_id, struct user *out, struct str *out_token)
{
	struct str token = token_new(c->arena), hash = token_hash(c->arena, token);
	int64_t expires_at = c->now_ms + RESET_HOURS * MS_PER_HOUR;

	if (!check(c, user_id) || !user_get(c, user_id, out))
		return false;
	if (out->disabled)
		return fail(c, ERR_STATE, NULL, "This user is shut out");
	*out_token = token;
	return db_exec(c, &SQL_PUT, ARGS(val_int(user_id), val_str(hash),
	                                 val_int(c->actor.user_id), val_int(expires_at)))
	    && audit_control(c, "user.reset_link", id_str(c->arena, ID_USER, user_id), STR(""));
}

bool reset_find(struct ctx *c, struct str token, struct user *out, bool *out_found)
{
	struct str hash = token_hash(c->arena, token);
	bool may = true;
	struct rows r;

	*out_found = false;
	if (hash.n == 0)
		return true;
	if (!db_query(c, &SQL_BY_HASH, ARGS(val_str(hash)), &r))
		return false;
	if (r.count == 0 || rows_int(&r, 0, 2) <= c->now_ms)
		return true;
	if (!user_get(c, rows_int(&r, 0, 0), out)
	    || (rows_int(&r, 0, 1) && !reset_may(c, rows_int(&r, 0, 1), out->id, &may)))
		return false;
	*out_found = may && !out->disabled;
	return true;
}

bool reset_use(struct ctx *c, struct str token, struct str password, struct user *out)
{
	struct str hash = token_hash(c->arena, token);
	int64_t count;
	bool found;

	if (!reset_find(c, token, out, &found)
	    || (found && !db_changes(c, &SQL_TAKE, ARGS(val_str(hash)), &count)))
		return false;
	if (!found || count != 1)
		return fail(c, ERR_NOT_FOUND, NULL, "This link does not work any more");
	c->actor = (struct actor){ .kind = ACTOR_USER, .user_id = out->id, .name = out->name };
	return audit_control(c, "user.reset", id_str(c->arena, ID_USER, out->id), STR(""))
	    && user_set_password(c, out->id, password);
}

bool reset_void(struct ctx *c, int64_t user_id)
{
	return db_exec(c, &SQL_VOID, ARGS(val_int(user_id)));
}

bool reset_prune(struct ctx *c, bool *out_more)
{
	int64_t count;

	if (!db_changes(c, &SQL_PRUNE, ARGS(val_int(c->now_ms), val_int(PRUNE_MAX)), &count))
		return false;
	*out_more = count == PRUNE_MAX;
	return true;
}
