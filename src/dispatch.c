/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_turn.h"
#include "access/idempotency.h"
#include "access/seen.h"
#include "base/check.h"
#include "base/clock.h"
#include "settings.h"
#include "user/session.h"
#include "user/session_web.h"

#define UPLOAD_MAX_BYTES ((int64_t)64 << 20)
#define FAILURES_A_MINUTE 300
#define EXPAND_COST 2 /* requests; see api/expand.h */

static const enum work_kind kinds[] = {
	[READ] = WORK_READ,
	[WRITE] = WORK_WRITE,
	[CONTROL_READ] = WORK_CONTROL_READ,
	[CONTROL_WRITE] = WORK_CONTROL_WRITE,
	[SLOW] = WORK_NONE,
};

/* The place of ":org" among the names in a path, or REQ_ARGS_MAX. */
static size_t org_place(const struct route *route)
{
	struct str rest = str_from(route->path);
	size_t place = 0;

	while (rest.p) {
		struct str part = str_cut(&rest, '/');

		if (str_is(part, ":org"))
			return place;
		place += str_starts(part, ":");
	}
	return REQ_ARGS_MAX;
}

static void check_route(const struct route *r)
{
	bool api = r->flags & ROUTE_API, has_org = org_place(r) < REQ_ARGS_MAX;

	CHECK(r->run != NULL);
	CHECK(r->mode != FAST || r->who == ANYBODY);
	CHECK((r->mode != READ && r->mode != WRITE) || has_org || (api && r->who != ANYBODY));
	CHECK(!(r->flags & ROUTE_KEYED) || (api && r->mode == WRITE));
	CHECK(!r->again || (!api && r->method == METHOD_POST));
	CHECK(!(r->flags & ROUTE_ONE) || (api && r->method == METHOD_GET
	                                  && (r->mode == READ || r->mode == CONTROL_READ)));
}

struct dispatch *dispatch_new(struct arena *a, const struct dispatch_config *config)
{
	struct dispatch *d = ARENA_NEW(a, struct dispatch);

	for (size_t i = 0; i < config->route_count; i++)
		check_route(&config->routes[i]);
	d->config = *config;
	d->router = router_new(a, config->routes, config->route_count);
	d->slow = slow_new(config->app->work);
	d->inflight = inflight_new();
	return d;
}

void dispatch_release(struct dispatch *d)
{
	slow_free(d->slow);
	inflight_free(d->inflight);
}

struct dispatch_stats dispatch_stats(struct dispatch *d)
{
	struct slow_stats s = slow_stats(d->slow);

	return (struct dispatch_stats){ s.waiting, s.refused, d->rate_refused };
}

int64_t dispatch_body_limit(void *arg, const struct req *q)
{
	struct dispatch *d = arg;
	struct req copy = *q;
	bool known;
	const struct route *route = router_match(d->router, &copy, &known);

	return route && (route->flags & ROUTE_UPLOAD) ? UPLOAD_MAX_BYTES
	                                              : d->config.app->settings->body_bytes;
}

static void answer(struct turn *t)
{
	turn_finish(t);
	if (t->d->config.answer)
		t->d->config.answer(t->q, t->r);
	else
		server_answer(t->q, t->r);
}

/* ---- The handler, on a worker. */

static void become(struct ctx *c, const struct turn *t)
{
	c->actor = t->c.actor;
	c->org_id = t->c.org_id;
	c->request_id = t->q->request_id;
}

static bool run_handler(struct ctx *c, struct turn *t)
{
	if (!turn_match(c, t))
		return false;
	if (!t->q->route->run(c, t->q, t->r)) {
		CHECK(c->err.code != ERR_NONE);
		return false;
	}
	CHECK(t->r->status != 0);
	return turn_expand(c, t) && turn_tag(c, t);
}

static bool run(struct ctx *c, struct task *task)
{
	struct turn *t = (struct turn *)task;
	bool found = false;

	become(c, t);
	res_init(t->r, t->q->arena);
	if (t->idempotency.n == 0)
		return run_handler(c, t);
	if (!idempotency_find(c, t->q, t->idempotency, t->r, &found))
		return false;
	return found || (run_handler(c, t) && idempotency_keep(c, t->q, t->idempotency, t->r));
}

