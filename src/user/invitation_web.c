/* SPDX-License-Identifier: Apache-2.0 */
#include "user/invitation_web.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/json.h"
#include "user/access_web.h"
#include "user/invitation.h"
#include "user/reset.h"
#include "web/inputs.h"

#define INVITATIONS "/settings/invitations"

/* Nobody invites to more than they are: an admin is not offered the owner. */
static const char *const staff[] = { "viewer", "manager", "admin", "owner", NULL };
static const char *const staff_of_admin[] = { "viewer", "manager", "admin", NULL };

static const struct input team_inputs[] = {
	{ "email", "E-mail address", .type = "email", .required = true, .autocomplete = "off" },
	{ "role", "Role", .kind = INPUT_SELECT, .names = staff, .required = true,
	  .hint = MEMBER_ROLES_HINT },
	{ "without_money", "May not see money", .kind = INPUT_CHECK,
	  .hint = "Reviews applications without seeing any amount." },
	{ "without_personal_data", "May not see personal data", .kind = INPUT_CHECK },
};

static const struct input partner_inputs[] = {
	{ "email", "E-mail address", .type = "email", .required = true, .autocomplete = "off" },
};

struct str invitation_web_link(struct ctx *c, const char *door, struct str token)
{
	return arena_printf(c->arena, "%.*s%s%.*s", STR_ARG(app_of(c)->base_url), door,
	                    STR_ARG(token));
}

static bool put_open(struct page *p, json_t *view, int64_t partner_id)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(view, "invitations", list);
	if (!invitation_list(p->c, partner_id, &rows))
		return false;
	json_set_bool(view, "any_open", rows.count > 0);
	for (size_t i = 0; i < rows.count; i++) {
		const struct invitation *one = (const struct invitation *)rows.items + i;
		json_t *o = page_row(p, &invitation_model, one);

		json_set_bool(o, "expired", one->expires_at <= p->c->now_ms);
		json_set_bool(o, "mine", invitation_may(&p->c->actor, one));
		json_array_append_new(list, o);
	}
	return true;
}

bool invitation_web_put_team(struct page *p)
{
	struct input rows[LEN(team_inputs)];

	memcpy(rows, team_inputs, sizeof(rows));
	if (p->c->actor.role < ROLE_OWNER)
		rows[1].names = staff_of_admin;
	inputs_put(p, "invite", &(struct inputs){ rows, LEN(rows), NULL, STR(INVITATIONS) });
	return put_open(p, p->view, 0);
}

static bool put_people(struct page *p, json_t *view, int64_t partner_id)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(view, "people", list);
	if (!member_list_partner(p->c, p->c->org_id, partner_id, &rows))
		return false;
	json_set_bool(view, "any_people", rows.count > 0);
	for (size_t i = 0; i < rows.count; i++) {
		const struct member *m = (const struct member *)rows.items + i;
		json_t *o = page_row(p, &member_model, m);
		bool may = false;

		json_array_append_new(list, o);
		if (p->c->actor.role >= ROLE_ADMIN
		    && !reset_may(p->c, p->c->actor.user_id, m->user_id, &may))
			return false;
		json_set_bool(o, "can_reset", may);
	}
	return true;
}

bool invitation_web_put_partner(struct page *p, const struct partner *partner)
{
	json_t *values = json_own(p->c->arena, json_object()), *view;
	struct invitation wanted = { .role = ROLE_PARTNER, .partner_id = partner->id };
	struct str action = arena_printf(p->c->arena, "/partners/%.*s/invite",
	                                 STR_ARG(id_str(p->c->arena, ID_PARTNER, partner->id)));

	if (!invitation_may(&p->c->actor, &wanted))
		return true;
	view = json_object();
	json_object_set_new(p->view, "access", view);
	json_set_bool(view, "takes", partner->status == PARTNER_APPROVED
	                             || partner->status == PARTNER_PENDING);
	if (!put_people(p, view, partner->id) || !put_open(p, view, partner->id))
		return false;
	/* The first is the partner itself, mostly. */
	if (!json_is_true(json_object_get(view, "any_people")))
		json_set_str(values, "email", partner->email);
	json_object_set_new(view, "form",
	                    inputs_view(p, "invite", &(struct inputs){ partner_inputs,
	                                                               LEN(partner_inputs), values,
	                                                               action }));
	return true;
}

