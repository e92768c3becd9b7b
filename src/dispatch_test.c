/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch.h"
#include "access/access.h"
#include "base/clock.h"
#include "data/template.h"
#include "db/fixture.h"
#include "settings.h"
#include "user/invitation_api.h"
#include "user/key.h"
#include "user/member_api.h"
#include "user/password.h"
#include "user/session.h"
#include "user/sign_in_web.h"
#include "user/user.h"
#include "work/work.h"

#include <stdatomic.h>
#include <unistd.h>

/* A server without sockets: requests go to the dispatcher, answers come back here. */

struct world {
	struct store *s;
	struct app app;
	struct settings settings;
	struct dispatch *d;
	struct ctx *c;
};

struct say {
	enum method method;
	const char *path, *query, *body, *type, *key, *sid, *header[2][2];
	const char *ip;
};

struct heard {
	struct arena arena;
	struct req q;
	struct res r;
	struct req_header headers[12];
	_Atomic int answered;
};

static void answered(struct req *q, struct res *r)
{
	struct heard *h = q->connection;

	CHECK(r == &h->r);
	CHECK(atomic_fetch_add(&h->answered, 1) == 0);
}

static void add_header(struct heard *h, const char *name, struct str value)
{
	h->headers[h->q.header_count++] = (struct req_header){ str_from(name), value };
}

static void send(struct world *w, const struct say *say, struct heard *h)
{
	struct ctx *c = w->c;

	memset(h, 0, sizeof(*h));
	arena_init(&h->arena);
	h->q = (struct req){ .arena = &h->arena, .method = say->method, .path = str_from(say->path),
		             .query_text = str_from(say->query), .body = str_from(say->body),
		             .request_id = STR("req_1"), .host = STR("partners.example"),
		             .remote_ip = str_from(say->ip ? say->ip : "192.0.2.1"),
		             .headers = h->headers, .connection = h };
	if (say->key)
		add_header(h, "Authorization", arena_printf(&h->arena, "Bearer %s", say->key));
	if (say->sid)
		add_header(h, "Cookie", arena_printf(&h->arena, "sid=%s", say->sid));
	if (say->type)
		add_header(h, "Content-Type", str_from(say->type));
	for (size_t i = 0; i < 2 && say->header[i][0]; i++)
		add_header(h, say->header[i][0], str_from(say->header[i][1]));
	OK(form_read(c, h->q.query_text, &h->q.query));
	res_init(&h->r, &h->arena);
	if (dispatch_request(w->d, &h->q, &h->r))
		answered(&h->q, &h->r);
}

static void hear(struct heard *h)
{
	for (int tries = 0; !atomic_load(&h->answered); tries++) {
		if (tries > 100000)
			FAIL("%s was never answered", h->q.path.p);
		usleep(100);
	}
}

/* Send, wait, and give the status; the body in *out when wanted. */
static int ask(struct world *w, const struct say *say, struct str *out)
{
	struct heard h;
	int status;

	send(w, say, &h);
	hear(&h);
	status = h.r.status;
	if (out)
		*out = arena_str(w->c->arena, buf_text(&h.r.body));
	arena_release(&h.arena);
	return status;
}

static struct str header_of(struct world *w, const struct say *say, const char *name)
{
	struct str value = STR("");
	struct heard h;

	send(w, say, &h);
	hear(&h);
	for (size_t i = 0; i < h.r.header_count; i++)
		if (str_is(h.r.headers[i].name, name))
			value = arena_str(w->c->arena, h.r.headers[i].value);
	arena_release(&h.arena);
	return value;
}

#define SAY(...) (&(const struct say){ __VA_ARGS__ })

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

/* ---- The world: organisations 1 and 2 of the fixture, with rows of their own. */

static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
	        " tracking_host, payer, sandbox, created_at)"
	        " VALUES ($1, 0, $2, $2, 'EUR', 'UTC', 0, '', 0, 0, 0)"
	        " ON CONFLICT DO NOTHING",
	.control = true, .global = true,
};

