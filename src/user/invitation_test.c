/* SPDX-License-Identifier: Apache-2.0 */
#include "user/invitation.h"
#include "app.h"
#include "base/clock.h"
#include "db/fixture.h"
#include "org/workspace.h"
#include "partner/partner.h"
#include "user/key.h"
#include "user/reset.h"
#include "user/session.h"

#define ALL true, true

/* Who may invite whom: role and permissions of the one, then of the other. */
TEST(nobody_invites_to_more_than_they_have)
{
	static const struct {
		enum role role;
		bool money, personal;
		enum role to;
		bool no_money, no_personal, may;
	} rows[] = {
		{ ROLE_OWNER, ALL, ROLE_OWNER, false, false, true },
		{ ROLE_OWNER, ALL, ROLE_ADMIN, false, false, true },
		{ ROLE_OWNER, ALL, ROLE_VIEWER, true, true, true },
		{ ROLE_OWNER, ALL, ROLE_PARTNER, false, false, true },
		{ ROLE_ADMIN, ALL, ROLE_OWNER, false, false, false },
		{ ROLE_ADMIN, ALL, ROLE_ADMIN, false, false, true },
		{ ROLE_ADMIN, ALL, ROLE_MANAGER, false, false, true },
		{ ROLE_ADMIN, false, true, ROLE_MANAGER, false, false, false },
		{ ROLE_ADMIN, false, true, ROLE_MANAGER, true, false, true },
		{ ROLE_ADMIN, true, false, ROLE_VIEWER, true, false, false },
		{ ROLE_ADMIN, true, false, ROLE_VIEWER, false, true, true },
		{ ROLE_ADMIN, false, true, ROLE_PARTNER, false, false, false },
		{ ROLE_MANAGER, ALL, ROLE_PARTNER, false, false, true },
		{ ROLE_MANAGER, true, false, ROLE_PARTNER, false, false, false },
		{ ROLE_MANAGER, false, true, ROLE_PARTNER, false, false, false },
		{ ROLE_MANAGER, ALL, ROLE_VIEWER, false, false, false },
		{ ROLE_VIEWER, ALL, ROLE_PARTNER, false, false, false },
		{ ROLE_PARTNER, ALL, ROLE_PARTNER, false, false, false },
		{ ROLE_NONE, ALL, ROLE_VIEWER, true, true, false },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		struct actor a = { .kind = ACTOR_USER, .role = rows[i].role,
			           .sees_money = rows[i].money,
			           .sees_personal_data = rows[i].personal };
		struct invitation to = { .role = rows[i].to, .without_money = rows[i].no_money,
			                 .without_personal_data = rows[i].no_personal };

		EQ(invitation_may(&a, &to), rows[i].may);
	}
	OK(invitation_may(&(struct actor){ .kind = ACTOR_SYSTEM },
	                  &(struct invitation){ .role = ROLE_OWNER }));
}

/* ---- A stage: organisation 1 with an owner, inside a transaction of the control data. */

struct stage {
	struct app app;
	struct user owner;
};

static struct user person(struct ctx *c, const char *email, const char *password)
{
	struct user u = { .email = str_from(email), .name = STR("Somebody"),
		          .password = str_from(password) };

	OK(user_create(c, &u));
	return u;
}

static void give(struct ctx *c, int64_t org_id, int64_t user_id, enum role role)
{
	OK(member_put(c, &(struct member){ .org_id = org_id, .user_id = user_id, .role = role,
	                                   .partner_id = role == ROLE_PARTNER ? 77 : 0 }));
}

static void act(struct ctx *c, const struct user *u, enum role role)
{
	c->org_id = 1;
	c->actor = (struct actor){ .kind = ACTOR_USER, .role = role, .user_id = u->id,
		                   .sees_money = true, .sees_personal_data = true };
}

static void found_org(struct ctx *c, int64_t id, const char *slug)
{
	OK(org_create(c, &(struct org){ .id = id, .name = STR("Acme"), .slug = str_from(slug),
	                                .currency = STR("EUR"), .timezone = STR("UTC") }));
}

