/* SPDX-License-Identifier: Apache-2.0 */
#include "user/invitation.h"
#include "audit/audit.h"
#include "base/check.h"
#include "base/clock.h"
#include "partner/partner_peek.h"
#include "user/key.h"
#include "user/token.h"

#define KEPT_DAYS 30
#define PRUNE_MAX 500

static const struct field fields[] = {
	FIELD(struct invitation, org_id, .flags = 0),
	FIELD(struct invitation, id, .flags = OUT, .as = AS_ID, .id = ID_INVITATION),
	FIELD(struct invitation, email, .flags = OUT),
	FIELD(struct invitation, role, .flags = OUT, .as = AS_ENUM, .names = role_names),
	FIELD(struct invitation, partner_id, .json = "partner", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct invitation, without_money, .flags = OUT),
	FIELD(struct invitation, without_personal_data, .flags = OUT),
	FIELD(struct invitation, token_hash, .max = 64),
	FIELD(struct invitation, invited_by, .flags = OUT | NULLABLE, .as = AS_ID, .id = ID_USER),
	FIELD(struct invitation, key_id, .json = "key", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_KEY),
	FIELD(struct invitation, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct invitation, expires_at, .flags = OUT, .as = AS_TIME),
};

const struct model invitation_model = CONTROL_MODEL("invitation", fields);

static const struct sql SQL_CREATE = {
	.text = "INSERT INTO invitation (org_id, id, email, role, partner_id, without_money,"
	        " without_personal_data, token_hash, invited_by, key_id, created_at, expires_at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
	.control = true,
};

static const struct sql SQL_GET = {
	.text = "SELECT @columns FROM invitation WHERE org_id = $1 AND id = $2",
	.model = &invitation_model, .control = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM invitation WHERE org_id = $1 ORDER BY id DESC",
	.model = &invitation_model, .control = true,
};

static const struct sql SQL_LIST_OF = {
	.text = "SELECT @columns FROM invitation WHERE org_id = $1 AND partner_id = $2"
	        " ORDER BY email",
	.model = &invitation_model, .control = true,
};

static const struct sql SQL_BY_HASH = {
	.text = "SELECT @columns FROM invitation WHERE token_hash = $1",
	.model = &invitation_model, .control = true, .global = true,
};

/* The one for the same address and the same place: a new one replaces it. */
static const struct sql SQL_DROP = {
	.text = "DELETE FROM invitation WHERE org_id = $1 AND partner_id = $2 AND email = $3",
	.control = true, .global = true,
};

static const struct sql SQL_TAKE = {
	.text = "DELETE FROM invitation WHERE token_hash = $1",
	.control = true, .global = true,
};

static const struct sql SQL_PRUNE = {
	.text = "DELETE FROM invitation WHERE token_hash IN"
	        " (SELECT token_hash FROM invitation WHERE expires_at < $1 LIMIT $2)",
	.control = true, .global = true,
};

static const struct sql SQL_IS_MEMBER = {
	.text = "SELECT COUNT(*) FROM member m JOIN app_user u ON u.id = m.user_id"
	        " WHERE m.org_id = $1 AND u.email = $2 AND m.partner_id = $3",
	.control = true, .global = true,
};

/* Is a user anything anywhere? */
static const struct sql SQL_HAS_ROLE = {
	.text = "SELECT (SELECT COUNT(*) FROM member WHERE user_id = $1)"
	        " + (SELECT COUNT(*) FROM workspace_member WHERE user_id = $1)",
	.control = true, .global = true,
};

const struct sql *const invitation_sql[] = { &SQL_CREATE,  &SQL_GET,       &SQL_LIST,
	                                     &SQL_LIST_OF, &SQL_BY_HASH,   &SQL_DROP,
	                                     &SQL_TAKE,    &SQL_IS_MEMBER, &SQL_HAS_ROLE,
	                                     &SQL_PRUNE,   NULL };

bool invitation_may(const struct actor *a, const struct invitation *i)
{
	if (a->kind == ACTOR_SYSTEM)
		return true;
	/* In the portal one sees what the partner earned, and who it is. */
	if (i->role == ROLE_PARTNER)
		return a->role >= ROLE_MANAGER && a->sees_money && a->sees_personal_data;
	return a->role >= ROLE_ADMIN && i->role <= (int64_t)a->role
	    && (a->sees_money || i->without_money)
	    && (a->sees_personal_data || i->without_personal_data);
}

static bool check(struct ctx *c, const struct invitation *i)
{
	bool partner = i->role == ROLE_PARTNER;

	if (i->role <= ROLE_NONE || i->role > ROLE_OWNER)
		return fail(c, ERR_INVALID, "role", "There is no such role");
	if (partner != (i->partner_id != 0))
		return fail(c, ERR_INVALID, "partner", partner
		            ? "The role partner needs a partner to act for"
		            : "Only the role partner acts for a partner");
	if (i->role != ROLE_VIEWER && i->role != ROLE_MANAGER && i->role != ROLE_ADMIN
	    && (i->without_money || i->without_personal_data))
		return fail(c, ERR_INVALID, "without", "Nothing is taken from owners and partners");
	return true;
}

