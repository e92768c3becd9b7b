/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"
#include "app.h"
#include "db/fixture.h"
#include "org/workspace.h"
#include "user/member.h"
#include "user/user.h"
#include "work/work.h"

static struct org acme(void)
{
	return (struct org){ .name = STR(" Acme "), .slug = STR("acme"), .currency = STR("eur"),
		             .timezone = STR("Europe/Berlin") };
}

static const struct sql SQL_VERSION = {
	.text = "SELECT COUNT(*) FROM org_version WHERE org_id = $1",
};

STORE_TEST(a_new_organisation_has_its_own_data)
{
	struct app app = { .store = s };
	struct org o = acme(), again = acme(), found;
	int64_t count;
	bool is_there;

	c->app = &app;
	OK(fixture_write(c, s, 0));
	OK(org_create(c, &o));
	EQ_STR(o.name, "Acme");
	EQ_STR(o.currency, "EUR");
	NO(o.sandbox);
	FAILS(org_create(c, &again), ERR_CONFLICT, "slug");
	OK(org_find(c, STR("acme"), &found, &is_there));
	OK(is_there);
	EQ(found.id, o.id);
	OK(org_find(c, id_str(c->arena, ID_ORG, o.id), &found, &is_there));
	OK(is_there);
	OK(org_find(c, STR("org_0000000000001"), &found, &is_there));
	NO(is_there);
	FAILS(org_named(c, "org", STR("nobody"), &found), ERR_NOT_FOUND, "org");
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, o.id));
	OK(db_int(c, &SQL_VERSION, NO_ARGS, &count));
	EQ(count, 1);
	fixture_rollback(c, s);
	c->app = NULL;
}

STORE_TEST(a_sandbox_is_one_for_good)
{
	struct app app = { .store = s };
	struct org o = acme(), found;
	bool is;

	c->app = &app;
	o.sandbox = true;
	OK(fixture_write(c, s, 0));
	OK(org_create(c, &o));
	o.sandbox = false;
	o.name = STR("Real");
	OK(org_update(c, &o));
	OK(org_get(c, o.id, &found));
	EQ_STR(found.name, "Real");
	OK(found.sandbox);
	c->org_id = o.id;
	OK(org_is_sandbox(c, &is));
	OK(is);
	c->org_id = 3;
	FAILS(org_is_sandbox(c, &is), ERR_NOT_FOUND, "id");
	c->org_id = 0;
	fixture_rollback(c, s);
	c->app = NULL;
}

STORE_TEST(what_an_organisation_is_made_of_is_checked)
{
	struct app app = { .store = s };
	struct org o;

	c->app = &app;
	OK(fixture_write(c, s, 0));
	o = acme();
	o.currency = STR("XYZ");
	FAILS(org_create(c, &o), ERR_INVALID, "currency");
	o = acme();
	o.timezone = STR("Mars/Olympus");
	FAILS(org_create(c, &o), ERR_INVALID, "timezone");
	o = acme();
	o.name = STR("");
	FAILS(org_create(c, &o), ERR_INVALID, "name");
	o = acme();
	o.slug = STR("Acme");
	FAILS(org_create(c, &o), ERR_INVALID, "slug");
	fixture_rollback(c, s);
	c->app = NULL;
}

TEST(slugs_are_plain_and_not_the_program_s_own)
{
	static const char *const good[] = { "ab", "acme", "a-b-c", "2026", "x1" };
	static const char *const bad[] = { "", "a", "-a", "a-", "a b", "a_b", "A", "api", "static",
		                           "0123456789012345678901234567890123456789x", "é1" };

	for (size_t i = 0; i < LEN(good); i++)
		OK(org_check_slug(str_from(good[i])) == NULL);
	for (size_t i = 0; i < LEN(bad); i++)
		OK(org_check_slug(str_from(bad[i])) != NULL);
}

STORE_TEST(a_workspace_gives_its_people_a_role_in_each_of_its_organisations)
{
	struct app app = { .store = s };
	struct user u = { .email = STR("a@example.com"), .name = STR("A") };
	struct workspace w = { .name = STR("Agency") };
	struct org inside = acme(), outside = acme();
	struct standing_in now;
	struct list rows;

	c->app = &app;
	outside.slug = STR("other");
	OK(fixture_write(c, s, 0));
	OK(user_create(c, &u) && workspace_create(c, &w));
	OK(org_create(c, &inside) && org_create(c, &outside));
	OK(workspace_adopt(c, w.id, inside.id));
	OK(workspace_put_member(c, w.id, u.id, ROLE_MANAGER));
	OK(member_standing(c, inside.id, u.id, &now));
	EQ(now.role, ROLE_MANAGER);
	OK(member_standing(c, outside.id, u.id, &now));
	EQ(now.role, ROLE_NONE);
	OK(org_list_user(c, u.id, &rows));
	EQ(rows.count, 1);
	OK(member_put(c, &(struct member){ .org_id = inside.id, .user_id = u.id, .role = ROLE_ADMIN }));
	OK(member_standing(c, inside.id, u.id, &now));
	EQ(now.role, ROLE_ADMIN);
	OK(workspace_put_member(c, w.id, u.id, ROLE_NONE));
	OK(workspace_adopt(c, 0, inside.id));
	OK(workspace_orgs(c, w.id, &rows));
	EQ(rows.count, 0);
	OK(fixture_commit(c, s));
	c->app = NULL;
}
