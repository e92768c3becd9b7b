/* SPDX-License-Identifier: Apache-2.0 */
#include "org/settings_web.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "org/org.h"
#include "org/tracking.h"
#include "web/inputs.h"

static const struct input inputs[] = {
	{ "name", "Name", .required = true, .hint = "Partners see it." },
	{ "timezone", "Time zone", .required = true,
	  .hint = "Where days, months and tier periods begin, like Europe/Berlin." },
	{ "payer", "Who pays the partners", .kind = INPUT_SELECT, .names = org_payer_names,
	  .required = true },
	{ "tracking_host", "Tracking host", .autocomplete = "off",
	  .hint = "A host of your own for links, like go.acme.com, that leads to this server. It is"
	          " chosen before the first link; empty is the host that all share." },
};

static const struct {
	const char *path, *text;
	enum role role;
	bool money, personal;
} tabs[] = {
	{ "general", "General", ROLE_VIEWER },
	{ "team", "Team", ROLE_ADMIN },
	{ "keys", "API keys", ROLE_ADMIN },
	{ "stripe", "Stripe", ROLE_ADMIN },
	{ "webhooks", "Webhooks", ROLE_ADMIN, true },
	{ "protected-accounts", "Protected accounts", ROLE_ADMIN, .personal = true },
};

void settings_web_tabs(struct page *p, const char *here)
{
	json_t *list = json_array();

	json_object_set_new(p->view, "tabs", list);
	for (size_t i = 0; i < LEN(tabs); i++) {
		json_t *o;

		if (p->c->actor.role < tabs[i].role
		    || (tabs[i].money && !p->c->actor.sees_money)
		    || (tabs[i].personal && !p->c->actor.sees_personal_data))
			continue;
		o = json_object();
		json_set_str(o, "text", str_from(tabs[i].text));
		json_set_str(o, "href", arena_printf(p->c->arena, "%.*s/settings/%s", STR_ARG(p->base),
		                                     tabs[i].path));
		json_set_bool(o, "here", strcmp(tabs[i].path, here) == 0);
		json_array_append_new(list, o);
	}
}

bool settings_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	if (!page_open(&p, c, q, r))
		return false;
	settings_web_tabs(&p, "general");
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), json_object_get(p.view, "org") });
	return page_show(&p, "app/settings.html", STR("Settings"));
}

bool settings_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct org before, after;
	json_t *body;
	int64_t payer;

	if (!form_get_name(c, &q->form, "payer", MUST_NAME(org_payer_names), &payer)
	    || !form_json(c, &q->form, &org_model, &body)
	    || !db_get_id(c, &org_model, c->org_id, &before))
		return false;
	json_object_del(body, "slug");
	json_object_del(body, "currency");
	after = before;
	return model_read(c, &org_model, body, &after, false)
	    && tracking_move(c, q->host, &before, &after)
	    && org_update(c, &after)
	    && audit_control(c, "org.update", id_str(c->arena, ID_ORG, c->org_id),
	                     model_change(c, &org_model, &before, &after))
	    && page_done(c, q, r, STR("/settings/general"), "org.saved");
}