static void begin(struct stage *t, struct ctx *c, struct store *s)
{
	*t = (struct stage){ .app = { .store = s } };
	c->app = &t->app;
	OK(fixture_write(c, s, 0));
	found_org(c, 1, "acme");
	found_org(c, 2, "other");
	t->owner = person(c, "owner@acme.example", "hash");
	give(c, 1, t->owner.id, ROLE_OWNER);
	act(c, &t->owner, ROLE_OWNER);
}

static void end(struct ctx *c, struct store *s)
{
	fixture_rollback(c, s);
	c->app = NULL;
	c->org_id = 0;
}

static struct str invite(struct ctx *c, const char *email, enum role role)
{
	struct invitation i = { .email = str_from(email), .role = role };
	struct str token;

	OK(invitation_create(c, &i, &token));
	return token;
}

static bool works(struct ctx *c, struct str token)
{
	struct invited in;
	bool found;

	OK(invitation_find(c, token, &in, &found));
	return found;
}

static const struct acceptance newcomer = { .name = STR_INIT("Mia"), .password = STR_INIT("hash") };

STORE_TEST(a_new_person_joins_once_and_with_the_role_of_the_invitation)
{
	struct standing_in now;
	struct stage t;
	struct invited in;
	struct str token;
	bool found;

	begin(&t, c, s);
	token = invite(c, " Mia@Acme.Example ", ROLE_MANAGER);
	EQ(token.n, 43);
	c->actor = (struct actor){ 0 };
	OK(invitation_find(c, token, &in, &found));
	OK(found);
	NO(in.has_account);
	EQ_STR(in.i.email, "mia@acme.example");
	NO(str_eq(in.i.token_hash, token));
	OK(invitation_accept(c, token, &newcomer, &in));
	OK(member_standing(c, 1, in.user.id, &now));
	EQ(now.role, ROLE_MANAGER);
	EQ(c->actor.user_id, in.user.id);
	NO(works(c, token));
	FAILS(invitation_accept(c, token, &newcomer, &in), ERR_NOT_FOUND, "");
	end(c, s);
}

STORE_TEST(an_invitation_works_for_seven_days)
{
	struct stage t;
	struct str token;
	bool more;
	struct list rows;

	begin(&t, c, s);
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	c->now_ms += 7 * MS_PER_DAY - 1;
	OK(works(c, token));
	c->now_ms++;
	NO(works(c, token));
	OK(invitation_list(c, 0, &rows));
	EQ(rows.count, 1);
	c->now_ms += 31 * MS_PER_DAY;
	OK(invitation_prune(c, &more));
	OK(invitation_list(c, -1, &rows));
	EQ(rows.count, 0);
	end(c, s);
}

STORE_TEST(another_invitation_replaces_the_first_and_withdrawing_ends_it)
{
	struct invitation i = { .email = STR("mia@acme.example"), .role = ROLE_VIEWER }, gone;
	struct str first, second, third;
	struct stage t;

	begin(&t, c, s);
	first = invite(c, "mia@acme.example", ROLE_ADMIN);
	OK(invitation_create(c, &i, &second));
	NO(works(c, first));
	OK(works(c, second));
	OK(invitation_renew(c, i.id, &gone, &third));
	NO(works(c, second));
	FAILS(invitation_withdraw(c, i.id, &gone), ERR_NOT_FOUND, "id");
	OK(invitation_withdraw(c, gone.id, &gone));
	NO(works(c, third));
	c->org_id = 2;
	FAILS(invitation_withdraw(c, gone.id, &gone), ERR_NOT_FOUND, "id");
	NO(works(c, STR("nonsense")));
	NO(works(c, STR("")));
	end(c, s);
}

