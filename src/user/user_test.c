/* SPDX-License-Identifier: Apache-2.0 */
#include "user/user.h"
#include "db/fixture.h"
#include "org/org.h"
#include "user/key.h"
#include "user/member.h"
#include "user/password.h"
#include "user/session.h"
#include "base/clock.h"

static struct user ann(void)
{
	return (struct user){ .email = STR(" Ann@Example.COM "), .name = STR(" Ann ") };
}

TEST(a_password_has_8_to_256_characters_and_is_not_a_usual_one)
{
	static const char *const bad[] = { "", "short", "1234567", "password", "PassWord1",
		                           "ann.arbor@example.com", "bad\001control",
		                           "Ann.Arbor", "ann arbor senior", "AnnArborSenior" };
	struct str email = STR("ann.arbor@example.com"), name = STR("Ann  Arbor Senior");
	char many[PASSWORD_MAX + 2];

	memset(many, 'x', sizeof(many));
	for (size_t i = 0; i < LEN(bad); i++)
		FAILS(password_check(c, str_from(bad[i]), email, name), ERR_INVALID, "password");
	FAILS(password_check(c, (struct str){ many, PASSWORD_MAX + 1 }, email, name), ERR_INVALID,
	      "password");
	OK(password_check(c, (struct str){ many, PASSWORD_MAX }, STR(""), STR("")));
	OK(password_check(c, STR("correct horse battery staple"), email, name));
	OK(password_check(c, STR("Ann Arbor Senior, Berlin"), email, name));
	OK(password_check(c, STR("größer als üblich"), email, name));
}

TEST(a_password_matches_its_hash_and_nothing_else)
{
	struct str hash;

	OK(password_hash(c, STR("correct horse"), &hash));
	OK(str_starts(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
	OK(password_matches(hash, STR("correct horse")));
	NO(password_matches(hash, STR("correct horsE")));
	NO(password_matches(STR(""), STR("correct horse")));
	NO(password_matches(STR("nonsense"), STR("correct horse")));
}

STORE_TEST(an_e_mail_address_belongs_to_one_user_whatever_its_case)
{
	struct user u = ann(), again = ann(), found;
	bool is_there;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &u));
	EQ_STR(u.email, "ann@example.com");
	EQ_STR(u.name, "Ann");
	again.email = STR("ANN@example.com");
	FAILS(user_create(c, &again), ERR_CONFLICT, "email");
	OK(user_find_email(c, STR("aNN@EXAMPLE.com"), &found, &is_there));
	OK(is_there);
	EQ(found.id, u.id);
	OK(user_find_email(c, STR("bob@example.com"), &found, &is_there));
	NO(is_there);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_user_needs_an_address_and_a_name)
{
	struct user no_mail = { .email = STR("nobody"), .name = STR("N") };
	struct user no_name = { .email = STR("n@example.com"), .name = STR("  ") };

	OK(fixture_write(c, s, 0));
	FAILS(user_create(c, &no_mail), ERR_INVALID, "email");
	FAILS(user_create(c, &no_name), ERR_INVALID, "name");
	fixture_rollback(c, s);
}

static int64_t session_count(struct ctx *c, int64_t user_id)
{
	struct list rows;

	OK(session_list(c, user_id, &rows));
	return (int64_t)rows.count;
}