static void ahead(struct ctx *c, struct task *task)
{
	struct turn *t = (struct turn *)task;

	become(c, t);
	t->q->route->ahead(c, t->q);
}

static bool run_again(struct ctx *c, struct task *task)
{
	struct turn *t = (struct turn *)task;

	become(c, t);
	res_init(t->r, t->q->arena);
	t->q->problem = &t->problem;
	if (!t->q->route->again(c, t->q, t->r))
		return false;
	t->r->status = err_info(t->problem.code)->status;
	return true;
}

static void done(struct task *task, bool ok, const struct err *e);

/* Whose work it is, and what comes after. */
static void address(struct turn *t)
{
	t->task.org_id = t->c.org_id;
	t->task.actor = t->c.actor;
	t->task.done = done;
}

/* A form that was refused for what is in it can be mended and sent again. */
static bool submit_again(struct turn *t)
{
	int status = err_info(t->c.err.code)->status;
	bool mendable = status == 409 || status == 412 || status == 422
	             || t->c.err.code == ERR_BUSY; /* and what was typed is not lost */

	if (!mendable || !t->q->route->again || t->problem.code != ERR_NONE)
		return false;
	t->problem = t->c.err;
	address(t);
	t->task.kind = t->c.org_id ? WORK_READ : WORK_CONTROL_READ;
	t->task.run = run_again;
	t->task.ahead = NULL;
	return work_submit(t->d->config.app->work, &t->task);
}

/* Nobody else carries out the request with this Idempotency-Key meanwhile. */
static bool take_off(struct turn *t)
{
	if (t->idempotency.n == 0)
		return true;
	t->flight = (struct inflight_entry){ .key_id = t->c.actor.key_id, .name = t->idempotency };
	if (inflight_enter(t->d->inflight, &t->flight))
		return true;
	t->flight.name = STR("");
	return fail(&t->c, ERR_IN_FLIGHT, NULL,
	            "The request with this Idempotency-Key has not ended yet");
}

static void land(struct turn *t)
{
	if (t->flight.name.n > 0)
		inflight_leave(t->d->inflight, &t->flight);
	t->flight.name = STR("");
}

static void done(struct task *task, bool ok, const struct err *e)
{
	struct turn *t = (struct turn *)task;

	/* The form that is shown again is drawn outside of the queue. */
	if (t->q->route->mode == SLOW && t->problem.code == ERR_NONE)
		slow_next(t->d->slow);
	land(t);
	if (!ok) {
		t->c.err = *e;
		if (submit_again(t))
			return;
		turn_refuse(t);
	}
	answer(t);
}

/* ---- The decisions, on the loop thread (or on the worker that asked the control data). */

static bool check_rate(struct turn *t)
{
	int64_t quota = t->d->config.rate_limit;
	struct rate_policy minute = { quota, 60 };
	int64_t cost = form_has(&t->q->query, "expand") ? EXPAND_COST : 1;
	struct str name = { (const char *)&t->c.actor.key_id, sizeof(t->c.actor.key_id) };

	if (quota == 0 || t->c.actor.kind != ACTOR_KEY)
		return true;
	t->rated = true;
	t->rate = rate_take_many(t->d->config.app->access->keys, name, minute, cost,
	                         clock_mono_ns());
	if (t->rate.allowed)
		return true;
	t->d->rate_refused++;
	fail(&t->c, ERR_RATE, NULL, "The key may send %lld requests a minute", (long long)quota);
	return fail_for(&t->c, t->rate.wait_s);
}

/* Whether it may be sent at all is decided before what is wrong in it. */
static bool check_form(struct turn *t)
{
	struct err wrong = { 0 };

	if (!req_read_form(&t->c, t->q)) {
		wrong = t->c.err;
		if (wrong.code != ERR_INVALID)
			return false;
		fail_clear(&t->c);
	}
	if (!turn_check_form(t))
		return false;
	t->c.err = wrong;
	return wrong.code == ERR_NONE;
}

