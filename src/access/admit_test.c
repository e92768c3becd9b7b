/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"
#include "net/route.h"
#include "unit.h"

/* Who is allowed what: each row a route and somebody, and the error or ERR_NONE. */

static bool nothing(struct ctx *c, const struct req *q, struct res *r)
{
	(void)c;
	(void)q;
	(void)r;
	return true;
}

struct somebody {
	const char *name;
	enum ask_by by;
	enum role role;        /* of a session's user in the organisation */
	int64_t partner_id;
	bool without_money, without_personal_data;
	const char *scopes;    /* of a key */
	bool revoked, disabled, expired, no_org, suspended;
};

static const struct somebody nobody = { "nobody", .by = ASK_NOBODY };
static const struct somebody stranger = { "stranger", .by = ASK_SESSION };
static const struct somebody partner = { "partner", .by = ASK_SESSION, .partner_id = 9 };
static const struct somebody viewer = { "viewer", .by = ASK_SESSION, .role = ROLE_VIEWER };
static const struct somebody manager = { "manager", .by = ASK_SESSION, .role = ROLE_MANAGER };
static const struct somebody junior = { "junior", .by = ASK_SESSION, .role = ROLE_MANAGER,
	                                .without_money = true, .without_personal_data = true };
static const struct somebody admin = { "admin", .by = ASK_SESSION, .role = ROLE_ADMIN };
static const struct somebody owner = { "owner", .by = ASK_SESSION, .role = ROLE_OWNER };
static const struct somebody disabled = { "disabled", .by = ASK_SESSION, .role = ROLE_OWNER,
	                                  .disabled = true };
static const struct somebody expired = { "expired", .by = ASK_SESSION, .role = ROLE_OWNER,
	                                 .expired = true };
static const struct somebody elsewhere = { "elsewhere", .by = ASK_SESSION, .no_org = true };
static const struct somebody late = { "late", .by = ASK_SESSION, .role = ROLE_OWNER,
	                              .suspended = true };
static const struct somebody key_all = { "key all", .by = ASK_KEY, .scopes = "all" };
static const struct somebody key_admin = { "key admin", .by = ASK_KEY, .scopes = "admin" };
static const struct somebody key_read = { "key read", .by = ASK_KEY, .scopes = "read" };
static const struct somebody key_write = { "key write", .by = ASK_KEY, .scopes = "write" };
static const struct somebody key_one = { "key one", .by = ASK_KEY, .scopes = "partners:write" };
static const struct somebody key_poor = { "key poor", .by = ASK_KEY,
	                                  .scopes = "all,-money,-personal_data" };
static const struct somebody key_gone = { "key gone", .by = ASK_KEY, .scopes = "all",
	                                  .revoked = true };

static const struct route page_any = { METHOD_GET, "/x", ANYBODY, READ, 0, NULL, nothing };
static const struct route page_view = { METHOD_GET, "/o/:org/x", VIEWER, READ, 0, NULL, nothing };
static const struct route page_manage = { METHOD_POST, "/o/:org/x", MANAGER, WRITE, 0, NULL,
                                          nothing };
static const struct route page_admin = { METHOD_GET, "/o/:org/x", ADMIN, READ, 0, NULL, nothing };
static const struct route page_owner = { METHOD_GET, "/o/:org/x", OWNER, READ, 0, NULL, nothing };
static const struct route page_money = { METHOD_GET, "/o/:org/x", VIEWER, READ, ROUTE_MONEY, NULL,
	                                 nothing };
static const struct route page_people = { METHOD_GET, "/o/:org/x", VIEWER, READ, ROUTE_PERSONAL,
	                                  NULL, nothing };
static const struct route portal = { METHOD_GET, "/p/:org/x", PARTNER, READ, 0, NULL, nothing };
static const struct route api_read = { METHOD_GET, "/api/x", VIEWER, READ, ROUTE_API,
	                               "partners:read", nothing };
static const struct route api_write = { METHOD_POST, "/api/x", MANAGER, WRITE, ROUTE_API,
	                                "partners:write", nothing };
static const struct route api_other = { METHOD_GET, "/api/x", VIEWER, READ, ROUTE_API,
	                                "payouts:read", nothing };
static const struct route api_admin = { METHOD_GET, "/api/x", ADMIN, READ, ROUTE_API, "admin",
	                                nothing };
static const struct route api_money = { METHOD_GET, "/api/x", VIEWER, READ, ROUTE_API | ROUTE_MONEY,
	                                NULL, nothing };

