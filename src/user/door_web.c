/* SPDX-License-Identifier: Apache-2.0 */
#include "user/door_web.h"
#include "app.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/json.h"
#include "user/attempt.h"
#include "user/invitation.h"
#include "user/password.h"
#include "user/reset.h"
#include "user/session.h"
#include "user/session_web.h"
#include "web/inputs.h"
#include "work/work.h"

static const struct input name_input = { "name", "Your name", .required = true,
	                                 .autocomplete = "name" };

static const struct input password_inputs[] = {
	{ "password", "New password", .type = "password", .required = true, .hint = PASSWORD_HINT,
	  .autocomplete = "new-password" },
	{ "repeat", "New password, once more", .type = "password", .required = true,
	  .autocomplete = "new-password" },
};

static const struct input known_input = { "password", "Password", .type = "password",
	                                  .required = true, .autocomplete = "current-password" };

/* Somebody at a door. */
struct guest {
	struct task task; /* first: tasks are guests */
	const struct req *q;
	struct str token; /* of the link */
	struct invited in;
	struct user user; /* of a reset */
	bool found;
	struct str password, hash;
	struct acceptance how;
	struct str session;
};

/* The address is told to nobody; "same-origin", for without it a form has no Origin. */
static void keep_secret(struct res *r)
{
	res_header(r, "Referrer-Policy", STR("same-origin"));
	res_header(r, "X-Robots-Tag", STR("noindex"));
}

static bool dead_page(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	page_open_bare(&p, c, q, r);
	keep_secret(r);
	if (!page_show(&p, "dead_link.html", STR("This link does not work")))
		return false;
	r->status = 404;
	return true;
}

/* ---- Invitations. */

/* Is the one who is signed in the one who is invited? */
static bool is_me(const struct ctx *c, const struct invited *in)
{
	return c->actor.kind == ACTOR_USER && c->actor.user_id == in->user.id;
}

static void put_form(struct page *p, const struct invited *in)
{
	struct input rows[3] = { name_input, password_inputs[0], password_inputs[1] };

	if (in->has_account)
		rows[0] = known_input;
	inputs_put(p, "form", &(struct inputs){ rows, in->has_account ? 1 : LEN(rows) });
}

static bool invite_page(struct page *p, const struct invited *in)
{
	bool me = is_me(p->c, in);

	json_set_str(p->view, "email", in->i.email);
	json_set_str(p->view, "brand", in->org.name);
	json_set_str(p->view, "role", str_from(role_names[in->i.role]));
	json_set_str(p->view, "partner", in->partner_name);
	json_set_bool(p->view, "portal", in->i.partner_id != 0);
	json_set_bool(p->view, "known", in->has_account);
	json_set_bool(p->view, "me", me);
	json_set_str(p->view, "other", me ? STR("") : p->c->actor.name);
	if (!me)
		put_form(p, in);
	return page_show(p, "invite.html", arena_printf(p->c->arena, "Join %.*s",
	                                                STR_ARG(in->org.name)));
}

bool door_web_invited(struct ctx *c, const struct req *q, struct res *r)
{
	struct invited in;
	struct page p;
	bool found;

	if (!invitation_find(c, q->args[0], &in, &found))
		return false;
	if (!found)
		return dead_page(c, q, r);
	page_open_bare(&p, c, q, r);
	keep_secret(r);
	return invite_page(&p, &in);
}

static bool step(struct ctx *c, struct guest *g, enum work_kind kind,
                 bool (*run)(struct ctx *c, struct task *t))
{
	g->task = (struct task){ .kind = kind, .run = run };
	return work_run(app_of(c)->work, c, &g->task);
}

static bool look_invited(struct ctx *c, struct task *t)
{
	struct guest *g = (struct guest *)t;

	return invitation_find(c, g->token, &g->in, &g->found);
}

static bool let_in(struct ctx *c, struct guest *g, int64_t user_id)
{
	struct session_new in = { user_id, req_header(g->q, "user-agent"),
		                  app_of(c)->session_days };

	return session_end_hash(c, session_hash(c->arena, session_web_token(g->q)))
	    && session_create(c, &in, &g->session)
	    && audit_control_org(c, 0, "session.create", id_str(c->arena, ID_USER, user_id), STR(""));
}

static bool join(struct ctx *c, struct task *t)
{
	struct guest *g = (struct guest *)t;

	c->request_id = g->q->request_id;
	return invitation_accept(c, g->token, &g->how, &g->in)
	    && let_in(c, g, g->in.user.id);
}