STORE_TEST(sessions_end_one_by_one_all_together_or_by_age)
{
	struct user u = ann();
	struct session_new in = { .days = 14, .user_agent = STR("Browser") };
	struct str first, second;
	struct list rows;
	bool more;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &u));
	in.user_id = u.id;
	OK(session_create(c, &in, &first));
	OK(session_create(c, &in, &second));
	NO(str_eq(first, second));
	EQ(first.n, 43);
	OK(session_list(c, u.id, &rows));
	EQ(rows.count, 2);
	EQ_STR(((const struct session *)rows.items)->user_agent, "Browser");
	NO(str_eq(((const struct session *)rows.items)->token_hash, second));
	OK(session_end(c, u.id, ((const struct session *)rows.items)->id));
	EQ(session_count(c, u.id), 1);
	FAILS(session_end(c, u.id, 12345), ERR_NOT_FOUND, "id");
	OK(user_set_password(c, u.id, STR("hash")));
	EQ(session_count(c, u.id), 0);
	OK(session_create(c, &in, &first));
	c->now_ms += 14 * MS_PER_DAY;
	EQ(session_count(c, u.id), 0);
	OK(session_prune(c, &more));
	NO(more);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_new_password_ends_all_sessions_but_that_of_who_sets_it)
{
	struct user u = ann();
	struct session_new in = { .days = 14 };
	struct str token;
	struct list rows;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &u));
	in.user_id = u.id;
	for (int i = 0; i < 3; i++)
		OK(session_create(c, &in, &token));
	OK(session_list(c, u.id, &rows));
	c->actor = (struct actor){ .kind = ACTOR_USER, .user_id = u.id,
		                   .session_id = ((const struct session *)rows.items)[1].id };
	OK(user_set_password(c, u.id, STR("hash")));
	OK(session_list(c, u.id, &rows));
	EQ(rows.count, 1);
	EQ(((const struct session *)rows.items)->id, c->actor.session_id);
	c->actor.user_id++;
	OK(user_set_password(c, u.id, STR("hash")));
	EQ(session_count(c, u.id), 0);
	fixture_rollback(c, s);
}

STORE_TEST(a_person_may_change_the_name_but_not_to_nothing)
{
	struct user u = ann(), now;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &u));
	FAILS(user_rename(c, u.id, STR("  ")), ERR_INVALID, "name");
	OK(user_rename(c, u.id, STR(" Anna ")));
	OK(user_get(c, u.id, &now));
	EQ_STR(now.name, "Anna");
	fixture_rollback(c, s);
}

static struct member member(int64_t user_id, enum role role)
{
	return (struct member){ .org_id = 1, .user_id = user_id, .role = role };
}

STORE_TEST(an_organisation_keeps_its_last_owner)
{
	struct user a = ann(), b = { .email = STR("bob@example.com"), .name = STR("Bob") };
	struct member m;
	struct standing_in now;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &a) && user_create(c, &b));
	m = member(a.id, ROLE_OWNER);
	OK(member_put(c, &m));
	m.role = ROLE_ADMIN;
	FAILS(member_put(c, &m), ERR_STATE, "role");
	FAILS(member_remove(c, 1, a.id, 0), ERR_STATE, "role");
	m = member(b.id, ROLE_OWNER);
	OK(member_put(c, &m));
	m = member(a.id, ROLE_VIEWER);
	m.without_money = true;
	OK(member_put(c, &m));
	OK(member_standing(c, 1, a.id, &now));
	EQ(now.role, ROLE_VIEWER);
	EQ(now.without_money, true);
	OK(member_standing(c, 2, a.id, &now));
	EQ(now.role, ROLE_NONE);
	OK(member_remove(c, 1, a.id, 0));
	FAILS(member_remove(c, 1, a.id, 0), ERR_NOT_FOUND, "id");
	OK(fixture_commit(c, s));
}

STORE_TEST(roles_and_permissions_that_contradict_are_refused)
{
	struct user a = ann();
	struct member m;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &a));
	m = member(a.id, ROLE_PARTNER);
	FAILS(member_put(c, &m), ERR_INVALID, "partner");
	m = member(a.id, ROLE_VIEWER);
	m.partner_id = 5;
	FAILS(member_put(c, &m), ERR_INVALID, "role");
	m = member(a.id, ROLE_OWNER);
	m.without_money = true;
	FAILS(member_put(c, &m), ERR_INVALID, "without");
	FAILS(member_read_without(c, STR("money,secrets"), &m), ERR_INVALID, "without");
	fixture_rollback(c, s);
}

STORE_TEST(a_user_can_act_for_partners_and_be_staff_as_well)
{
	struct user a = ann();
	struct standing_in now;
	struct member m;

	OK(fixture_write(c, s, 0));
	OK(user_create(c, &a));
	m = member(a.id, ROLE_PARTNER);
	m.partner_id = 77;
	OK(member_put(c, &m));
	OK(member_standing(c, 1, a.id, &now));
	EQ(now.role, ROLE_NONE);
	EQ(now.partner_id, 77);
	m = member(a.id, ROLE_VIEWER);
	OK(member_put(c, &m));
	OK(member_standing(c, 1, a.id, &now));
	EQ(now.role, ROLE_VIEWER);
	EQ(now.partner_id, 77);
	fixture_rollback(c, s);
}