STORE_TEST(what_contradicts_itself_is_no_invitation)
{
	struct invitation i = { .email = STR("no address"), .role = ROLE_VIEWER };
	struct str token;
	struct stage t;

	begin(&t, c, s);
	FAILS(invitation_create(c, &i, &token), ERR_INVALID, "email");
	i = (struct invitation){ .email = STR("a@b.example"), .role = ROLE_PARTNER };
	FAILS(invitation_create(c, &i, &token), ERR_INVALID, "partner");
	i.partner_id = 12345;
	FAILS(invitation_create(c, &i, &token), ERR_INVALID, "partner");
	i.role = ROLE_VIEWER;
	FAILS(invitation_create(c, &i, &token), ERR_INVALID, "partner");
	i = (struct invitation){ .email = STR("a@b.example"), .role = ROLE_OWNER,
		                 .without_money = true };
	FAILS(invitation_create(c, &i, &token), ERR_INVALID, "without");
	i = (struct invitation){ .email = STR("owner@acme.example"), .role = ROLE_VIEWER };
	FAILS(invitation_create(c, &i, &token), ERR_CONFLICT, "email");
	act(c, &t.owner, ROLE_ADMIN);
	i = (struct invitation){ .email = STR("a@b.example"), .role = ROLE_OWNER };
	FAILS(invitation_create(c, &i, &token), ERR_DENIED, "");
	end(c, s);
}

STORE_TEST(who_has_left_or_lost_the_role_has_invited_nobody)
{
	struct str of_admin, of_key;
	struct key k = { .name = STR("k"), .scopes = STR("all") };
	struct stage t;
	struct user admin;
	struct str secret;

	begin(&t, c, s);
	admin = person(c, "admin@acme.example", "hash");
	give(c, 1, admin.id, ROLE_ADMIN);
	act(c, &admin, ROLE_ADMIN);
	of_admin = invite(c, "mia@acme.example", ROLE_VIEWER);
	OK(works(c, of_admin));
	give(c, 1, admin.id, ROLE_MANAGER);
	NO(works(c, of_admin));
	give(c, 1, admin.id, ROLE_ADMIN);
	OK(works(c, of_admin));
	OK(user_set_disabled(c, admin.id, true));
	NO(works(c, of_admin));
	OK(user_set_disabled(c, admin.id, false));
	OK(member_remove(c, 1, admin.id, 0));
	NO(works(c, of_admin));
	act(c, &t.owner, ROLE_OWNER);
	OK(key_create(c, &k, &secret));
	c->actor.kind = ACTOR_KEY;
	c->actor.key_id = k.id;
	c->actor.user_id = 0;
	of_key = invite(c, "bob@acme.example", ROLE_OWNER);
	OK(works(c, of_key));
	OK(key_revoke(c, k.id));
	NO(works(c, of_key));
	end(c, s);
}

STORE_TEST(who_is_taken_out_cannot_come_back_by_an_invitation)
{
	struct stage t;
	struct str token;
	struct user u;

	begin(&t, c, s);
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	u = person(c, "mia@acme.example", "hash");
	give(c, 1, u.id, ROLE_MANAGER);
	OK(works(c, token));
	OK(member_remove(c, 1, u.id, 0));
	NO(works(c, token));
	end(c, s);
}

STORE_TEST(an_account_joins_as_itself_and_keeps_the_role_it_has_got_meanwhile)
{
	struct acceptance as = { .password = STR("hash") };
	struct standing_in now;
	struct invited in;
	struct stage t;
	struct str token;
	struct user mia, eve;

	begin(&t, c, s);
	mia = person(c, "mia@acme.example", "hash");
	eve = person(c, "eve@acme.example", "hash");
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	FAILS(invitation_accept(c, token, &newcomer, &in), ERR_STATE, "");
	OK(works(c, invite(c, "eve@acme.example", ROLE_VIEWER)));
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	as.user_id = eve.id;
	FAILS(invitation_accept(c, token, &as, &in), ERR_NOT_FOUND, "");
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	as = (struct acceptance){ .user_id = mia.id, .password = STR("another hash") };
	FAILS(invitation_accept(c, token, &as, &in), ERR_STATE, "");
	token = invite(c, "mia@acme.example", ROLE_VIEWER);
	give(c, 1, mia.id, ROLE_ADMIN);
	as.password = STR("hash");
	OK(invitation_accept(c, token, &as, &in));
	OK(member_standing(c, 1, mia.id, &now));
	EQ(now.role, ROLE_ADMIN);
	end(c, s);
}