static bool check_body(struct turn *t)
{
	struct req *q = t->q;

	if (q->method == METHOD_GET || q->method == METHOD_HEAD)
		return true;
	if (q->route->flags & ROUTE_API)
		return (q->route->mode != WRITE && q->route->mode != CONTROL_WRITE)
		    || q->method != METHOD_POST || t->c.actor.key_id == 0
		    || idempotency_key(&t->c, q, &t->idempotency);
	if (!(q->route->flags & ROUTE_RAW) && q->body.n > 0
	    && !str_is(req_media(q), "application/x-www-form-urlencoded"))
		return fail(&t->c, ERR_MEDIA, NULL, "Send the form as a browser does");
	return q->route->flags & ROUTE_RAW ? turn_check_form(t) : check_form(t);
}

static bool submit(struct turn *t)
{
	struct app *app = t->d->config.app;
	enum route_mode mode = t->q->route->mode;

	address(t);
	t->task.kind = kinds[mode];
	t->task.run = run;
	t->task.ahead = t->q->route->ahead ? ahead : NULL;
	if (mode == SLOW ? slow_submit(t->d->slow, &t->task) : work_submit(app->work, &t->task))
		return true;
	return fail(&t->c, ERR_BUSY, NULL, "The server is busy; try again in a moment");
}

static void count_failure(struct turn *t)
{
	if (t->c.err.code == ERR_SIGN_IN && t->ask.by == ASK_KEY && !t->facts.key_found
	    && access_tells_apart(t->q->remote_ip))
		rate_take(t->d->config.app->access->failures, t->q->remote_ip,
		          (struct rate_policy){ FAILURES_A_MINUTE, 60 }, clock_mono_ns());
}

static bool read_early(struct turn *t)
{
	return !t->q->route->read || t->q->route->read(&t->c, t->q);
}

/* Whoever tries keys is stopped; one that is good elsewhere counts as one that is none. */
static bool check_failures(struct turn *t)
{
	struct rate_state r = rate_look(t->d->config.app->access->failures, t->q->remote_ip,
	                                (struct rate_policy){ FAILURES_A_MINUTE, 60 },
	                                clock_mono_ns());

	return t->ask.by != ASK_KEY || r.allowed
	    || fail(&t->c, ERR_RATE, NULL, "Too many unknown keys came from this address");
}

/* What a known key sends counts, also what it may not do. */
static bool admit(struct turn *t)
{
	bool admitted = access_admit(&t->c, t->q->route, &t->ask, &t->facts);

	if (!admitted && t->facts.key_stray) {
		seen_stray(t->d->config.app, &t->facts.key, t->q);
		return check_failures(t) && admitted;
	}
	return check_rate(t) && admitted;
}

/* True when the request is on its way to its handler; false when it has been refused. */
static bool proceed(struct turn *t)
{
	if (admit(t) && turn_read_expand(t) && turn_read_match(t) && check_body(t) && read_early(t)
	    && take_off(t)) {
		seen_note(&t->c);
		if (submit(t))
			return true;
		land(t);
	} else if (t->c.err.code == ERR_INVALID && submit_again(t)) {
		return true;
	}
	count_failure(t);
	turn_refuse(t);
	return false;
}

static bool load_run(struct ctx *c, struct task *task)
{
	struct turn *t = (struct turn *)task;

	return access_load(c, &t->ask, &t->facts);
}

static void load_done(struct task *task, bool ok, const struct err *e)
{
	struct turn *t = (struct turn *)task;

	if (ok && proceed(t))
		return;
	if (!ok) {
		t->c.err = *e;
		turn_refuse(t);
	}
	answer(t);
}

static bool load(struct turn *t)
{
	if (!check_failures(t))
		return false;
	t->task.kind = WORK_CONTROL_READ;
	t->task.run = load_run;
	t->task.done = load_done;
	if (work_submit(t->d->config.app->work, &t->task))
		return true;
	return fail(&t->c, ERR_BUSY, NULL, "The server is busy; try again in a moment");
}