/* Begin, as organisation 1, which is there. */
static void begin_org(struct ctx *c, struct store *s, bool sandbox)
{
	struct org o = { .id = 1, .slug = STR("one"), .name = STR("One"), .currency = STR("EUR"),
		         .timezone = STR("UTC"), .sandbox = sandbox };

	OK(fixture_write(c, s, 0));
	OK(db_insert(c, &org_model, &o));
	c->org_id = 1;
}

STORE_TEST(a_key_is_found_by_its_hash_until_it_is_revoked)
{
	struct key k = { .name = STR("ci"), .scopes = STR("all") };
	struct key_known known;
	struct str secret;
	bool found;

	begin_org(c, s, false);
	OK(key_create(c, &k, &secret));
	OK(str_starts(secret, "sk_live_"));
	EQ(secret.n, 60);
	EQ_STR(k.hint, str_slice(secret, 56, 4));
	OK(key_find_hash(c, key_hash(c->arena, secret), &known, &found));
	OK(found);
	EQ(known.org_id, 1);
	EQ(known.id, k.id);
	EQ(known.revoked_at, 0);
	OK(key_revoke(c, k.id));
	OK(key_revoke(c, k.id));
	OK(key_find_hash(c, key_hash(c->arena, secret), &known, &found));
	EQ(known.revoked_at, c->now_ms);
	c->org_id = 2;
	FAILS(key_revoke(c, k.id), ERR_NOT_FOUND, "id");
	c->org_id = 0;
	fixture_rollback(c, s);
}

STORE_TEST(a_key_of_a_sandbox_says_so_and_is_none_with_another_beginning)
{
	struct key k = { .name = STR("ci"), .scopes = STR("all") };
	struct key_known known;
	struct str secret, rest, other;
	bool found;

	begin_org(c, s, true);
	OK(key_create(c, &k, &secret));
	OK(str_starts(secret, "sk_test_"));
	EQ(secret.n, 60);
	OK(key_find_hash(c, key_hash(c->arena, secret), &known, &found));
	OK(found);
	EQ(known.id, k.id);
	rest = str_slice(secret, 8, secret.n);
	other = arena_printf(c->arena, "sk_live_%.*s", STR_ARG(rest));
	EQ(key_hash(c->arena, other).n, 64);
	OK(key_find_hash(c, key_hash(c->arena, other), &known, &found));
	NO(found);
	c->org_id = 0;
	fixture_rollback(c, s);
}

TEST(what_begins_otherwise_cannot_be_a_key)
{
	static const char *const good[] = { "sk_live_", "sk_test_" };
	static const char *const bad[] = { "pk_live_", "sk_prod_", "SK_LIVE_", "sk_tesk_", "xsk_live" };
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk";

	for (size_t i = 0; i < LEN(good); i++) {
		EQ(key_hash(c->arena, arena_printf(c->arena, "%s%s", good[i], letters)).n, 64);
		EQ(key_hash(c->arena, arena_printf(c->arena, "%s%s", good[i], letters + 1)).n, 0);
		EQ(key_hash(c->arena, arena_printf(c->arena, "%s%s0", good[i], letters)).n, 0);
	}
	for (size_t i = 0; i < LEN(bad); i++)
		EQ(key_hash(c->arena, arena_printf(c->arena, "%s%s", bad[i], letters)).n, 0);
	EQ(key_hash(c->arena, STR("")).n, 0);
}

STORE_TEST(a_key_makes_no_key_that_may_do_more)
{
	struct key own = { .name = STR("own"), .scopes = STR("admin,partners:write") };
	struct key more = { .name = STR("more"), .scopes = STR("all") };
	struct key less = { .name = STR("less"), .scopes = STR("partners:read") };
	struct str secret;

	begin_org(c, s, false);
	OK(key_create(c, &own, &secret));
	c->actor = (struct actor){ .kind = ACTOR_KEY, .key_id = own.id, .sees_money = true };
	FAILS(key_create(c, &more, &secret), ERR_DENIED, "scopes");
	OK(key_create(c, &less, &secret));
	EQ_STR(less.scopes, "partners:read,-personal_data");
	c->org_id = 0;
	fixture_rollback(c, s);
}

