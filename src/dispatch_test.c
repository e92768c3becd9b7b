/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_desk.h"
#include "base/clock.h"
#include "user/invitation_api.h"
#include "user/key.h"
#include "user/member_api.h"
#include "user/password.h"
#include "user/session.h"
#include "user/sign_in_web.h"
#include "user/user.h"

#include <unistd.h>

/* ---- Handlers to be dispatched to. */

static const struct sql SQL_BUMP = {
	.text = "INSERT INTO org_version (org_id, version) VALUES ($1, 1)"
	        " ON CONFLICT (org_id) DO UPDATE SET version = org_version.version + 1",
};
static const struct sql SQL_VERSION = {
	.text = "SELECT version FROM org_version WHERE org_id = $1",
};

static bool show(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t version;

	(void)q;
	if (!db_int(c, &SQL_VERSION, NO_ARGS, &version))
		return false;
	res_json(r, 200, arena_printf(c->arena, "%lld", (long long)version));
	return true;
}

static bool bump(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t version;

	if (!db_exec(c, &SQL_BUMP, NO_ARGS) || !db_int(c, &SQL_VERSION, NO_ARGS, &version))
		return false;
	if (str_is(q->body, "{\"fail\":true}") || form_has(&q->form, "fail"))
		return fail(c, ERR_INVALID, "amount", "The amount is wrong");
	res_json(r, 201, arena_printf(c->arena, "%lld", (long long)version));
	return true;
}

static bool form_again(struct ctx *c, const struct req *q, struct res *r)
{
	CHECK(q->problem && c->db);
	res_text(r, 200, STR("text/html"),
	         arena_printf(c->arena, "%s: %s", q->problem->field, q->problem->msg));
	return true;
}

static bool who_am_i(struct ctx *c, const struct req *q, struct res *r)
{
	(void)q;
	res_text(r, 200, STR("text/plain"),
	         arena_printf(c->arena, "%.*s %s %s", STR_ARG(c->actor.name),
	                      role_names[c->actor.role],
	                      session_csrf(c).p));
	return true;
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/version", VIEWER, READ, ROUTE_API, "things:read", show },
	{ METHOD_POST, "/api/v1/version", MANAGER, WRITE, ROUTE_API, "things:write", bump },
	{ METHOD_POST, "/api/v1/money", MANAGER, WRITE, ROUTE_API | ROUTE_KEYED, "things:write",
	  bump },
	{ METHOD_POST, "/api/v1/members", ADMIN, CONTROL_WRITE, ROUTE_API, "admin",
	  member_api_put },
	{ METHOD_POST, "/api/v1/invitations", ADMIN, CONTROL_WRITE, ROUTE_API, "admin",
	  invitation_api_create },
	{ METHOD_GET, "/api/v1/invitations", ADMIN, CONTROL_READ, ROUTE_API, "admin",
	  invitation_api_list },
	{ METHOD_GET, "/api/v1/members", ADMIN, CONTROL_READ, ROUTE_API, "admin", member_api_list },
	{ METHOD_GET, "/o/:org/me", VIEWER, READ, 0, NULL, who_am_i },
	{ METHOD_POST, "/o/:org/version", MANAGER, WRITE, 0, NULL, bump, form_again },
	{ METHOD_POST, "/sign-in", ANYBODY, SLOW, ROUTE_SAFE_POST, NULL, sign_in_web_post },
	{ METHOD_POST, "/sign-out", SIGNED_IN, CONTROL_WRITE, 0, NULL, sign_in_web_out },
};

static void open_desk(struct desk *w, struct ctx *c, struct store *s)
{
	desk_open(w, c, s, rows, LEN(rows));
}

static bool stop_key(struct ctx *c, struct task *t)
{
	return key_revoke(c, ((struct desk_task *)t)->id);
}

