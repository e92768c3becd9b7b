/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_desk.h"
#include "access/access.h"
#include "base/clock.h"
#include "data/template.h"
#include "user/key.h"

#include <unistd.h>

static void answered(struct req *q, struct res *r)
{
	struct desk_heard *h = q->connection;

	CHECK(r == &h->r);
	CHECK(atomic_fetch_add(&h->answered, 1) == 0);
}

static void add_header(struct desk_heard *h, const char *name, struct str value)
{
	h->headers[h->q.header_count++] = (struct req_header){ str_from(name), value };
}

void desk_send(struct desk *w, const struct desk_say *say, struct desk_heard *h)
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

void desk_hear(struct desk_heard *h)
{
	for (int tries = 0; !atomic_load(&h->answered); tries++) {
		if (tries > 100000)
			FAIL("%s was never answered", h->q.path.p);
		usleep(100);
	}
}

/* Send, wait, and give the status; the body in *out when wanted. */
int desk_ask(struct desk *w, const struct desk_say *say, struct str *out)
{
	struct desk_heard h;
	int status;

	desk_send(w, say, &h);
	desk_hear(&h);
	status = h.r.status;
	if (out)
		*out = arena_str(w->c->arena, buf_text(&h.r.body));
	arena_release(&h.arena);
	return status;
}

struct str desk_header(struct desk *w, const struct desk_say *say, const char *name)
{
	struct str value = STR("");
	struct desk_heard h;

	desk_send(w, say, &h);
	desk_hear(&h);
	for (size_t i = 0; i < h.r.header_count; i++)
		if (str_is(h.r.headers[i].name, name))
			value = arena_str(w->c->arena, h.r.headers[i].value);
	arena_release(&h.arena);
	return value;
}

static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
	        " tracking_host, payer, sandbox, created_at)"
	        " VALUES ($1, 0, $2, $2, 'EUR', 'UTC', 0, '', 0, 0, 0)"
	        " ON CONFLICT DO NOTHING",
	.control = true, .global = true,
};

void desk_open(struct desk *w, struct ctx *c, struct store *s, const struct route *rows,
               size_t count)
{
	struct work_config work = { .store = s, .workers = 4 };
	struct access_config access = { 0 };
	struct dispatch_config config = { .app = &w->app, .routes = rows, .route_count = count,
		                          .rate_limit = 1000, .answer = answered };
	static const unsigned char secret[32] = "a secret of thirty-two bytes...";

	*w = (struct desk){ .s = s, .c = c };
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

void desk_close(struct desk *w)
{
	work_stop(w->app.work);
	dispatch_release(w->d);
	access_free(w->app.access);
}

bool desk_control(struct desk *w, int64_t org_id, struct desk_task *d,
                  bool (*run)(struct ctx *c, struct task *t))
{
	struct ctx c = { .arena = w->c->arena, .app = &w->app, .now_ms = clock_now_ms(),
		         .actor = { .kind = ACTOR_SYSTEM } };

	d->task = (struct task){ .kind = WORK_CONTROL_WRITE, .org_id = org_id, .run = run };
	return work_run(w->app.work, &c, &d->task);
}

static bool make_key(struct ctx *c, struct task *t)
{
	struct desk_task *d = (struct desk_task *)t;
	struct key k = { .name = STR("tests"), .scopes = d->text, .allowed_ips = d->ips };

	if (!key_create(c, &k, &d->text))
		return false;
	d->id = k.id;
	return true;
}

struct desk_task desk_key(struct desk *w, int64_t org_id, const char *scopes, const char *ips)
{
	struct desk_task d = { .text = str_from(scopes), .ips = str_from(ips) };
	struct ctx *c = w->c;

	OK(desk_control(w, org_id, &d, make_key));
	return d;
}
