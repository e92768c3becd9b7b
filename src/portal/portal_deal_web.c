/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_deal_web.h"

#include "base/check.h"
#include "base/money.h"
#include "customer/account.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "deal/deal.h"
#include "deal/deal_api.h"
#include "deal/deal_history.h"
#include "portal/portal_terms_web.h"
#include "web/badge.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/names.h"

static const struct listing_choice choices[] = {
	{ "stage", "Stage", deal_stage_names, "deal" },
};

static const struct input inputs[] = {
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "open", .required = true },
	{ "company", "Company", .required = true, .hint = "Whom you are about to win." },
	{ "domain", "Domain", .hint = "Of the company, like acme.com." },
	{ "email", "E-mail address", .type = "email",
	  .hint = "Of the person you talk to; needed where there is no domain." },
	{ "amount.money", "Expected amount", .look = "short" },
	{ "currency", "Currency", .look = "short", .hint = "Like EUR; empty: the campaign's." },
	{ "note", "Note", .kind = INPUT_AREA, .hint = "What helps to judge it: where you stand." },
};

/* The campaigns in which a deal can be registered, as options. */
static bool put_open(struct portal *o)
{
	const struct portal_campaign *all;
	json_t *list = json_array();
	size_t n;

	json_object_set_new(o->page.view, "open", list);
	if (!portal_terms_campaigns(o, &all, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool counts;
		json_t *e;

		if (all[i].status != PARTNER_APPROVED || all[i].campaign.status == CAMPAIGN_CLOSED)
			continue;
		if (!deal_counts(o->page.c, all[i].campaign.id, &counts))
			return false;
		if (!counts)
			continue;
		e = json_object();
		json_set_id(e, "value", ID_CAMPAIGN, all[i].campaign.id);
		json_set_str(e, "text", all[i].campaign.name);
		json_array_append_new(list, e);
	}
	json_set_bool(o->page.view, "registers", json_array_size(list) > 0);
	return true;
}

bool portal_deal_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &deal_list_spec, .choices = choices,
	                           .choice_count = LEN(choices) };
	struct portal o;

	return portal_web_open(&o, c, q, r)
	    && listing_put(&o.page, "list", &l)
	    && put_open(&o)
	    && portal_web_show(&o, "portal/deals.html", STR("Deals"));
}

bool portal_deal_new(struct ctx *c, const struct req *q, struct res *r)
{
	struct portal o;

	account_wake(c);
	if (!portal_web_open(&o, c, q, r) || !put_open(&o))
		return false;
	inputs_put(&o.page, "form", &(struct inputs){ inputs, LEN(inputs), NULL });
	return portal_web_show(&o, "portal/deal_new.html", STR("Register a deal"));
}

/* Only what a partner may say; whose deal it is, is the session's to say. */
static bool read_deal(struct ctx *c, const struct req *q, struct deal_new *out)
{
	json_t *body;

	*out = (struct deal_new){ 0 };
	if (!page_new(c, q, &deal_new_model, &body))
		return false;
	json_object_del(body, "customer");
	json_set_id(body, "partner", ID_PARTNER, c->actor.partner_id);
	return model_read(c, &deal_new_model, body, out, true);
}

bool portal_deal_create(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const flashes[] = {
		[DEAL_REGISTERED] = "deal.registered",
		[DEAL_REVIEW] = "deal.submitted",
		[DEAL_DECLINED] = "deal.refused",
	};
	struct deal_new in;
	struct deal d;

	return read_deal(c, q, &in)
	    && deal_register(c, &in, &d)
	    && portal_web_done(c, q, r,
	                       arena_printf(c->arena, "/deals/%.*s",
	                                    STR_ARG(id_str(c->arena, ID_DEAL, d.id))),
	                       flashes[d.stage]);
}

/* What has become of it, the latest first; who decided is the organisation's own matter. */
static bool put_history(struct page *p, const struct deal *d)
{
	json_t *list = json_array();
	struct list all;

	json_object_set_new(p->view, "trail", list);
	if (!deal_history_list(p->c, d->id, &all))
		return false;
	for (size_t i = all.count; i-- > 0;) {
		const struct deal_history *h = (const struct deal_history *)all.items + i;
		json_t *o = json_object();

		json_object_set_new(o, "badge",
		                    badge_view(STR("deal"), str_from(deal_stage_names[h->stage])));
		json_set_time(o, "made_at", h->made_at);
		json_set_str(o, "reason", h->reason);
		if (h->protected_until)
			json_set_time(o, "protected_until", h->protected_until);
		json_array_append_new(list, o);
	}
	return true;
}

/*
 * Of a joint deal a partner reads its own share and the names of the others. Whom the organisation
 * talks to there, and what it notes, it told the deal's own partner.
 */
static bool put_part(struct page *p, const struct deal *d, json_t *view)
{
	json_t *others = json_array();
	int64_t me = p->c->actor.partner_id;
	int64_t share;
	struct rows names;

	json_object_set_new(view, "others", others);
	if (d->partner_id != me) {
		json_object_del(view, "email");
		json_object_del(view, "note");
	}
	json_object_del(view, "partner");
	if (d->partner_count < 2)
		return true;
	if (!deal_share_of(p->c, d->id, me, &share) || !deal_share_names(p->c, d->id, &names))
		return false;
	if (share > 0)
		json_set_str(view, "share", percent_text(p->c->arena, share));
	for (size_t i = 0; i < names.count; i++)
		if (rows_int(&names, i, 1) != me)
			json_array_append_new(others, json_from_str(rows_str(&names, i, 0)));
	return true;
}

bool portal_deal_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct portal o;
	struct deal d;
	json_t *view;
	int64_t id;

	if (!page_arg_id(c, q, ID_DEAL, &id) || !deal_get(c, id, &d)
	    || !portal_web_open(&o, c, q, r) || !page_put(&o.page, "deal", &deal_model, &d))
		return false;
	view = json_object_get(o.page.view, "deal");
	json_object_del(view, "conflict_deal");
	json_set_bool(view, "protected", deal_is_protected(c, &d));
	json_set_bool(view, "expired", d.stage == DEAL_EXPIRED);
	return put_part(&o.page, &d, view)
	    && names_put(&o.page, view)
	    && put_history(&o.page, &d)
	    && portal_web_show(&o, "portal/deal.html", d.company);
}