static const struct {
	const struct route *route;
	const struct somebody *who;
	enum err_code want;
} rows[] = {
	{ &page_any, &nobody, ERR_NONE },
	{ &page_any, &expired, ERR_NONE },
	{ &page_view, &nobody, ERR_SIGN_IN },
	{ &page_view, &expired, ERR_SIGN_IN },
	{ &page_view, &disabled, ERR_SIGN_IN },
	{ &page_view, &stranger, ERR_NOT_FOUND },
	{ &page_view, &elsewhere, ERR_NOT_FOUND },
	{ &page_view, &partner, ERR_NOT_FOUND },
	{ &page_view, &viewer, ERR_NONE },
	{ &page_view, &owner, ERR_NONE },
	{ &page_view, &late, ERR_NONE },
	{ &page_manage, &viewer, ERR_DENIED },
	{ &page_manage, &manager, ERR_NONE },
	{ &page_manage, &junior, ERR_NONE },
	{ &page_manage, &late, ERR_DENIED },
	{ &page_admin, &manager, ERR_DENIED },
	{ &page_admin, &admin, ERR_NONE },
	{ &page_admin, &owner, ERR_NONE },
	{ &page_owner, &admin, ERR_DENIED },
	{ &page_owner, &owner, ERR_NONE },
	{ &page_money, &viewer, ERR_NONE },
	{ &page_money, &junior, ERR_DENIED },
	{ &page_people, &junior, ERR_DENIED },
	{ &portal, &partner, ERR_NONE },
	{ &portal, &owner, ERR_NOT_FOUND },
	{ &portal, &stranger, ERR_NOT_FOUND },
	{ &portal, &nobody, ERR_SIGN_IN },
	{ &api_read, &nobody, ERR_SIGN_IN },
	{ &api_read, &key_gone, ERR_SIGN_IN },
	{ &api_read, &key_all, ERR_NONE },
	{ &api_read, &key_read, ERR_NONE },
	{ &api_read, &key_write, ERR_NONE },
	{ &api_read, &key_one, ERR_NONE },
	{ &api_read, &key_admin, ERR_DENIED },
	{ &api_write, &key_read, ERR_DENIED },
	{ &api_write, &key_write, ERR_NONE },
	{ &api_write, &key_one, ERR_NONE },
	{ &api_other, &key_one, ERR_DENIED },
	{ &api_admin, &key_write, ERR_DENIED },
	{ &api_admin, &key_admin, ERR_NONE },
	{ &api_admin, &key_all, ERR_NONE },
	{ &api_money, &key_poor, ERR_DENIED },
	{ &api_money, &key_one, ERR_NONE },
};

static struct facts facts_of(const struct ctx *c, const struct somebody *who)
{
	struct facts f = {
		.key_found = who->by == ASK_KEY,
		.session_found = who->by == ASK_SESSION,
		.org_found = !who->no_org,
		.key = { .org_id = 1, .id = 5, .scopes = str_from(who->scopes),
		         .revoked_at = who->revoked ? c->now_ms : 0 },
		.session = { .id = 3, .user_id = 4, .disabled = who->disabled,
		             .expires_at = c->now_ms + (who->expired ? -1 : 1) },
		.org = { .id = 1, .status = who->suspended ? ORG_SUSPENDED : ORG_ACTIVE },
		.standing = { .role = who->role, .without_money = who->without_money,
		              .without_personal_data = who->without_personal_data,
		              .partner_id = who->partner_id },
	};

	return f;
}

TEST(a_route_s_columns_decide_who_may)
{
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct route *route = rows[i].route;
		struct facts f = facts_of(c, rows[i].who);
		struct ask ask = { .by = rows[i].who->by };

		if (strstr(route->path, ":org"))
			ask.org = STR("acme");
		fail_clear(c);
		if (access_admit(c, route, &ask, &f) != (rows[i].want == ERR_NONE)
		    || c->err.code != rows[i].want)
			FAIL("row %zu: %s at %s gets %s", i, rows[i].who->name, route->path,
			     err_info(c->err.code)->wire);
	}
}

TEST(a_key_of_another_organisation_finds_nothing)
{
	struct facts f = facts_of(c, &key_all);
	struct ask ask = { .by = ASK_KEY, .org = STR("other") };

	f.org.id = 2;
	FAILS(access_admit(c, &api_read, &ask, &f), ERR_NOT_FOUND, "");
	EQ(c->org_id, 0);
}

TEST(who_is_admitted_acts_with_what_they_may_see)
{
	struct facts f = facts_of(c, &junior);
	struct ask ask = { .by = ASK_SESSION, .org = STR("acme") };

	OK(access_admit(c, &page_view, &ask, &f));
	EQ(c->actor.kind, ACTOR_USER);
	EQ(c->actor.role, ROLE_MANAGER);
	EQ(c->actor.sees_money, false);
	EQ(c->actor.sees_personal_data, false);
	EQ(c->org_id, 1);
	f = facts_of(c, &partner);
	OK(access_admit(c, &portal, &ask, &f));
	EQ(c->actor.kind, ACTOR_PARTNER);
	EQ(c->actor.partner_id, 9);
	EQ(c->actor.sees_personal_data, false);
}