/* Else an admin of any organisation could take over whoever has no password yet. */
STORE_TEST(who_has_a_role_somewhere_gets_no_password_by_an_invitation)
{
	struct invited in;
	struct stage t;
	struct str token;
	struct user u;
	bool found;

	begin(&t, c, s);
	u = person(c, "zoe@other.example", "");
	token = invite(c, "zoe@other.example", ROLE_VIEWER);
	OK(invitation_find(c, token, &in, &found));
	NO(in.has_account);
	give(c, 2, u.id, ROLE_VIEWER);
	OK(invitation_find(c, token, &in, &found));
	OK(in.has_account);
	FAILS(invitation_accept(c, token, &newcomer, &in), ERR_STATE, "");
	end(c, s);
}

static int64_t partner_with(struct ctx *c, struct store *s, enum partner_status status)
{
	struct partner p = { .id = id_new(), .email = STR("ann@partner.example"), .name = STR("Ann"),
		             .status = status };

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &partner_model, &p));
	OK(fixture_commit(c, s));
	return p.id;
}

static const struct sql SQL_STATUS = {
	.text = "UPDATE partner SET status = $3 WHERE org_id = $1 AND id = $2",
};

STORE_TEST(a_partner_is_invited_to_its_portal_unless_it_is_out)
{
	struct invitation i = { .email = STR("ann@partner.example"), .role = ROLE_PARTNER };
	int64_t id = partner_with(c, s, PARTNER_APPROVED);
	struct standing_in now;
	struct invited in;
	struct stage t;
	struct str token;

	begin(&t, c, s);
	i.partner_id = id;
	OK(invitation_create(c, &i, &token));
	OK(invitation_accept(c, token, &newcomer, &in));
	EQ_STR(in.partner_name, "Ann");
	OK(member_standing(c, 1, in.user.id, &now));
	EQ(now.role, ROLE_NONE);
	EQ(now.partner_id, id);
	act(c, &t.owner, ROLE_OWNER);
	i = (struct invitation){ .email = STR("agent@partner.example"), .role = ROLE_PARTNER,
		                 .partner_id = id };
	OK(invitation_create(c, &i, &token));
	OK(works(c, token));
	OK(fixture_commit(c, s));
	for (int64_t status = PARTNER_DECLINED; status <= PARTNER_BANNED; status++) {
		OK(fixture_write(c, s, 1));
		OK(db_exec(c, &SQL_STATUS, ARGS(val_int(id), val_int(status))));
		OK(fixture_commit(c, s));
		OK(fixture_write(c, s, 0));
		NO(works(c, token));
		act(c, &t.owner, ROLE_OWNER);
		FAILS(invitation_create(c, &i, &token), ERR_STATE, "partner");
		fixture_rollback(c, s);
	}
	OK(fixture_write(c, s, 0));
	end(c, s);
}

/* ---- Links for a new password. */

static bool may(struct ctx *c, const struct user *by, const struct user *of)
{
	bool may_do;

	OK(reset_may(c, by->id, of->id, &may_do));
	return may_do;
}

STORE_TEST(only_who_may_do_all_that_an_account_may_do_makes_a_link_for_it)
{
	struct workspace w = { .name = STR("Umbrella") };
	struct user admin, viewer, none;
	struct stage t;

	begin(&t, c, s);
	admin = person(c, "admin@acme.example", "hash");
	viewer = person(c, "viewer@acme.example", "hash");
	none = person(c, "manager@acme.example", "hash");
	give(c, 1, admin.id, ROLE_ADMIN);
	give(c, 1, viewer.id, ROLE_VIEWER);
	give(c, 1, none.id, ROLE_MANAGER);
	OK(may(c, &t.owner, &admin));
	OK(may(c, &t.owner, &viewer));
	OK(may(c, &admin, &viewer));
	NO(may(c, &admin, &t.owner));
	NO(may(c, &none, &viewer));
	NO(may(c, &t.owner, &t.owner));
	/* A role elsewhere, as staff or for a partner, or over a workspace. */
	give(c, 2, viewer.id, ROLE_PARTNER);
	NO(may(c, &t.owner, &viewer));
	give(c, 2, t.owner.id, ROLE_ADMIN);
	OK(may(c, &t.owner, &viewer));
	give(c, 2, viewer.id, ROLE_OWNER);
	NO(may(c, &t.owner, &viewer));
	OK(workspace_create(c, &w));
	OK(workspace_put_member(c, w.id, admin.id, ROLE_VIEWER));
	NO(may(c, &t.owner, &admin));
	OK(workspace_put_member(c, w.id, t.owner.id, ROLE_ADMIN));
	OK(may(c, &t.owner, &admin));
	end(c, s);
}

