/* SPDX-License-Identifier: Apache-2.0 */
#include "user/account_web.h"
#include "app.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/json.h"
#include "net/route.h"
#include "user/attempt.h"
#include "user/password.h"
#include "user/session.h"
#include "user/user.h"
#include "web/browser.h"
#include "web/flash.h"
#include "web/inputs.h"
#include "work/work.h"

static const struct input name_inputs[] = {
	{ "name", "Name", .required = true, .autocomplete = "name" },
};

static const struct input password_inputs[] = {
	{ "current", "Present password", .type = "password", .required = true,
	  .autocomplete = "current-password" },
	{ "password", "New password", .type = "password", .required = true, .hint = PASSWORD_HINT,
	  .autocomplete = "new-password" },
	{ "repeat", "New password, once more", .type = "password", .required = true,
	  .autocomplete = "new-password" },
};

static bool in_portal(const struct req *q)
{
	return str_starts(str_from(q->route->path), "/portal/");
}

static bool put_sessions(struct page *p)
{
	const struct actor *a = &p->c->actor;
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "sessions", list);
	if (!session_list(p->c, a->user_id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct session *s = (const struct session *)rows.items + i;
		json_t *e = json_object();

		json_set_id(e, "id", ID_SESSION, s->id);
		json_set_str(e, "browser", browser_say(p->c->arena, s->user_agent));
		json_set_time(e, "created_at", s->created_at);
		json_set_time(e, "seen_at", s->seen_at ? s->seen_at : s->created_at);
		json_set_bool(e, "this", s->id == a->session_id);
		json_array_append_new(list, e);
	}
	json_set_bool(p->view, "elsewhere", rows.count > 1);
	return true;
}

bool account_web_put(struct page *p)
{
	json_t *values = json_own(p->c->arena, json_object());
	struct user u;

	if (!user_get(p->c, p->c->actor.user_id, &u) || !put_sessions(p))
		return false;
	json_set_str(values, "name", u.name);
	json_set_str(p->view, "own_email", u.email);
	inputs_put(p, "name_form", &(struct inputs){ name_inputs, LEN(name_inputs), values,
	                                             STR("/account/name") });
	inputs_put(p, "password_form", &(struct inputs){ password_inputs, LEN(password_inputs), NULL,
	                                                 STR("/account/password") });
	return true;
}

bool account_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	return page_open(&p, c, q, r)
	    && account_web_put(&p)
	    && page_show(&p, "app/account.html", STR("Your account"));
}

static bool back(struct ctx *c, const struct req *q, struct res *r, const char *flash)
{
	res_redirect(r, 303, in_portal(q) ? arena_printf(c->arena, "/portal/%.*s/account",
	                                                 STR_ARG(q->args[0]))
	                                  : STR("/account"));
	flash_set(q, r, flash);
	return true;
}

bool account_web_name(struct ctx *c, const struct req *q, struct res *r)
{
	return user_rename(c, c->actor.user_id, form_get(&q->form, "name"))
	    && back(c, q, r, "account.saved");
}

bool account_web_end(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	if (!id_parse(ID_SESSION, q->args[in_portal(q) ? 1 : 0], &id))
		return fail(c, ERR_NOT_FOUND, "id", "There is no such session");
	return session_end(c, c->actor.user_id, id)
	    && audit_control(c, "session.end", id_str(c->arena, ID_SESSION, id), STR(""))
	    && back(c, q, r, "account.ended");
}

bool account_web_end_others(struct ctx *c, const struct req *q, struct res *r)
{
	struct str who = id_str(c->arena, ID_USER, c->actor.user_id);

	return session_end_others(c, c->actor.user_id, c->actor.session_id)
	    && audit_control(c, "session.end_others", who, STR(""))
	    && back(c, q, r, "account.ended_others");
}

/* ---- Another password: hashing takes long and waits in its queue, so this is done in steps. */

struct change {
	struct task task; /* first: tasks are changes */
	const struct req *q;
	struct str current, password, hash;
	struct user user;
};

static bool find_user(struct ctx *c, struct task *t)
{
	struct change *s = (struct change *)t;

	return user_get(c, c->actor.user_id, &s->user);
}

static bool store(struct ctx *c, struct task *t)
{
	struct change *s = (struct change *)t;
	struct user now;

	c->request_id = s->q->request_id;
	/* What was asked for is the password of now, also if another change came between. */
	if (!user_get(c, s->user.id, &now))
		return false;
	if (!str_eq(now.password, s->user.password))
		return fail(c, ERR_INVALID, "current", "This is not your present password");
	return user_set_password(c, s->user.id, s->hash);
}

static bool step(struct ctx *c, struct change *s, enum work_kind kind,
                 bool (*run)(struct ctx *c, struct task *t))
{
	s->task = (struct task){ .kind = kind, .run = run };
	return work_run(app_of(c)->work, c, &s->task);
}

static bool read_change(struct ctx *c, struct change *s)
{
	const struct form *f = &s->q->form;

	s->current = form_get(f, "current");
	s->password = form_get(f, "password");
	if (s->current.n == 0 || str_length(s->current) > PASSWORD_MAX)
		return fail(c, ERR_INVALID, "current", "Type the password that you sign in with");
	if (!password_check(c, s->password, s->user.email, s->user.name))
		return false;
	if (str_eq(s->password, s->current))
		return fail(c, ERR_INVALID, "password", "This is the password that you have already");
	return str_eq(s->password, form_get(f, "repeat"))
	    || fail(c, ERR_INVALID, "repeat", "The two new passwords are not the same");
}

static bool check_current(struct ctx *c, const struct change *s)
{
	struct attempt attempt = { s->user.email, s->q->remote_ip };

	if (!attempt_allowed(c, &attempt))
		return false;
	if (password_matches(s->user.password, s->current))
		return true;
	attempt_failed(c, &attempt);
	return fail(c, ERR_INVALID, "current", "This is not your present password");
}

bool account_web_password(struct ctx *c, const struct req *q, struct res *r)
{
	struct change *s = ARENA_NEW(c->arena, struct change);

	s->q = q;
	return step(c, s, WORK_CONTROL_READ, find_user)
	    && read_change(c, s)
	    && check_current(c, s)
	    && password_hash(c, s->password, &s->hash)
	    && step(c, s, WORK_CONTROL_WRITE, store)
	    && back(c, q, r, "account.password");
}
