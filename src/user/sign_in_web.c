/* SPDX-License-Identifier: Apache-2.0 */
#include "user/sign_in_web.h"
#include "app.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/checks.h"
#include "data/json.h"
#include "data/template.h"
#include "user/attempt.h"
#include "user/password.h"
#include "user/session.h"
#include "user/session_web.h"
#include "user/user.h"
#include "web/page.h"
#include "work/work.h"

struct sign_in {
	struct task task; /* first: tasks are sign-ins */
	const struct req *q;
	struct str email, password, next;
	struct user user;
	bool found;
	int64_t days;
	struct str token;
};

struct str sign_in_web_next(struct str next)
{
	bool path = next.n > 0 && next.p[0] == '/';
	bool other_host = next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\');

	for (size_t i = 0; i < next.n; i++)
		if ((unsigned char)next.p[i] <= ' ' || next.p[i] == '\\' || next.p[i] == 0x7f)
			path = false;
	return path && !other_host ? next : STR("/");
}

/* The door of a portal names nobody: it would tell which organisations there are. */
static bool page(struct ctx *c, struct res *r, const struct sign_in *s, const char *error)
{
	json_t *view = page_bare(c, STR("Sign in"));
	struct buf html;

	json_set_str(view, "email", s->email);
	json_set_str(view, "next", s->next);
	json_set_str(view, "error", str_from(error));
	json_set_bool(view, "portal", str_starts(s->next, "/portal/"));
	buf_init(&html, c->arena);
	if (!template_page(c, app_of(c)->templates, "sign_in.html", view, &html))
		return false;
	res_text(r, error ? 422 : 200, STR("text/html; charset=utf-8"), buf_text(&html));
	return true;
}

bool sign_in_web_page(struct ctx *c, const struct req *q, struct res *r)
{
	struct sign_in s = { .next = sign_in_web_next(form_get(&q->query, "next")) };

	if (c->actor.kind != ACTOR_USER)
		return page(c, r, &s, NULL);
	res_redirect(r, 303, s.next);
	return true;
}

static bool find_user(struct ctx *c, struct task *t)
{
	struct sign_in *s = (struct sign_in *)t;

	return user_find_email(c, s->email, &s->user, &s->found);
}

static bool start_session(struct ctx *c, struct task *t)
{
	struct sign_in *s = (struct sign_in *)t;
	struct session_new in = { s->user.id, req_header(s->q, "user-agent"), s->days };

	c->actor = (struct actor){ .kind = ACTOR_USER, .user_id = s->user.id,
	                           .name = s->user.name };
	c->request_id = s->q->request_id;
	return session_end_hash(c, session_hash(c->arena, session_web_token(s->q)))
	    && session_create(c, &in, &s->token)
	    && audit_control(c, "session.create", id_str(c->arena, ID_USER, s->user.id), STR(""));
}

static bool step(struct ctx *c, struct sign_in *s, enum work_kind kind,
                 bool (*run)(struct ctx *c, struct task *t))
{
	s->task = (struct task){ .kind = kind, .arena = c->arena, .app = c->app, .run = run };
	return work_run(app_of(c)->work, c, &s->task);
}

bool sign_in_web_post(struct ctx *c, const struct req *q, struct res *r)
{
	struct sign_in *s = ARENA_NEW(c->arena, struct sign_in);
	struct attempt attempt = { email_fold(c->arena, form_get(&q->form, "email")), q->remote_ip };

	s->q = q;
	s->email = attempt.email;
	s->password = form_get(&q->form, "password");
	s->next = sign_in_web_next(form_get(&q->form, "next"));
	s->days = app_of(c)->session_days;
	if (!attempt_allowed(c, &attempt)
	    || !step(c, s, WORK_CONTROL_READ, find_user))
		return false;
	if (!password_matches(s->found ? s->user.password : STR(""), s->password)
	    || s->user.disabled) {
		attempt_failed(c, &attempt);
		return page(c, r, s, "The e-mail address or the password is wrong.");
	}
	if (!step(c, s, WORK_CONTROL_WRITE, start_session))
		return false;
	res_redirect(r, 303, s->next);
	session_web_set(q, r, s->token, s->days);
	return true;
}

/* Where a portal's visitor signs in again. */
static struct str again(struct ctx *c, struct str next)
{
	struct buf b;

	if (!str_starts(sign_in_web_next(next), "/portal/"))
		return STR("/sign-in");
	buf_init(&b, c->arena);
	buf_puts(&b, "/sign-in?");
	form_put(&b, "next", next);
	return buf_text(&b);
}

bool sign_in_web_out(struct ctx *c, const struct req *q, struct res *r)
{
	if (!session_end(c, c->actor.user_id, c->actor.session_id))
		return false;
	res_redirect(r, 303, again(c, form_get(&q->form, "next")));
	session_web_set(q, r, STR(""), 0);
	res_header(r, "Clear-Site-Data", STR("\"cache\", \"storage\""));
	return true;
}