static void open_world(struct world *w, struct ctx *c, struct store *s)
{
	struct work_config work = { .store = s, .workers = 4 };
	struct access_config access = { 0 };
	struct dispatch_config config = { .app = &w->app, .routes = rows, .route_count = LEN(rows),
		                          .rate_limit = 1000, .answer = answered };
	static const unsigned char secret[32] = "a secret of thirty-two bytes...";

	*w = (struct world){ .s = s, .c = c };
	w->settings.body_bytes = 1 << 20;
	w->app.settings = &w->settings;
	w->app.secret = secret;
	w->app.session_days = 14;
	w->app.store = s;
	w->app.work = work_new(&work);
	w->app.access = access_new(&access);
	w->app.templates = template_set_new(c->arena, TEMPLATE_STRICT);
	OK(template_set_embedded(c, w->app.templates));
	w->d = dispatch_new(c->arena, &config);
	OK(fixture_write(c, s, 0));
	OK(db_exec(c, &SQL_ORG, ARGS(val_int(1), val_str(STR("one")))));
	OK(db_exec(c, &SQL_ORG, ARGS(val_int(2), val_str(STR("two")))));
	OK(fixture_commit(c, s));
	c->org_id = 0;
}

static void close_world(struct world *w)
{
	work_stop(w->app.work);
	dispatch_release(w->d);
	access_free(w->app.access);
}

struct doing {
	struct task task;
	int64_t id;
	struct str text, ips;
};

static bool in_control(struct world *w, int64_t org_id, struct doing *d,
                       bool (*run)(struct ctx *c, struct task *t))
{
	struct ctx c = { .arena = w->c->arena, .app = &w->app, .now_ms = clock_now_ms(),
		         .actor = { .kind = ACTOR_SYSTEM } };

	d->task = (struct task){ .kind = WORK_CONTROL_WRITE, .org_id = org_id, .run = run };
	return work_run(w->app.work, &c, &d->task);
}

static bool make_key(struct ctx *c, struct task *t)
{
	struct doing *d = (struct doing *)t;
	struct key k = { .name = STR("tests"), .scopes = d->text, .allowed_ips = d->ips };

	if (!key_create(c, &k, &d->text))
		return false;
	d->id = k.id;
	return true;
}

static bool stop_key(struct ctx *c, struct task *t)
{
	return key_revoke(c, ((struct doing *)t)->id);
}

static struct doing new_key(struct world *w, int64_t org_id, const char *scopes)
{
	struct doing d = { .text = str_from(scopes) };
	struct ctx *c = w->c;

	OK(in_control(w, org_id, &d, make_key));
	return d;
}

static struct doing bound_key(struct world *w, const char *ips)
{
	struct doing d = { .text = STR("all"), .ips = str_from(ips) };
	struct ctx *c = w->c;

	OK(in_control(w, 1, &d, make_key));
	return d;
}

static bool make_user(struct ctx *c, struct task *t)
{
	struct doing *d = (struct doing *)t;
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
	return member_remove(c, 1, ((struct doing *)t)->id, 0);
}

/* ---- What must hold. */

STORE_TEST(a_key_reaches_its_own_organisation_and_its_scopes)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing all = new_key(&w, 1, "all"), reads = new_key(&w, 2, "things:read");

	EQ(ask(&w, SAY(METHOD_POST, "/api/v1/version", .key = all.text.p), &body), 201);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = all.text.p), &body), 200);
	EQ_STR(body, "1");
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = reads.text.p), &body), 200);
	EQ_STR(body, "0");
	EQ(ask(&w, SAY(METHOD_POST, "/api/v1/version", .key = reads.text.p), &body), 403);
	OK(memmem(body.p, body.n, "\"code\":\"forbidden\"", 18) != NULL);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version"), &body), 401);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = "sk_live_nonsense"), NULL), 401);
	EQ_STR(header_of(&w, SAY(METHOD_GET, "/api/v1/version"), "WWW-Authenticate"), "Bearer");
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/nothing", .key = all.text.p), NULL), 404);
	EQ(ask(&w, SAY(METHOD_DELETE, "/api/v1/version", .key = all.text.p), NULL), 405);
	EQ_STR(header_of(&w, SAY(METHOD_DELETE, "/api/v1/version"), "Allow"),
	       "GET, HEAD, POST, OPTIONS");
	close_world(&w);
}