static bool make_user(struct ctx *c, struct task *t)
{
	struct desk_task *d = (struct desk_task *)t;
	struct user u = { .email = STR("ann@example.com"), .name = STR("Ann"),
	                  .password = d->text };
	struct session_new in = { .days = 14 };

	if (!user_create(c, &u)
	    || !member_put(c, &(struct member){ .org_id = 1, .user_id = u.id, .role = ROLE_MANAGER }))
		return false;
	in.user_id = d->id = u.id;
	return session_create(c, &in, &d->text);
}

static bool drop_member(struct ctx *c, struct task *t)
{
	return member_remove(c, 1, ((struct desk_task *)t)->id, 0);
}

/* ---- What must hold. */

STORE_TEST(a_key_reaches_its_own_organisation_and_its_scopes)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task all = desk_key(&w, 1, "all", ""), reads = desk_key(&w, 2, "things:read", "");

	EQ(desk_ask(&w, SAY(METHOD_POST, "/api/v1/version", .key = all.text.p), &body), 201);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = all.text.p), &body), 200);
	EQ_STR(body, "1");
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = reads.text.p), &body), 200);
	EQ_STR(body, "0");
	EQ(desk_ask(&w, SAY(METHOD_POST, "/api/v1/version", .key = reads.text.p), &body), 403);
	OK(memmem(body.p, body.n, "\"code\":\"forbidden\"", 18) != NULL);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version"), &body), 401);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = "sk_live_nonsense"), NULL), 401);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, "/api/v1/version"), "WWW-Authenticate"), "Bearer");
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/nothing", .key = all.text.p), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_DELETE, "/api/v1/version", .key = all.text.p), NULL), 405);
	EQ_STR(desk_header(&w, SAY(METHOD_DELETE, "/api/v1/version"), "Allow"),
	       "GET, HEAD, POST, OPTIONS");
	desk_close(&w);
}

STORE_TEST(what_the_path_alone_says_needs_no_key)
{
	struct desk w;

	open_desk(&w, c, s);
	EQ(desk_ask(&w, SAY(METHOD_OPTIONS, "/api/v1/version"), NULL), 204);
	EQ_STR(desk_header(&w, SAY(METHOD_OPTIONS, "/api/v1/version"), "Allow"),
	       "GET, HEAD, POST, OPTIONS");
	EQ(desk_ask(&w, SAY(METHOD_OPTIONS, "/api/v1/nothing"), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version/"), NULL), 308);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, "/api/v1/version/", .query = "a=1"), "Location"),
	       "/api/v1/version?a=1");
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version//"), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/nothing/"), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/\\evil.example/"), NULL), 404);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, "/api/v1/version"), "Api-Version"), "2026-11-01");
	desk_close(&w);
}

STORE_TEST(a_revoked_key_stops_at_once)
{
	struct desk w;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	for (int i = 0; i < 3; i++)
		EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 200);
	OK(desk_control(&w, 1, &key, stop_key));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 401);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 401);
	desk_close(&w);
}

static const char unknown[] = "sk_live_0000000000000000000000000000000000000000000000000000";

/* How often the audit log has that a key of organisation 1 was refused. */
static int64_t refusals(struct desk *w)
{
	static const struct sql count = {
		.text = "SELECT COUNT(*) FROM control_audit WHERE org_id = $1 AND action ="
		        " 'key.refuse' AND actor_name = 'tests'"
		        " AND change LIKE '%\"198.51.100.0/24\"%'",
		.control = true,
	};
	struct ctx *c = w->c;
	int64_t n = 0;

	for (int tries = 0; n == 0 && tries < 1000; tries++) {
		OK(fixture_read(c, w->s, 0));
		c->org_id = 1;
		OK(db_int(c, &count, NO_ARGS, &n));
		c->org_id = 0;
		fixture_rollback(c, w->s);
		usleep(1000);
	}
	return n;
}