/* Of an account that there is, as at signing in. */
static bool prove(struct ctx *c, struct guest *g)
{
	struct attempt attempt = { g->in.i.email, g->q->remote_ip };

	g->how.user_id = g->in.user.id;
	if (is_me(c, &g->in))
		return session_csrf_ok(c, form_get(&g->q->form, "csrf"))
		    || fail(c, ERR_DENIED, NULL, "This form is too old; load the page again");
	g->how.password = g->in.user.password;
	if (g->password.n == 0 || str_length(g->password) > PASSWORD_MAX)
		return fail(c, ERR_INVALID, "password", "Type the password that you sign in with");
	if (!attempt_allowed(c, &attempt))
		return false;
	if (password_matches(g->in.user.password, g->password))
		return true;
	attempt_failed(c, &attempt);
	return fail(c, ERR_INVALID, "password", "This is not the password of your account");
}

static bool check_new(struct ctx *c, const struct guest *g, struct str email, struct str name)
{
	return password_check(c, g->password, email, name)
	    && (str_eq(g->password, form_get(&g->q->form, "repeat"))
	        || fail(c, ERR_INVALID, "repeat", "The two passwords are not the same"));
}

static bool introduce(struct ctx *c, struct guest *g)
{
	g->how.name = form_get(&g->q->form, "name");
	return user_check_name(c, &g->how.name)
	    && check_new(c, g, g->in.i.email, g->how.name)
	    && password_hash(c, g->password, &g->how.password);
}

static struct guest *arrive(struct ctx *c, const struct req *q)
{
	struct guest *g = ARENA_NEW(c->arena, struct guest);

	g->q = q;
	g->token = q->args[0];
	g->password = form_get(&q->form, "password");
	return g;
}

/* In with a new session; a link that somebody else has used meanwhile is dead. */
static bool enter(struct ctx *c, struct guest *g, bool ok, struct res *r, struct str next)
{
	if (!ok && c->err.code == ERR_NOT_FOUND) {
		fail_clear(c);
		return dead_page(c, g->q, r);
	}
	if (!ok)
		return false;
	res_redirect(r, 303, next);
	keep_secret(r);
	session_web_set(g->q, r, g->session, app_of(c)->session_days);
	return true;
}

static struct str place_of(struct ctx *c, const struct invited *in)
{
	if (in->i.partner_id == 0)
		return arena_printf(c->arena, "/app/%.*s", STR_ARG(in->org.slug));
	return arena_printf(c->arena, "/portal/%.*s@%.*s", STR_ARG(in->org.slug),
	                    STR_ARG(id_str(c->arena, ID_PARTNER, in->i.partner_id)));
}

bool door_web_accept(struct ctx *c, const struct req *q, struct res *r)
{
	struct guest *g = arrive(c, q);

	if (!step(c, g, WORK_CONTROL_READ, look_invited))
		return false;
	if (!g->found)
		return dead_page(c, q, r);
	if (!(g->in.has_account ? prove(c, g) : introduce(c, g)))
		return false;
	return enter(c, g, step(c, g, WORK_CONTROL_WRITE, join), r, place_of(c, &g->in));
}

/* ---- Forgotten passwords. */

bool door_web_forgotten(struct ctx *c, const struct req *q, struct res *r)
{
	struct user u;
	struct page p;
	bool found;

	if (!reset_find(c, q->args[0], &u, &found))
		return false;
	if (!found)
		return dead_page(c, q, r);
	page_open_bare(&p, c, q, r);
	keep_secret(r);
	json_set_str(p.view, "email", u.email);
	inputs_put(&p, "form", &(struct inputs){ password_inputs, LEN(password_inputs) });
	return page_show(&p, "reset.html", STR("A new password"));
}

static bool look_forgotten(struct ctx *c, struct task *t)
{
	struct guest *g = (struct guest *)t;

	return reset_find(c, g->token, &g->user, &g->found);
}

static bool reset(struct ctx *c, struct task *t)
{
	struct guest *g = (struct guest *)t;

	c->request_id = g->q->request_id;
	return reset_use(c, g->token, g->hash, &g->user)
	    && let_in(c, g, g->user.id);
}

bool door_web_reset(struct ctx *c, const struct req *q, struct res *r)
{
	struct guest *g = arrive(c, q);

	if (!step(c, g, WORK_CONTROL_READ, look_forgotten))
		return false;
	if (!g->found)
		return dead_page(c, q, r);
	if (!check_new(c, g, g->user.email, g->user.name)
	    || !password_hash(c, g->password, &g->hash))
		return false;
	if (!enter(c, g, step(c, g, WORK_CONTROL_WRITE, reset), r, STR("/")))
		return false;
	res_header(r, "Clear-Site-Data", STR("\"cache\", \"storage\""));
	return true;
}