STORE_TEST(what_the_path_alone_says_needs_no_key)
{
	struct world w;

	open_world(&w, c, s);
	EQ(ask(&w, SAY(METHOD_OPTIONS, "/api/v1/version"), NULL), 204);
	EQ_STR(header_of(&w, SAY(METHOD_OPTIONS, "/api/v1/version"), "Allow"),
	       "GET, HEAD, POST, OPTIONS");
	EQ(ask(&w, SAY(METHOD_OPTIONS, "/api/v1/nothing"), NULL), 404);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version/"), NULL), 308);
	EQ_STR(header_of(&w, SAY(METHOD_GET, "/api/v1/version/", .query = "a=1"), "Location"),
	       "/api/v1/version?a=1");
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version//"), NULL), 404);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/nothing/"), NULL), 404);
	EQ(ask(&w, SAY(METHOD_GET, "/\\evil.example/"), NULL), 404);
	EQ_STR(header_of(&w, SAY(METHOD_GET, "/api/v1/version"), "Api-Version"), "2026-11-01");
	close_world(&w);
}

STORE_TEST(a_revoked_key_stops_at_once)
{
	struct world w;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all");

	for (int i = 0; i < 3; i++)
		EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 200);
	OK(in_control(&w, 1, &key, stop_key));
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 401);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 401);
	close_world(&w);
}

static const char unknown[] = "sk_live_0000000000000000000000000000000000000000000000000000";

/* How often the audit log has that a key of organisation 1 was refused. */
static int64_t refusals(struct world *w)
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
	struct world w;
	struct str body, other;

	open_world(&w, c, s);
	struct doing key = bound_key(&w, "203.0.113.0/24 2001:db8::/32");
	const char *k = key.text.p;

	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = there), &body), 401); /* not yet in memory */
	EQ(ask(&w, SAY(METHOD_GET, p, .key = unknown, .ip = there), &other), 401);
	EQ_STR(body, other.p);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "203.0.113.9"), NULL), 200);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "::ffff:203.0.113.9"), NULL), 200);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "2001:db8::9"), NULL), 200);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = "127.0.0.1"), NULL), 401);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = k, .ip = there), &body), 401);
	EQ_STR(body, other.p);
	EQ_STR(header_of(&w, SAY(METHOD_GET, p, .key = k, .ip = there), "RateLimit"), "");
	EQ(refusals(&w), 1);
	close_world(&w);
}

/* Five are allowed again each second, so there is no exact number. */
static void until_stopped(struct world *w, const struct say *say, struct str *out)
{
	struct ctx *c = w->c;
	int status = 0;

	for (int tries = 0; status != 429; tries++) {
		OK(tries < 5000);
		status = ask(w, say, out);
		OK(status == 401 || status == 429);
	}
}

STORE_TEST(who_tries_keys_is_stopped_alike_with_those_that_are_good_elsewhere)
{
	const char *p = "/api/v1/version", *there = "198.51.100.9";
	struct world w;
	struct str body, other;

	open_world(&w, c, s);
	struct doing key = bound_key(&w, "203.0.113.7");

	until_stopped(&w, SAY(METHOD_GET, p, .key = key.text.p, .ip = there), &body);
	until_stopped(&w, SAY(METHOD_GET, p, .key = unknown, .ip = there), &other);
	EQ_STR(body, other.p);
	EQ(ask(&w, SAY(METHOD_GET, p, .key = key.text.p, .ip = "203.0.113.7"), NULL), 200);
	close_world(&w);
}

STORE_TEST(an_error_is_undone_and_put_into_words)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all");

	EQ(ask(&w, SAY(METHOD_POST, "/api/v1/version", .body = "{\"fail\":true}", .key = key.text.p),
	       &body), 422);
	OK(memmem(body.p, body.n, "\"param\":\"/amount\"", 17) != NULL);
	OK(memmem(body.p, body.n, "\"request_id\":\"req_1\"", 20) != NULL);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), &body), 200);
	EQ_STR(body, "0");
	close_world(&w);
}

#define KEYED(path, body, id, key) \
	SAY(METHOD_POST, path, NULL, body, "application/json", key, \
	    .header = { { "Idempotency-Key", id } })