STORE_TEST(a_key_from_elsewhere_is_told_what_an_unknown_key_is_told)
{
	const char *p = "/api/v1/version", *there = "198.51.100.9";
	struct desk w;
	struct str body, other;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "203.0.113.0/24 2001:db8::/32");
	const char *k = key.text.p;

	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = there), &body), 401); /* not yet in memory */
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = unknown, .ip = there), &other), 401);
	EQ_STR(body, other.p);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "203.0.113.9"), NULL), 200);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "::ffff:203.0.113.9"), NULL), 200);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "2001:db8::9"), NULL), 200);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "127.0.0.1"), NULL), 401);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = k, .ip = there), &body), 401);
	EQ_STR(body, other.p);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, p, .key = k, .ip = there), "RateLimit"), "");
	EQ(refusals(&w), 1);
	desk_close(&w);
}

/* Five are allowed again each second, so there is no exact number. */
static void until_stopped(struct desk *w, const struct desk_say *say, struct str *out)
{
	struct ctx *c = w->c;
	int status = 0;

	for (int tries = 0; status != 429; tries++) {
		OK(tries < 5000);
		status = desk_ask(w, say, out);
		OK(status == 401 || status == 429);
	}
}

STORE_TEST(who_tries_keys_is_stopped_alike_with_those_that_are_good_elsewhere)
{
	const char *p = "/api/v1/version", *there = "198.51.100.9";
	struct desk w;
	struct str body, other;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "203.0.113.7");

	until_stopped(&w, SAY(METHOD_GET, p, .key = key.text.p, .ip = there), &body);
	until_stopped(&w, SAY(METHOD_GET, p, .key = unknown, .ip = there), &other);
	EQ_STR(body, other.p);
	EQ(desk_ask(&w, SAY(METHOD_GET, p, .key = key.text.p, .ip = "203.0.113.7"), NULL), 200);
	desk_close(&w);
}

STORE_TEST(an_error_is_undone_and_put_into_words)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	EQ(desk_ask(&w, SAY(METHOD_POST, "/api/v1/version", .body = "{\"fail\":true}", .key = key.text.p),
	       &body), 422);
	OK(memmem(body.p, body.n, "\"param\":\"/amount\"", 17) != NULL);
	OK(memmem(body.p, body.n, "\"request_id\":\"req_1\"", 20) != NULL);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), &body), 200);
	EQ_STR(body, "0");
	desk_close(&w);
}

#define KEYED(path, body, id, key) \
	SAY(METHOD_POST, path, NULL, body, "application/json", key, \
	    .header = { { "Idempotency-Key", id } })