/* Somebody who may not act for a partner that is out. */
static bool is_out(const struct partner *p)
{
	return p->status != PARTNER_APPROVED && p->status != PARTNER_PENDING;
}

static bool check_partner(struct ctx *c, const struct invitation *i)
{
	struct partner p;
	bool found;

	if (i->partner_id == 0)
		return true;
	if (!partner_peek(c, c->org_id, i->partner_id, &p, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, "partner", "There is no such partner");
	return !is_out(&p)
	    || fail(c, ERR_STATE, "partner", "The partner is %s", partner_status_names[p.status]);
}

static bool check_new(struct ctx *c, const struct invitation *i)
{
	int64_t count;

	if (!db_int(c, &SQL_IS_MEMBER,
	            ARGS(val_int(c->org_id), val_str(i->email), val_int(i->partner_id)), &count))
		return false;
	return count == 0
	    || fail(c, ERR_CONFLICT, "email", i->partner_id ? "%.*s acts for this partner already"
	                                                    : "%.*s is on the team already",
	            STR_ARG(i->email));
}

static bool may(struct ctx *c, const struct invitation *i)
{
	return invitation_may(&c->actor, i)
	    || fail(c, ERR_DENIED, NULL, "You cannot give a role or permissions that you do not have");
}

static bool store(struct ctx *c, const struct invitation *i)
{
	return db_exec(c, &SQL_CREATE,
	               ARGS(val_int(i->id), val_str(i->email), val_int(i->role),
	                    val_int(i->partner_id), val_int(i->without_money),
	                    val_int(i->without_personal_data), val_str(i->token_hash),
	                    val_int(i->invited_by), val_int(i->key_id), val_int(i->created_at),
	                    val_int(i->expires_at)));
}

static bool logged(struct ctx *c, const char *action, const struct invitation *i)
{
	return audit_control(c, action, id_str(c->arena, ID_INVITATION, i->id),
	                     arena_printf(c->arena, "{\"role\":\"%s\",\"without_money\":%s,"
	                                  "\"without_personal_data\":%s}",
	                                  role_names[i->role], i->without_money ? "true" : "false",
	                                  i->without_personal_data ? "true" : "false"));
}

bool invitation_create(struct ctx *c, struct invitation *i, struct str *out_token)
{
	struct str token = token_new(c->arena);

	CHECK(c->org_id > 0);
	if (!user_email(c, i->email, &i->email) || !check(c, i) || !may(c, i)
	    || !check_partner(c, i) || !check_new(c, i))
		return false;
	i->org_id = c->org_id;
	i->id = id_new();
	i->token_hash = token_hash(c->arena, token);
	i->invited_by = c->actor.user_id;
	i->key_id = c->actor.key_id;
	i->created_at = c->now_ms;
	i->expires_at = c->now_ms + INVITATION_DAYS * MS_PER_DAY;
	*out_token = token;
	return db_exec(c, &SQL_DROP,
	               ARGS(val_int(c->org_id), val_int(i->partner_id), val_str(i->email)))
	    && store(c, i)
	    && logged(c, "invitation.create", i);
}

bool invitation_renew(struct ctx *c, int64_t id, struct invitation *out, struct str *out_token)
{
	return db_get(c, &SQL_GET, ARGS(val_int(id)), out)
	    && invitation_create(c, out, out_token);
}

bool invitation_withdraw(struct ctx *c, int64_t id, struct invitation *out)
{
	return db_get(c, &SQL_GET, ARGS(val_int(id)), out)
	    && may(c, out)
	    && db_exec(c, &SQL_TAKE, ARGS(val_str(out->token_hash)))
	    && logged(c, "invitation.withdraw", out);
}

bool invitation_list(struct ctx *c, int64_t partner_id, struct list *out)
{
	if (partner_id < 0)
		return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct invitation), out);
	return db_list(c, &SQL_LIST_OF, ARGS(val_int(partner_id)), sizeof(struct invitation), out);
}

bool invitation_void(struct ctx *c, const struct member *gone)
{
	struct user u;

	return user_get(c, gone->user_id, &u)
	    && db_exec(c, &SQL_DROP, ARGS(val_int(gone->org_id), val_int(gone->partner_id),
	                                  val_str(u.email)));
}

/* What the one who has invited is in the organisation now. */
static bool inviter(struct ctx *c, const struct invitation *i, struct actor *out)
{
	struct standing_in now;
	struct user u;

	*out = (struct actor){ .kind = ACTOR_SYSTEM };
	if (i->key_id)
		return key_actor(c, i->key_id, out);
	if (!i->invited_by)
		return true;
	if (!user_get(c, i->invited_by, &u) || !member_standing(c, i->org_id, u.id, &now))
		return false;
	*out = (struct actor){ .kind = ACTOR_USER, .role = u.disabled ? ROLE_NONE : (enum role)now.role,
		               .sees_money = !now.without_money,
		               .sees_personal_data = !now.without_personal_data };
	return true;
}