STORE_TEST(a_request_with_an_idempotency_key_is_carried_out_once)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all"), other = new_key(&w, 1, "all");
	const char *a = key.text.p, *p = "/api/v1/version";

	EQ(ask(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", a), &body), 201);
	EQ_STR(body, "1");
	EQ(ask(&w, KEYED(p, "{\"b\": 2, \"a\": 1}", "\"k1\"", a), &body), 201);
	EQ_STR(body, "1");
	EQ_STR(header_of(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", a), "Idempotent-Replayed"),
	       "true");
	EQ(ask(&w, KEYED(p, "{\"a\":2}", "k1", a), NULL), 422);
	EQ(ask(&w, KEYED("/api/v1/money", "{\"a\":2}", "k1", a), &body), 201);
	EQ_STR(body, "2");
	EQ(ask(&w, KEYED(p, "{\"a\":1,\"b\":2}", "k1", other.text.p), &body), 201);
	EQ_STR(body, "3");
	EQ(ask(&w, KEYED(p, "{\"fail\":true}", "k2", a), NULL), 422);
	EQ(ask(&w, KEYED(p, "{}", "k2", a), &body), 201);
	EQ_STR(body, "4");
	EQ(ask(&w, KEYED(p, "{}", "two words", a), NULL), 400);
	EQ(ask(&w, KEYED(p, "{}", "\"\"", a), NULL), 400);
	close_world(&w);
}

STORE_TEST(what_moves_money_needs_an_idempotency_key)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all");

	EQ(ask(&w, SAY(METHOD_POST, "/api/v1/money", .key = key.text.p), &body), 400);
	OK(memmem(body.p, body.n, "idempotency_key_required", 24) != NULL);
	EQ(ask(&w, KEYED("/api/v1/money", "{}", "k", key.text.p), NULL), 201);
	close_world(&w);
}

STORE_TEST(requests_of_one_key_at_the_same_time_are_carried_out_once)
{
	struct heard heard[40];
	struct world w;
	struct str body;
	int first = 0;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all");

	for (size_t i = 0; i < LEN(heard); i++)
		send(&w, KEYED("/api/v1/version", "{}", "same", key.text.p), &heard[i]);
	for (size_t i = 0; i < LEN(heard); i++) {
		hear(&heard[i]);
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
	EQ(ask(&w, KEYED("/api/v1/version", "{}", "same", key.text.p), &body), 201);
	EQ_STR(body, "1");
	close_world(&w);
}

/* More is allowed as time goes by, and this machine may be busy: ask until refused. */
static struct str refusal_of(struct world *w, const struct say *say)
{
	struct str body = STR("");

	for (int i = 0; i < 2000 && ask(w, say, &body) != 429; i++)
		;
	return body;
}

static struct str retry_of(struct world *w, const struct say *say)
{
	struct str value = STR("");

	for (int i = 0; i < 2000 && value.n == 0; i++)
		value = header_of(w, say, "Retry-After");
	return value;
}

STORE_TEST(a_key_has_a_quota)
{
	struct world w;
	int refused = 0;
	struct str body;

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all"), other = new_key(&w, 1, "all");
	const struct say *say = SAY(METHOD_GET, "/api/v1/version", .key = key.text.p);

	EQ_STR(header_of(&w, say, "RateLimit-Policy"), "\"default\";q=1000;w=60");
	OK(str_starts(header_of(&w, say, "RateLimit"), "\"default\";r=99"));
	for (int i = 0; i < 1100; i++)
		refused += ask(&w, say, NULL) == 429;
	OK(refused <= 110);
	OK(retry_of(&w, say).n > 0);
	body = refusal_of(&w, say);
	OK(memmem(body.p, body.n, "http-problem-types#quota-exceeded", 33) != NULL);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = other.text.p), NULL), 200);
	close_world(&w);
}

STORE_TEST(a_flood_of_unknown_keys_from_one_address_is_refused_without_a_look)
{
	char key[80];
	struct world w;
	int refused = 0;

	open_world(&w, c, s);
	struct doing good = new_key(&w, 1, "all");

	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = good.text.p), NULL), 200);
	for (int i = 0; i < 400; i++) {
		snprintf(key, sizeof(key), "sk_live_%052d", i);
		refused += ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key), NULL) == 429;
	}
	OK(refused >= 90 && refused <= 110);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = good.text.p), NULL), 200);
	close_world(&w);
}