STORE_TEST(a_request_with_an_idempotency_key_is_carried_out_once)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", ""), other = desk_key(&w, 1, "all", "");
	const char *a = key.text.p, *p = "/api/v1/version";

	EQ(desk_ask(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", a), &body), 201);
	EQ_STR(body, "1");
	EQ(desk_ask(&w, KEYED(p, "{\"b\": 2, \"a\": 1}", "\"k1\"", a), &body), 201);
	EQ_STR(body, "1");
	EQ_STR(desk_header(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", a), "Idempotent-Replayed"),
	       "true");
	EQ(desk_ask(&w, KEYED(p, "{\"a\":2}", "k1", a), NULL), 422);
	EQ(desk_ask(&w, KEYED("/api/v1/money", "{\"a\":2}", "k1", a), &body), 201);
	EQ_STR(body, "2");
	EQ(desk_ask(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", other.text.p), &body), 201);
	EQ_STR(body, "3");
	EQ(desk_ask(&w, KEYED(p, "{\"fail\":true}", "k2", a), NULL), 422);
	EQ(desk_ask(&w, KEYED(p, "{}", "k2", a), &body), 201);
	EQ_STR(body, "4");
	EQ(desk_ask(&w, KEYED(p, "{}", "two words", a), NULL), 400);
	EQ(desk_ask(&w, KEYED(p, "{}", "\"\"", a), NULL), 400);
	desk_close(&w);
}

STORE_TEST(what_moves_money_needs_an_idempotency_key)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	EQ(desk_ask(&w, SAY(METHOD_POST, "/api/v1/money", .key = key.text.p), &body), 400);
	OK(memmem(body.p, body.n, "idempotency_key_required", 24) != NULL);
	EQ(desk_ask(&w, KEYED("/api/v1/money", "{}", "k", key.text.p), NULL), 201);
	desk_close(&w);
}

STORE_TEST(requests_of_one_key_at_the_same_time_are_carried_out_once)
{
	struct desk_heard heard[40];
	struct desk w;
	struct str body;
	int first = 0;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	for (size_t i = 0; i < LEN(heard); i++)
		desk_send(&w, KEYED("/api/v1/version", "{}", "same", key.text.p), &heard[i]);
	for (size_t i = 0; i < LEN(heard); i++) {
		desk_hear(&heard[i]);
		if (heard[i].r.status == 201) {
			EQ_STR(buf_text(&heard[i].r.body), "1");
			/* rates and version, no Idempotent-Replayed */
			first += heard[i].r.header_count == 3;
		} else {
			EQ(heard[i].r.status, 409);
			OK(memmem(heard[i].r.body.p, heard[i].r.body.n, "request_in_flight", 17));
		}
		arena_release(&heard[i].arena);
	}
	EQ(first, 1);
	EQ(desk_ask(&w, KEYED("/api/v1/version", "{}", "same", key.text.p), &body), 201);
	EQ_STR(body, "1");
	desk_close(&w);
}

/* More is allowed as time goes by, and this machine may be busy: ask until refused. */
static struct str refusal_of(struct desk *w, const struct desk_say *say)
{
	struct str body = STR("");

	for (int i = 0; i < 2000 && desk_ask(w, say, &body) != 429; i++)
		;
	return body;
}

static struct str retry_of(struct desk *w, const struct desk_say *say)
{
	struct str value = STR("");

	for (int i = 0; i < 2000 && value.n == 0; i++)
		value = desk_header(w, say, "Retry-After");
	return value;
}

STORE_TEST(a_key_has_a_quota)
{
	struct desk w;
	int refused = 0;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", ""), other = desk_key(&w, 1, "all", "");
	const struct desk_say *say = SAY(METHOD_GET, "/api/v1/version", .key = key.text.p);

	EQ_STR(desk_header(&w, say, "RateLimit-Policy"), "\"default\";q=1000;w=60");
	OK(str_starts(desk_header(&w, say, "RateLimit"), "\"default\";r=99"));
	for (int i = 0; i < 1100; i++)
		refused += desk_ask(&w, say, NULL) == 429;
	OK(refused <= 110);
	OK(retry_of(&w, say).n > 0);
	body = refusal_of(&w, say);
	OK(memmem(body.p, body.n, "http-problem-types#quota-exceeded", 33) != NULL);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = other.text.p), NULL), 200);
	desk_close(&w);
}

STORE_TEST(a_flood_of_unknown_keys_from_one_address_is_refused_without_a_look)
{
	char key[80];
	struct desk w;
	int refused = 0;

	open_desk(&w, c, s);
	struct desk_task good = desk_key(&w, 1, "all", "");

	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = good.text.p), NULL), 200);
	for (int i = 0; i < 400; i++) {
		snprintf(key, sizeof(key), "sk_live_%052d", i);
		refused += desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key), NULL) == 429;
	}
	OK(refused >= 90 && refused <= 110);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = good.text.p), NULL), 200);
	desk_close(&w);
}

STORE_TEST(a_session_opens_pages_until_the_role_is_taken_away)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task ann = { 0 };

	OK(desk_control(&w, 0, &ann, make_user));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), &body), 200);
	OK(str_starts(body, "Ann manager "));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/two/me", .sid = ann.text.p), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/none/me", .sid = ann.text.p), NULL), 404);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me"), NULL), 303);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, "/o/one/me", .query = "a=1"), "Location"),
	       "/sign-in?next=%2Fo%2Fone%2Fme%3Fa%3D1");
	OK(desk_control(&w, 0, &ann, drop_member));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 404);
	desk_close(&w);
}

