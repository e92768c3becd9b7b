/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_turn.h"
#include "access_log.h"
#include "api/version.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/reason.h"
#include "data/json.h"
#include "data/template.h"
#include "user/session.h"
#include "web/assets.h"

static bool wants_json(const struct req *q)
{
	return q->route ? (q->route->flags & ROUTE_API) != 0 : str_starts(q->path, "/api/");
}

/* Only paths of this server: "//host" and "/\host" are other servers to a browser. */
static void refuse_to_sign_in(struct turn *t)
{
	struct buf b;
	const struct req *q = t->q;

	buf_init(&b, q->arena);
	buf_puts(&b, "/sign-in?");
	form_put(&b, "next",
	         arena_printf(q->arena, "%.*s%s%.*s", STR_ARG(q->path), q->query_text.n ? "?" : "",
	                      STR_ARG(q->query_text)));
	res_redirect(t->r, 303, buf_text(&b));
}

/* A partner in its portal sees whose it is, and gets back there. */
static void put_brand(const struct turn *t, json_t *view)
{
	const struct facts *f = &t->facts;
	bool portal = str_starts(t->q->path, "/portal/");
	bool known = portal && f->session_found && f->org_found && f->standing.partner_id != 0;

	json_set_bool(view, "portal", portal);
	json_set_str(view, "brand", known ? f->org.name : STR(""));
	json_set_str(view, "start",
	             known ? arena_printf(t->q->arena, "/portal/%.*s", STR_ARG(f->org.slug))
	                   : STR("/"));
}

static json_t *error_view(const struct turn *t)
{
	const struct err_info *info = err_info(t->c.err.code);
	json_t *view = json_own(t->q->arena, json_object());

	json_set_str(view, "v", assets_version());
	json_set_int(view, "status", info->status);
	json_set_str(view, "title", str_from(info->title));
	json_set_str(view, "detail", strcmp(t->c.err.msg, info->title) ? reason_text(t->q->arena, &t->c.err)
	                                                       : STR(""));
	json_set_str(view, "request_id", t->q->request_id);
	/* a refusal that knows how long it lasts says so itself */
	json_set_bool(view, "retryable", info->retryable && t->c.err.wait_s == 0);
	put_brand(t, view);
	return view;
}

static void plain_page(struct turn *t)
{
	const struct err_info *info = err_info(t->c.err.code);

	res_text(t->r, info->status, STR("text/plain; charset=utf-8"),
	         arena_printf(t->q->arena, "%d %s\n\n%s\n", info->status, info->title,
	                      t->c.err.msg));
}

static void refuse_page(struct turn *t)
{
	struct template_set *set = t->d->config.app->templates;
	struct ctx c = t->c;
	struct buf html;

	buf_init(&html, t->q->arena);
	plain_page(t);
	if (!set || !template_exists(set, STR("error.html"))
	    || !template_page(&c, set, "error.html", error_view(t), &html))
		return;
	t->r->content_type = STR("text/html; charset=utf-8");
	t->r->body = html;
}

/* Said once and exactly, in seconds. */
static void retry_after(struct turn *t)
{
	struct str seconds = STR("1");

	if (t->c.err.wait_s > 0)
		seconds = arena_printf(t->q->arena, "%lld", (long long)t->c.err.wait_s);
	for (size_t i = 0; i < t->r->header_count; i++)
		if (str_is(t->r->headers[i].name, "Retry-After")) {
			t->r->headers[i].value = seconds;
			return;
		}
	res_header(t->r, "Retry-After", seconds);
}

void turn_refuse(struct turn *t)
{
	const struct err *e = &t->c.err;
	int status = err_info(e->code)->status;
	bool json = wants_json(t->q);

	if (e->code != ERR_METHOD)
		t->r->header_count = 0;
	if (json)
		res_problem(t->r, e, t->q->request_id, t->q->path);
	else if (e->code == ERR_SIGN_IN && t->q->method == METHOD_GET)
		refuse_to_sign_in(t);
	else
		refuse_page(t);
	if (json && status == 401)
		res_header(t->r, "WWW-Authenticate", STR("Bearer"));
	if (status == 429 || status == 503 || status == 507 || e->code == ERR_IN_FLIGHT)
		retry_after(t);
	if (status >= 500 && e->code != ERR_BUSY)
		log_event(LOG_ERROR, "request failed", LOG_STR("id", t->q->request_id),
		          LOG_CSTR("code", err_info(e->code)->wire), LOG_CSTR("why", e->msg));
}

/* https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html */
static void rate_headers(struct turn *t)
{
	struct arena *a = t->q->arena;

	if (!t->rated)
		return;
	res_header(t->r, "RateLimit-Policy",
	           arena_printf(a, "\"default\";q=%lld;w=60", (long long)t->d->config.rate_limit));
	res_header(t->r, "RateLimit",
	           arena_printf(a, "\"default\";r=%lld;t=%lld", (long long)t->rate.remaining,
	                        (long long)t->rate.reset_s));
}

static struct str version_of(const struct turn *t)
{
	if (t->version.n > 0 && api_version_known(t->version))
		return t->version;
	if (t->facts.key_found && t->facts.key.api_version.n > 0)
		return t->facts.key.api_version;
	return STR(API_VERSION);
}

void turn_finish(struct turn *t)
{
	const struct req *q = t->q;

	rate_headers(t);
	if (q->route && q->route->flags & ROUTE_API)
		res_header(t->r, "Api-Version", version_of(t));
	if (!t->d->config.log)
		return;
	access_log_put(t->d->config.log,
	               &(const struct access_line){
	                       .id = q->request_id,
	                       .method = q->method < METHOD_COUNT ? method_name(q->method) : "-",
	                       .route = q->route ? q->route->path : "-",
	                       .status = t->r->status,
	                       .us = (clock_mono_ns() - t->began_ns) / 1000,
	                       .bytes = (int64_t)res_size(t->r),
	                       .org_id = t->c.org_id,
	                       .key_id = t->c.actor.key_id,
	                       .user_id = t->c.actor.user_id,
	               });
}

/* "https://host:port" of a page, when the browser says so, against what it sent this to. */
static bool same_origin(const struct req *q)
{
	struct str site = req_header(q, "sec-fetch-site"), origin = req_header(q, "origin");
	size_t from = str_starts(origin, "https://") ? 8 : str_starts(origin, "http://") ? 7 : 0;

	if (site.n > 0 && !str_is(site, "same-origin") && !str_is(site, "none"))
		return false;
	return origin.n == 0 || (from > 0 && str_eq_nocase(str_slice(origin, from, SIZE_MAX), q->host));
}

bool turn_check_form(struct turn *t)
{
	const struct req *q = t->q;
	struct str sent = form_get(&q->form, "csrf");

	if (!same_origin(q))
		return fail(&t->c, ERR_DENIED, NULL, "This form was sent from another site");
	if ((q->route->flags & ROUTE_SAFE_POST) || q->route->who == ANYBODY)
		return true;
	if (sent.n == 0)
		sent = req_header(q, "x-csrf-token");
	if (sent.n == 0)
		sent = form_get(&q->query, "csrf");
	return session_csrf_ok(&t->c, sent)
	    || fail(&t->c, ERR_DENIED, NULL, "This form is too old; load the page again");
}