/* ---- The answer that has the link. */

struct once {
	const char *door;
	struct str token, email;
	int64_t until;
	struct str back; /* below the organisation */
};

static bool show(struct ctx *c, const struct req *q, struct res *r, const struct once *o)
{
	bool invites = strcmp(o->door, "/invite/") == 0;
	struct page p;

	if (!page_open(&p, c, q, r))
		return false;
	json_set_str(p.view, "link", invitation_web_link(c, o->door, o->token));
	json_set_str(p.view, "email", o->email);
	json_set_time(p.view, "until", o->until);
	json_set_bool(p.view, "invites", invites);
	json_set_str(p.view, "back", arena_printf(c->arena, "%.*s%.*s", STR_ARG(p.base),
	                                          STR_ARG(o->back)));
	return page_show(&p, "app/once.html", invites ? STR("Invitation") : STR("A new password"));
}

static struct str back_to(struct ctx *c, int64_t partner_id)
{
	if (partner_id == 0)
		return STR("/settings/team");
	return arena_printf(c->arena, "/partners/%.*s",
	                    STR_ARG(id_str(c->arena, ID_PARTNER, partner_id)));
}

static bool show_invitation(struct ctx *c, const struct req *q, struct res *r,
                            const struct invitation *i, struct str token)
{
	return show(c, q, r, &(struct once){ "/invite/", token, i->email, i->expires_at,
	                                     back_to(c, i->partner_id) });
}

bool invitation_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i = { 0 };
	struct str token;

	if (!form_get_str(c, &q->form, "email", MUST(3, 254), &i.email)
	    || !form_get_name(c, &q->form, "role", MUST_NAME(staff), &i.role)
	    || !form_get_bool(c, &q->form, "without_money", MAY(0, 0), &i.without_money)
	    || !form_get_bool(c, &q->form, "without_personal_data", MAY(0, 0),
	                      &i.without_personal_data))
		return false;
	i.role += ROLE_VIEWER; /* the first of those that are offered */
	return member_web_check_owner(c, &(struct member){
	               .role = i.role, .without_money = i.without_money,
	               .without_personal_data = i.without_personal_data })
	    && invitation_create(c, &i, &token)
	    && show_invitation(c, q, r, &i, token);
}

bool invitation_web_create_partner(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i = { .role = ROLE_PARTNER };
	struct str token;

	return page_arg_id(c, q, ID_PARTNER, &i.partner_id)
	    && form_get_str(c, &q->form, "email", MUST(3, 254), &i.email)
	    && invitation_create(c, &i, &token)
	    && show_invitation(c, q, r, &i, token);
}

bool invitation_web_renew(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i;
	struct str token;
	int64_t id;

	return page_arg_id(c, q, ID_INVITATION, &id)
	    && invitation_renew(c, id, &i, &token)
	    && show_invitation(c, q, r, &i, token);
}

bool invitation_web_withdraw(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i;
	int64_t id;

	return page_arg_id(c, q, ID_INVITATION, &id)
	    && invitation_withdraw(c, id, &i)
	    && page_done(c, q, r, back_to(c, i.partner_id), "invitation.withdrawn");
}

bool invitation_web_reset(struct ctx *c, const struct req *q, struct res *r)
{
	struct str token;
	struct user u;
	int64_t id;

	return page_arg_id(c, q, ID_USER, &id)
	    && reset_create(c, id, &u, &token)
	    && show(c, q, r, &(struct once){ "/reset/", token, u.email,
	                                     c->now_ms + RESET_HOURS * MS_PER_HOUR,
	                                     STR("/settings/team") });
}
