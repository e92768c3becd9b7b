/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "user/access_web.h"
#include "user/invitation_web.h"
#include "user/member_grant.h"
#include "user/reset.h"
#include "web/inputs.h"

static const char *const staff[] = { "viewer", "manager", "admin", "owner", NULL };

static const struct input inputs[] = {
	{ "email", "Person", .kind = INPUT_SELECT, .options = "people", .required = true },
	{ "role", "Role", .kind = INPUT_SELECT, .names = staff, .required = true,
	  .hint = MEMBER_ROLES_HINT },
	{ "without_money", "May not see money", .kind = INPUT_CHECK,
	  .hint = "Reviews applications without seeing any amount." },
	{ "without_personal_data", "May not see personal data", .kind = INPUT_CHECK },
};

/* A choice of the form that changes roles. */
static void add_person(json_t *list, const struct member *m)
{
	json_t *o = json_object();

	json_set_str(o, "value", m->email);
	json_set_str(o, "text", m->email);
	json_array_append_new(list, o);
}

static bool put_members(struct page *p)
{
	json_t *list = json_array(), *people = json_array();
	struct list rows;

	json_object_set_new(p->view, "members", list);
	json_object_set_new(p->view, "people", people);
	if (!member_list(p->c, p->c->org_id, false, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct member *m = (const struct member *)rows.items + i;
		json_t *o = page_row(p, &member_model, m);
		bool may = false;

		json_array_append_new(list, o);
		if (!reset_may(p->c, p->c->actor.user_id, m->user_id, &may))
			return false;
		json_set_bool(o, "me", m->user_id == p->c->actor.user_id);
		json_set_bool(o, "can_reset", may);
		if (i == 0 || m->user_id != m[-1].user_id)
			add_person(people, m);
	}
	return true;
}

bool member_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	if (!page_open(&p, c, q, r) || !put_members(&p))
		return false;
	if (!invitation_web_put_team(&p))
		return false;
	settings_web_tabs(&p, "team");
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL, STR("/settings/team") });
	return page_show(&p, "app/team.html", STR("Team"));
}

bool member_web_check_owner(struct ctx *c, const struct member *m)
{
	if (m->role != ROLE_OWNER || !(m->without_money || m->without_personal_data))
		return true;
	return fail(c, ERR_INVALID, m->without_money ? "without_money" : "without_personal_data",
	            "An owner sees everything");
}

bool member_web_put(struct ctx *c, const struct req *q, struct res *r)
{
	struct member m = { .org_id = c->org_id, .created_at = c->now_ms };

	return form_get_str(c, &q->form, "email", MUST(3, 254), &m.email)
	    && form_get_name(c, &q->form, "role", MUST_NAME(role_names), &m.role)
	    && form_get_bool(c, &q->form, "without_money", MAY(0, 0), &m.without_money)
	    && form_get_bool(c, &q->form, "without_personal_data", MAY(0, 0),
	                     &m.without_personal_data)
	    && member_web_check_owner(c, &m)
	    && member_grant(c, &m)
	    && page_done(c, q, r, STR("/settings/team"), "member.saved");
}

bool member_web_remove(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return page_arg_id(c, q, ID_USER, &id)
	    && member_revoke(c, id)
	    && page_done(c, q, r, STR("/settings/team"), "member.removed");
}
