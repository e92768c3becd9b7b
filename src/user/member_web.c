/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "user/access_web.h"
#include "user/member_grant.h"
#include "web/inputs.h"

static const char *const staff[] = { "viewer", "manager", "admin", "owner", NULL };

static const struct input inputs[] = {
	{ "email", "E-mail address", .type = "email", .required = true },
	{ "name", "Name" },
	{ "role", "Role", .kind = INPUT_SELECT, .names = staff, .required = true,
	  .hint = "A viewer looks; a manager works with partners and commissions; an admin also with "
	          "terms, payouts, keys and the team; an owner with everything." },
	{ "without_money", "May not see money", .kind = INPUT_CHECK,
	  .hint = "Reviews applications without seeing any amount." },
	{ "without_personal_data", "May not see personal data", .kind = INPUT_CHECK },
};

static bool put_members(struct page *p)
{
	json_t *list = json_array();
	bool waiting = false;
	struct list rows;

	json_object_set_new(p->view, "members", list);
	if (!member_list(p->c, p->c->org_id, false, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct member *m = (const struct member *)rows.items + i;
		json_t *o = page_row(p, &member_model, m);

		json_set_bool(o, "me", m->user_id == p->c->actor.user_id);
		json_array_append_new(list, o);
		waiting |= !m->can_sign_in;
	}
	json_set_bool(p->view, "waiting", waiting);
	return true;
}

bool member_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	if (!page_open(&p, c, q, r) || !put_members(&p))
		return false;
	settings_web_tabs(&p, "team");
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL, STR("/settings/team") });
	return page_show(&p, "app/team.html", STR("Team"));
}

/* The rule is member_put's; here it is said at the box that breaks it. */
static bool check_owner(struct ctx *c, const struct member *m)
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
	    && form_get_str(c, &q->form, "name", MAY(1, 120), &m.name)
	    && form_get_name(c, &q->form, "role", MUST_NAME(role_names), &m.role)
	    && form_get_bool(c, &q->form, "without_money", MAY(0, 0), &m.without_money)
	    && form_get_bool(c, &q->form, "without_personal_data", MAY(0, 0),
	                     &m.without_personal_data)
	    && check_owner(c, &m)
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