STORE_TEST(a_session_opens_pages_until_the_role_is_taken_away)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing ann = { 0 };

	OK(in_control(&w, 0, &ann, make_user));
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), &body), 200);
	OK(str_starts(body, "Ann manager "));
	EQ(ask(&w, SAY(METHOD_GET, "/o/two/me", .sid = ann.text.p), NULL), 404);
	EQ(ask(&w, SAY(METHOD_GET, "/o/none/me", .sid = ann.text.p), NULL), 404);
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me"), NULL), 303);
	EQ_STR(header_of(&w, SAY(METHOD_GET, "/o/one/me", .query = "a=1"), "Location"),
	       "/sign-in?next=%2Fo%2Fone%2Fme%3Fa%3D1");
	OK(in_control(&w, 0, &ann, drop_member));
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 404);
	close_world(&w);
}

#define FORM "application/x-www-form-urlencoded"
#define POST_FORM(text, sid, ...) \
	SAY(METHOD_POST, "/o/one/version", NULL, text, FORM, NULL, sid, __VA_ARGS__)

STORE_TEST(a_form_must_come_from_a_page_of_this_server)
{
	struct world w;
	struct str body, form;

	open_world(&w, c, s);
	struct doing ann = { 0 };

	OK(in_control(&w, 0, &ann, make_user));
	const char *sid = ann.text.p;

	ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), &body);
	form = arena_printf(c->arena, "csrf=%.*s", STR_ARG(str_slice(body, 12, 64)));
	EQ(ask(&w, POST_FORM("x=1", sid, { { NULL } }), NULL), 403);
	EQ(ask(&w, POST_FORM("csrf=00", sid, { { NULL } }), NULL), 403);
	EQ(ask(&w, POST_FORM(form.p, sid, { { NULL } }), NULL), 201);
	EQ(ask(&w, POST_FORM(form.p, sid, { { "Origin", "https://partners.example" } }), NULL),
	   201);
	EQ(ask(&w, POST_FORM(form.p, sid, { { "Origin", "https://evil.example" } }), NULL), 403);
	EQ(ask(&w, POST_FORM(form.p, sid, { { "Sec-Fetch-Site", "cross-site" } }), NULL), 403);
	form = arena_printf(c->arena, "%s&fail=1", form.p);
	EQ(ask(&w, POST_FORM(form.p, sid, { { NULL } }), &body), 422);
	EQ_STR(body, "amount: The amount is wrong");
	EQ(ask(&w, SAY(METHOD_POST, "/o/one/version", NULL, "{}", "application/json", NULL, sid),
	       NULL),
	   415);
	close_world(&w);
}

STORE_TEST(signing_in_makes_a_session_and_signing_out_ends_it)
{
	struct world w;
	struct str hash, cookie, body;

	open_world(&w, c, s);
	OK(password_hash(c, STR("correct horse"), &hash));
	struct doing ann = { .text = hash };

	OK(in_control(&w, 0, &ann, make_user));
	cookie = header_of(&w, SAY(METHOD_POST, "/sign-in", NULL,
	                           "email=Ann%40example.com&password=correct+horse&next=//evil", FORM),
	                   "Set-Cookie");
	OK(str_starts(cookie, "sid="));
	OK(memmem(cookie.p, cookie.n, "HttpOnly; SameSite=Lax", 22) != NULL);
	const char *sid = arena_cstr(c->arena, str_slice(cookie, 4, 43));

	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), &body), 200);
	body = arena_printf(c->arena, "csrf=%.*s", STR_ARG(str_slice(body, 12, 64)));
	EQ(ask(&w, SAY(METHOD_POST, "/sign-out", NULL, body.p, FORM, NULL, sid), NULL), 303);
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = sid), NULL), 303);
	close_world(&w);
}

STORE_TEST(signing_in_again_ends_the_session_that_came_along)
{
	struct world w;
	struct str hash, cookie;

	open_world(&w, c, s);
	OK(password_hash(c, STR("correct horse"), &hash));
	struct doing ann = { .text = hash };

	OK(in_control(&w, 0, &ann, make_user));
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 200);
	cookie = header_of(&w, SAY(METHOD_POST, "/sign-in", NULL,
	                           "email=ann%40example.com&password=correct+horse", FORM, NULL,
	                           ann.text.p), "Set-Cookie");
	OK(str_starts(cookie, "sid="));
	EQ(ask(&w, SAY(METHOD_GET, "/o/one/me", .sid = ann.text.p), NULL), 303);
	close_world(&w);
}