#define FORM "application/x-www-form-urlencoded"
#define POST_FORM(text, sid, ...) \
	SAY(METHOD_POST, "/o/one/version", NULL, text, FORM, NULL, sid, __VA_ARGS__)

STORE_TEST(a_form_must_come_from_a_page_of_this_server)
{
	struct desk w;
	struct str body, form;

	open_desk(&w, c, s);
	struct desk_task ann = { 0 };

	OK(desk_control(&w, 0, &ann, make_user));
	const char *sid = ann.text.p;

	desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), &body);
	form = arena_printf(c->arena, "csrf=%.*s", STR_ARG(str_slice(body, 12, 64)));
	EQ(desk_ask(&w, POST_FORM("x=1", sid, { { NULL } }), NULL), 403);
	EQ(desk_ask(&w, POST_FORM("csrf=00", sid, { { NULL } }), NULL), 403);
	EQ(desk_ask(&w, POST_FORM(form.p, sid, { { NULL } }), NULL), 201);
	EQ(desk_ask(&w, POST_FORM(form.p, sid, { { "Origin", "https://partners.example" } }), NULL),
	   201);
	EQ(desk_ask(&w, POST_FORM(form.p, sid, { { "Origin", "https://evil.example" } }), NULL), 403);
	EQ(desk_ask(&w, POST_FORM(form.p, sid, { { "Sec-Fetch-Site", "cross-site" } }), NULL), 403);
	form = arena_printf(c->arena, "%s&fail=1", form.p);
	EQ(desk_ask(&w, POST_FORM(form.p, sid, { { NULL } }), &body), 422);
	EQ_STR(body, "amount: The amount is wrong");
	EQ(desk_ask(&w, SAY(METHOD_POST, "/o/one/version", NULL, "{}", "application/json", NULL, sid),
	       NULL),
	   415);
	desk_close(&w);
}

STORE_TEST(signing_in_makes_a_session_and_signing_out_ends_it)
{
	struct desk w;
	struct str hash, cookie, body;

	open_desk(&w, c, s);
	OK(password_hash(c, STR("correct horse"), &hash));
	struct desk_task ann = { .text = hash };

	OK(desk_control(&w, 0, &ann, make_user));
	cookie = desk_header(&w, SAY(METHOD_POST, "/sign-in", NULL,
	                           "email=Ann%40example.com&password=correct+horse&next=//evil", FORM),
	                   "Set-Cookie");
	OK(str_starts(cookie, "sid="));
	OK(memmem(cookie.p, cookie.n, "HttpOnly; SameSite=Lax", 22) != NULL);
	const char *sid = arena_cstr(c->arena, str_slice(cookie, 4, 43));

	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), &body), 200);
	body = arena_printf(c->arena, "csrf=%.*s", STR_ARG(str_slice(body, 12, 64)));
	EQ(desk_ask(&w, SAY(METHOD_POST, "/sign-out", NULL, body.p, FORM, NULL, sid), NULL), 303);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), NULL), 303);
	desk_close(&w);
}

STORE_TEST(signing_in_again_ends_the_session_that_came_along)
{
	struct desk w;
	struct str hash, cookie;

	open_desk(&w, c, s);
	OK(password_hash(c, STR("correct horse"), &hash));
	struct desk_task ann = { .text = hash };

	OK(desk_control(&w, 0, &ann, make_user));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 200);
	cookie = desk_header(&w, SAY(METHOD_POST, "/sign-in", NULL,
	                           "email=ann%40example.com&password=correct+horse", FORM, NULL,
	                           ann.text.p), "Set-Cookie");
	OK(str_starts(cookie, "sid="));
	EQ(desk_ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 303);
	desk_close(&w);
}