static bool partner_takes(struct ctx *c, struct invited *out, bool *is_good)
{
	struct partner p;
	bool found;

	*is_good = out->i.partner_id == 0;
	if (*is_good)
		return true;
	if (!partner_peek(c, out->org.id, out->i.partner_id, &p, &found))
		return false;
	*is_good = found && !is_out(&p);
	out->partner_name = found ? p.name : STR("");
	return true;
}

/* An account is what has a password, or a role anywhere that a password would open. */
static bool find_account(struct ctx *c, struct invited *out)
{
	int64_t roles;
	bool found;

	if (!user_find_email(c, out->i.email, &out->user, &found))
		return false;
	if (!found) {
		out->user = (struct user){ 0 };
		return true;
	}
	if (!db_int(c, &SQL_HAS_ROLE, ARGS(val_int(out->user.id)), &roles))
		return false;
	out->has_account = out->user.password.n > 0 || roles > 0;
	return true;
}

bool invitation_find(struct ctx *c, struct str token, struct invited *out, bool *out_found)
{
	struct str hash = token_hash(c->arena, token);
	struct actor by;
	bool good;

	*out = (struct invited){ 0 };
	*out_found = false;
	if (hash.n == 0)
		return true;
	if (!db_find(c, &SQL_BY_HASH, ARGS(val_str(hash)), &out->i, &good))
		return false;
	if (!good || out->i.expires_at <= c->now_ms)
		return true;
	c->org_id = out->i.org_id;
	if (!db_get_id(c, &org_model, out->i.org_id, &out->org) || !inviter(c, &out->i, &by)
	    || !partner_takes(c, out, &good) || !find_account(c, out))
		return false;
	*out_found = good && out->org.status == ORG_ACTIVE && invitation_may(&by, &out->i)
	          && !out->user.disabled;
	return true;
}

static bool dead(struct ctx *c)
{
	return fail(c, ERR_NOT_FOUND, NULL, "This link does not work any more");
}

/* The account of a new person. */
static bool settle_in(struct ctx *c, const struct acceptance *a, struct invited *out)
{
	struct user *u = &out->user;

	if (out->has_account)
		return fail(c, ERR_STATE, NULL, "There is an account for this address by now; try again");
	if (u->id != 0) {
		u->name = a->name;
		return user_rename(c, u->id, a->name) && user_set_password(c, u->id, a->password);
	}
	*u = (struct user){ .email = out->i.email, .name = a->name, .password = a->password };
	return user_create(c, u);
}

static bool is_same(struct ctx *c, const struct acceptance *a, const struct invited *in)
{
	if (in->user.id != a->user_id)
		return dead(c);
	return a->password.n == 0 || str_eq(a->password, in->user.password)
	    || fail(c, ERR_STATE, NULL, "The password was changed meanwhile; try again");
}

static bool become_member(struct ctx *c, const struct invited *in)
{
	struct member m = { .org_id = in->org.id, .user_id = in->user.id,
		            .partner_id = in->i.partner_id, .role = in->i.role,
		            .without_money = in->i.without_money,
		            .without_personal_data = in->i.without_personal_data };
	int64_t count;

	/* Who got a role in another way meanwhile keeps that one. */
	if (!db_int(c, &SQL_IS_MEMBER,
	            ARGS(val_int(m.org_id), val_str(in->i.email), val_int(m.partner_id)), &count))
		return false;
	return count > 0 || member_put(c, &m);
}

bool invitation_accept(struct ctx *c, struct str token, const struct acceptance *a,
                       struct invited *out)
{
	int64_t count;
	bool found;

	if (!invitation_find(c, token, out, &found))
		return false;
	if (!found || !db_changes(c, &SQL_TAKE, ARGS(val_str(out->i.token_hash)), &count)
	    || count != 1)
		return c->err.code == ERR_NONE ? dead(c) : false;
	if (!(a->user_id ? is_same(c, a, out) : settle_in(c, a, out)))
		return false;
	c->actor = (struct actor){ .kind = ACTOR_USER, .user_id = out->user.id,
		                   .name = out->user.name };
	c->org_id = out->org.id;
	return logged(c, "invitation.accept", &out->i)
	    && become_member(c, out);
}

bool invitation_prune(struct ctx *c, bool *out_more)
{
	int64_t before = c->now_ms - KEPT_DAYS * MS_PER_DAY, count;

	if (!db_changes(c, &SQL_PRUNE, ARGS(val_int(before), val_int(PRUNE_MAX)), &count))
		return false;
	*out_more = count == PRUNE_MAX;
	return true;
}