STORE_TEST(guessing_a_password_ends_after_some_tries)
{
	struct world w;
	int refused = 0;

	open_world(&w, c, s);
	const struct say *guess = SAY(METHOD_POST, "/sign-in", NULL,
	                              "email=ann%40example.com&password=guess", FORM);
	const struct say *elsewhere = SAY(METHOD_POST, "/sign-in", NULL,
	                                  "email=ann%40example.com&password=guess", FORM,
	                                  .ip = "198.51.100.7");

	for (int i = 0; i < 14; i++)
		refused += ask(&w, guess, NULL) == 429;
	EQ(refused, 4);
	EQ(ask(&w, elsewhere, NULL), 422);
	close_world(&w);
}

STORE_TEST(a_flood_of_sign_ins_does_not_stop_the_server)
{
	static struct heard heard[200];
	int64_t began, slowest = 0;
	struct world w;
	int busy = 0;
	char ip[200][16];

	open_world(&w, c, s);
	struct doing key = new_key(&w, 1, "all");

	for (size_t i = 0; i < LEN(heard); i++) {
		snprintf(ip[i], sizeof(ip[i]), "192.0.2.%zu", i);
		send(&w, SAY(METHOD_POST, "/sign-in", NULL, "email=a%40b.example&password=guess12345",
		             FORM, .ip = ip[i]), &heard[i]);
	}
	for (int i = 0; i < 20; i++) {
		began = clock_mono_ns();
		EQ(ask(&w, SAY(METHOD_GET, "/api/v1/version", .key = key.text.p), NULL), 200);
		began = clock_mono_ns() - began;
		slowest = began > slowest ? began : slowest;
	}
	for (size_t i = 0; i < LEN(heard); i++) {
		hear(&heard[i]);
		busy += heard[i].r.status == 503;
		arena_release(&heard[i].arena);
	}
	OK(busy >= 150);
	OK(slowest < 500 * 1000000LL);
	EQ(dispatch_stats(w.d).slow_waiting, 0);
	close_world(&w);
}

STORE_TEST(an_admin_cannot_make_an_owner)
{
	struct world w;
	struct str body;

	open_world(&w, c, s);
	struct doing all = new_key(&w, 1, "all"), admin = new_key(&w, 1, "admin");
	const char *owner = "{\"email\":\"o@example.com\",\"role\":\"owner\"}";
	const char *viewer = "{\"email\":\"v@example.com\",\"role\":\"viewer\",\"without\":[\"money\"]}";

#define ADD(text, who) SAY(METHOD_POST, "/api/v1/invitations", NULL, text, "application/json", who)
	EQ(ask(&w, ADD(owner, admin.text.p), NULL), 403);
	EQ(ask(&w, ADD(owner, all.text.p), &body), 201);
	EQ(ask(&w, ADD(viewer, admin.text.p), &body), 201);
	OK(memmem(body.p, body.n, "\"without_money\":true", 20) != NULL);
	EQ(ask(&w, SAY(METHOD_GET, "/api/v1/invitations", .key = admin.text.p), &body), 200);
	OK(memmem(body.p, body.n, "o@example.com", 13) != NULL);
	EQ(ask(&w, ADD("{\"email\":\"v\",\"role\":\"viewer\"}", all.text.p), NULL), 422);
	EQ(ask(&w, ADD("{\"email\":\"v@example.com\",\"role\":\"king\"}", all.text.p), NULL), 422);
	EQ(ask(&w, ADD("{", all.text.p), NULL), 400);
	EQ(ask(&w, SAY(METHOD_POST, "/api/v1/members", NULL, viewer, "application/json",
	               all.text.p), NULL), 422);
	close_world(&w);
}

TEST(after_signing_in_one_stays_on_this_server)
{
	static const char *const bad[] = { "", "//evil.example", "/\\evil", "https://evil.example",
		                           "evil", "/a\nb", "/a b" };

	for (size_t i = 0; i < LEN(bad); i++)
		EQ_STR(sign_in_web_next(str_from(bad[i])), "/");
	EQ_STR(sign_in_web_next(STR("/o/acme?x=1")), "/o/acme?x=1");
}