STORE_TEST(guessing_a_password_ends_after_some_tries)
{
	struct desk w;
	int refused = 0;

	open_desk(&w, c, s);
	const struct desk_say *guess = SAY(METHOD_POST, "/sign-in", NULL,
	                              "email=ann%40example.com&password=guess", FORM);
	const struct desk_say *elsewhere = SAY(METHOD_POST, "/sign-in", NULL,
	                                  "email=ann%40example.com&password=guess", FORM,
	                                  .ip = "198.51.100.7");

	for (int i = 0; i < 14; i++)
		refused += desk_ask(&w, guess, NULL) == 429;
	EQ(refused, 4);
	EQ(desk_ask(&w, elsewhere, NULL), 422);
	desk_close(&w);
}

STORE_TEST(a_flood_of_sign_ins_does_not_stop_the_server)
{
	static struct desk_heard heard[200];
	int64_t began, slowest = 0;
	struct desk w;
	int busy = 0;
	char ip[200][16];

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	for (size_t i = 0; i < LEN(heard); i++) {
		snprintf(ip[i], sizeof(ip[i]), "192.0.2.%zu", i);
		desk_send(&w, SAY(METHOD_POST, "/sign-in", NULL, "email=a%40b.example&password=guess12345",
		             FORM, .ip = ip[i]), &heard[i]);
	}
	for (int i = 0; i < 20; i++) {
		began = clock_mono_ns();
		EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 200);
		began = clock_mono_ns() - began;
		slowest = began > slowest ? began : slowest;
	}
	for (size_t i = 0; i < LEN(heard); i++) {
		desk_hear(&heard[i]);
		busy += heard[i].r.status == 503;
		arena_release(&heard[i].arena);
	}
	OK(busy >= 150);
	OK(slowest < 500 * 1000000LL);
	EQ(dispatch_stats(w.d).slow_waiting, 0);
	desk_close(&w);
}

STORE_TEST(an_admin_cannot_make_an_owner)
{
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task all = desk_key(&w, 1, "all", ""), admin = desk_key(&w, 1, "admin", "");
	const char *owner = "{\"email\":\"o@example.com\",\"role\":\"owner\"}";
	const char *viewer = "{\"email\":\"v@example.com\",\"role\":\"viewer\",\"without\":[\"money\"]}";

#define ADD(text, who) SAY(METHOD_POST, "/api/v1/invitations", NULL, text, "application/json", who)
	EQ(desk_ask(&w, ADD(owner, admin.text.p), NULL), 403);
	EQ(desk_ask(&w, ADD(owner, all.text.p), &body), 201);
	EQ(desk_ask(&w, ADD(viewer, admin.text.p), &body), 201);
	OK(memmem(body.p, body.n, "\"without_money\":true", 20) != NULL);
	EQ(desk_ask(&w, SAY(METHOD_GET, "/api/v1/invitations", .key = admin.text.p), &body), 200);
	OK(memmem(body.p, body.n, "o@example.com", 13) != NULL);
	EQ(desk_ask(&w, ADD("{\"email\":\"v\",\"role\":\"viewer\"}", all.text.p), NULL), 422);
	EQ(desk_ask(&w, ADD("{\"email\":\"v@example.com\",\"role\":\"king\"}", all.text.p), NULL), 422);
	EQ(desk_ask(&w, ADD("{", all.text.p), NULL), 400);
	EQ(desk_ask(&w, SAY(METHOD_POST, "/api/v1/members", NULL, viewer, "application/json",
	               all.text.p), NULL), 422);
	desk_close(&w);
}

TEST(after_signing_in_one_stays_on_this_server)
{
	static const char *const bad[] = { "", "//evil.example", "/\\evil", "https://evil.example",
		                           "evil", "/a\nb", "/a b" };

	for (size_t i = 0; i < LEN(bad); i++)
		EQ_STR(sign_in_web_next(str_from(bad[i])), "/");
	EQ_STR(sign_in_web_next(STR("/o/acme?x=1")), "/o/acme?x=1");
}