STORE_TEST(a_key_may_be_bound_to_addresses)
{
	struct key k = { .name = STR("ci"), .scopes = STR("all"),
	                 .allowed_ips = STR("2001:DB8::/32\n203.0.113.7") };
	struct key_known known;
	struct list rows;
	struct str secret;
	bool found;

	begin_org(c, s, false);
	OK(key_create(c, &k, &secret));
	OK(key_list(c, &rows));
	EQ_STR(((const struct key *)rows.items)->allowed_ips, "2001:db8::/32,203.0.113.7");
	OK(key_find_hash(c, key_hash(c->arena, secret), &known, &found));
	OK(found);
	OK(key_allows(&known, STR("203.0.113.7")));
	OK(key_allows(&known, STR("::ffff:203.0.113.7")));
	OK(key_allows(&known, STR("2001:db8::1")));
	NO(key_allows(&known, STR("203.0.113.8")));
	NO(key_allows(&known, STR("2001:db9::1")));
	NO(key_allows(&known, STR("")));
	NO(key_allows(&known, STR("unknown")));
	k = (struct key){ .name = STR("ci"), .scopes = STR("all"), .allowed_ips = STR("shop") };
	FAILS(key_create(c, &k, &secret), ERR_INVALID, "allowed_ips");
	k.allowed_ips = STR(" ");
	OK(key_create(c, &k, &secret));
	OK(key_find_hash(c, key_hash(c->arena, secret), &known, &found));
	OK(key_allows(&known, STR("203.0.113.8")));
	OK(key_allows(&known, STR("")));
	c->org_id = 0;
	fixture_rollback(c, s);
}

STORE_TEST(a_key_makes_no_key_for_places_where_it_may_not_be_used)
{
	struct key own = { .name = STR("own"), .scopes = STR("all"),
		           .allowed_ips = STR("203.0.113.0/24") };
	struct key k = { .name = STR("k"), .scopes = STR("all") };
	struct str secret;

	begin_org(c, s, false);
	OK(key_create(c, &own, &secret));
	c->actor = (struct actor){ .kind = ACTOR_KEY, .key_id = own.id, .sees_money = true,
		                   .sees_personal_data = true };
	k.allowed_ips = STR("203.0.113.7,198.51.100.7");
	FAILS(key_create(c, &k, &secret), ERR_DENIED, "allowed_ips");
	k.allowed_ips = STR("0.0.0.0/0");
	FAILS(key_create(c, &k, &secret), ERR_DENIED, "allowed_ips");
	k.allowed_ips = STR("203.0.113.7");
	OK(key_create(c, &k, &secret));
	EQ_STR(k.allowed_ips, "203.0.113.7");
	k.allowed_ips = STR("");
	OK(key_create(c, &k, &secret));
	EQ_STR(k.allowed_ips, "203.0.113.0/24");
	c->org_id = 0;
	fixture_rollback(c, s);
}

TEST(of_an_address_that_was_refused_only_the_network_is_kept)
{
	EQ_STR(key_stray_from(c->arena, STR("203.0.113.7")), "203.0.113.0/24");
	EQ_STR(key_stray_from(c->arena, STR("::ffff:203.0.113.7")), "203.0.113.0/24");
	EQ_STR(key_stray_from(c->arena, STR("2001:db8:1:2::7")), "2001:db8:1::/48");
	EQ_STR(key_stray_from(c->arena, STR("unknown")), "");
}

TEST(scopes_that_are_none_are_refused)
{
	static const char *const bad[] = { "", "everything", "partners", "partners:", ":read",
		                           "partners:delete", "all,,read", "-money", "Partners:read" };
	struct key k = { .name = STR("k") };
	struct str secret;

	for (size_t i = 0; i < LEN(bad); i++) {
		k.scopes = str_from(bad[i]);
		FAILS(key_create(c, &k, &secret), ERR_INVALID, "scopes");
	}
}

TEST(writing_includes_reading_and_nothing_includes_access_itself)
{
	OK(scope_allows(STR("all"), "admin"));
	OK(scope_allows(STR("read"), "links:read"));
	NO(scope_allows(STR("read"), "links:write"));
	OK(scope_allows(STR("links:write"), "links:read"));
	NO(scope_allows(STR("links:read"), "links:write"));
	NO(scope_allows(STR("read,write"), "admin"));
	OK(scope_allows(STR("links:read"), NULL));
	OK(scope_allows(STR("partners:read,links:read"), "links:read"));
	NO(scope_allows(STR("links"), "links:read"));
}