STORE_TEST(fewer_permissions_do_not_reach_more)
{
	struct user admin, viewer;
	struct member m;
	struct stage t;

	begin(&t, c, s);
	admin = person(c, "admin@acme.example", "hash");
	viewer = person(c, "viewer@acme.example", "hash");
	m = (struct member){ .org_id = 1, .user_id = admin.id, .role = ROLE_ADMIN,
		             .without_money = true };
	OK(member_put(c, &m));
	give(c, 1, viewer.id, ROLE_VIEWER);
	NO(may(c, &admin, &viewer));
	m.user_id = viewer.id;
	m.role = ROLE_VIEWER;
	OK(member_put(c, &m));
	OK(may(c, &admin, &viewer));
	end(c, s);
}

STORE_TEST(a_link_for_a_new_password_works_once_for_a_day_and_ends_all_sessions)
{
	struct session_new in = { .days = 14 };
	struct user viewer, u;
	struct stage t;
	struct str token, again, session;
	struct list rows;
	bool found;

	begin(&t, c, s);
	viewer = person(c, "viewer@acme.example", "");
	FAILS(reset_create(c, viewer.id, &u, &token), ERR_NOT_FOUND, "id");
	give(c, 1, viewer.id, ROLE_VIEWER);
	in.user_id = viewer.id;
	OK(session_create(c, &in, &session));
	OK(reset_create(c, viewer.id, &u, &token));
	OK(reset_create(c, viewer.id, &u, &again));
	OK(reset_find(c, token, &u, &found));
	NO(found);
	OK(reset_find(c, again, &u, &found));
	OK(found);
	EQ(u.id, viewer.id);
	OK(reset_use(c, again, STR("new hash"), &u));
	OK(session_list(c, viewer.id, &rows));
	EQ(rows.count, 0);
	OK(user_get(c, viewer.id, &u));
	EQ_STR(u.password, "new hash");
	FAILS(reset_use(c, again, STR("x"), &u), ERR_NOT_FOUND, "");
	act(c, &t.owner, ROLE_OWNER);
	OK(reset_create(c, viewer.id, &u, &token));
	c->now_ms += 24 * MS_PER_HOUR;
	OK(reset_find(c, token, &u, &found));
	NO(found);
	FAILS(reset_create(c, t.owner.id, &u, &token), ERR_STATE, "");
	end(c, s);
}

STORE_TEST(a_link_is_void_when_its_maker_could_not_make_it_any_more)
{
	struct user viewer, u;
	struct stage t;
	struct str token, own;
	bool found, more;

	begin(&t, c, s);
	viewer = person(c, "viewer@acme.example", "hash");
	give(c, 1, viewer.id, ROLE_VIEWER);
	OK(reset_create(c, viewer.id, &u, &token));
	give(c, 2, viewer.id, ROLE_VIEWER);
	OK(reset_find(c, token, &u, &found));
	NO(found);
	OK(member_remove(c, 2, viewer.id, 0));
	OK(reset_find(c, token, &u, &found));
	OK(found);
	OK(user_set_password(c, viewer.id, STR("hash of one's own")));
	OK(reset_find(c, token, &u, &found));
	NO(found);
	c->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	OK(reset_create(c, t.owner.id, &u, &own));
	OK(reset_find(c, own, &u, &found));
	OK(found);
	OK(user_set_disabled(c, t.owner.id, true));
	OK(reset_find(c, own, &u, &found));
	NO(found);
	c->now_ms += 25 * MS_PER_HOUR;
	OK(reset_prune(c, &more));
	NO(more);
	end(c, s);
}