static void ask_key(struct turn *t)
{
	struct str text = req_header(t->q, "authorization");
	struct str scheme = str_cut(&text, ' ');

	if (!str_eq_nocase(scheme, STR("bearer")))
		return;
	t->ask.by = ASK_KEY;
	t->ask.ip = t->q->remote_ip;
	t->ask.hash = key_hash(t->q->arena, str_trim(text));
}

static void ask_session(struct turn *t)
{
	struct str token = session_web_token(t->q);

	if (token.n == 0)
		return;
	t->ask.by = ASK_SESSION;
	t->ask.hash = session_hash(t->q->arena, token);
}

/* "/portal/acme@prt_…" says which partner, for people who act for several of one organisation. */
static void ask_partner(struct turn *t)
{
	struct str rest = t->ask.org, slug = str_cut(&rest, '@');

	if (t->q->route->who != PARTNER || slug.n == t->ask.org.n)
		return;
	t->ask.org = slug;
	if (!id_parse(ID_PARTNER, rest, &t->ask.partner_id))
		t->ask.partner_id = -1; /* nobody's */
}

static void ask(struct turn *t)
{
	size_t place = org_place(t->q->route);

	if (t->q->route->flags & ROUTE_API)
		ask_key(t);
	else
		ask_session(t);
	if (place < t->q->arg_count)
		t->ask.org = t->q->args[place];
	ask_partner(t);
	t->ask.at = cache_now(t->d->config.app->access->cache);
}

static bool find_route(struct turn *t)
{
	bool known = false;

	if (t->q->route || router_match(t->d->router, t->q, &known))
		return turn_read_version(t);
	if (!known)
		return fail(&t->c, ERR_NOT_FOUND, NULL, "There is nothing here");
	res_header(t->r, "Allow", router_allow(t->d->router, t->q));
	return fail(&t->c, ERR_METHOD, NULL, "This method is not allowed here");
}

static struct turn *turn_new(struct dispatch *d, struct req *q, struct res *r)
{
	struct turn *t = ARENA_NEW(q->arena, struct turn);
	int64_t now = clock_now_ms();

	t->d = d;
	t->q = q;
	t->r = r;
	t->began_ns = d->config.log ? clock_mono_ns() : 0; /* only the log wants to know */
	t->task.arena = q->arena;
	t->task.app = d->config.app;
	t->c = (struct ctx){ .arena = q->arena, .app = d->config.app, .now_ms = now,
	                     .request_id = q->request_id };
	return t;
}

/* Answered at once: nothing of this may wait. */
static bool run_fast(struct turn *t)
{
	if (!turn_read_match(t) || !run_handler(&t->c, t))
		turn_refuse(t);
	return true;
}

/* What is at hand without a turn, which is large to make, unless it fails. */
static bool run_plain(struct dispatch *d, struct req *q, struct res *r)
{
	struct ctx c = { .arena = q->arena, .app = d->config.app, .now_ms = clock_now_ms(),
	                 .request_id = q->request_id };

	if (!q->route->run(&c, q, r)) {
		struct turn *t = turn_new(d, q, r);

		t->c.err = c.err;
		turn_refuse(t);
	}
	CHECK(r->status != 0);
	return true;
}

bool dispatch_is_fast(void *arg, struct req *q)
{
	const struct dispatch *d = arg;
	bool known;
	const struct route *route = router_match(d->router, q, &known);

	return route && route->mode == FAST;
}

bool dispatch_request(void *arg, struct req *q, struct res *r)
{
	struct dispatch *d = arg;

	if (q->route && q->route->mode == FAST && !(q->route->flags & ROUTE_API))
		return run_plain(d, q, r);
	struct turn *t = turn_new(d, q, r);

	if (turn_answer_path(t)) {
		turn_finish(t);
		return true;
	}
	if (find_route(t)) {
		if (q->route->mode == FAST)
			return run_fast(t);
		ask(t);
		if (access_find(d->config.app->access, q->arena, &t->ask, &t->facts)) {
			if (proceed(t))
				return false;
			turn_finish(t);
			return true;
		}
		if (load(t))
			return false;
	}
	turn_refuse(t);
	turn_finish(t);
	return true;
}
