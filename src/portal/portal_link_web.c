/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_link_web.h"
#include "base/check.h"
#include "data/json.h"
#include "data/model_json.h"
#include "link/link.h"
#include "link/link_api.h"
#include "report/report.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/qr.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", link_status_names, "link" },
};

static const struct input inputs[] = {
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "shareable", .required = true },
	{ "url", "Page it leads to", .type = "url",
	  .hint = "Any page of the campaign's site. Empty: its start page." },
	{ "slug", "Ending of the address",
	  .hint = "Letters, digits and hyphens. Empty: a random one. It never changes." },
	{ "utm_source", "UTM source", .hint = "For your own statistics, like newsletter." },
	{ "utm_campaign", "UTM campaign" },
};

static bool put_clicks(struct page *p, const void *row, json_t *view)
{
	int64_t clicks;

	if (!report_link_clicks(p->c, row, &clicks))
		return false;
	json_set_int(view, "clicks", clicks);
	return true;
}

/* The campaigns that may be shared, as options; an example of their pages. */
static bool put_shareable(struct portal *o)
{
	const struct portal_campaign *all;
	json_t *list = json_array();
	size_t n;

	json_object_set_new(o->page.view, "shareable", list);
	if (!portal_terms_campaigns(o, &all, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		json_t *e;

		if (!all[i].shares)
			continue;
		e = json_object();
		json_set_id(e, "value", ID_CAMPAIGN, all[i].campaign.id);
		json_set_str(e, "text", all[i].campaign.name);
		json_set_str(e, "url", all[i].campaign.url);
		json_array_append_new(list, e);
	}
	json_set_bool(o->page.view, "shares", json_array_size(list) > 0);
	json_set_bool(o->page.view, "choose", json_array_size(list) > 1);
	return true;
}

bool portal_link_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &link_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_clicks };
	const struct listing codes = { .spec = &code_list_spec };
	struct portal o;

	return portal_web_open(&o, c, q, r)
	    && listing_put(&o.page, "list", &l)
	    && listing_some(&o.page, "codes", &codes, LIST_LIMIT_MAX)
	    && put_shareable(&o)
	    && portal_web_show(&o, "portal/links.html", STR("Links"));
}

bool portal_link_new(struct ctx *c, const struct req *q, struct res *r)
{
	struct portal o;

	if (!portal_web_open(&o, c, q, r) || !put_shareable(&o))
		return false;
	inputs_put(&o.page, "form", &(struct inputs){ inputs, LEN(inputs), NULL });
	return portal_web_show(&o, "portal/link_new.html", STR("New link"));
}

/* Only what a partner may say; whose link it is, is the session's to say. */
static bool read_link(struct ctx *c, const struct req *q, struct link *out)
{
	static const char *const names[] = { "campaign", "slug", "url", "utm_source",
		                             "utm_campaign" };
	json_t *body = json_own(c->arena, json_object());

	*out = (struct link){ 0 };
	for (size_t i = 0; i < LEN(names); i++)
		if (page_text(q, names[i]).n > 0)
			json_set_str(body, names[i], page_text(q, names[i]));
	/* The form of the home page is for a certain page: it has to say which. */
	if (form_has(&q->form, "certain") && page_text(q, "url").n == 0)
		return fail(c, ERR_INVALID, "url", "is required");
	json_set_id(body, "partner", ID_PARTNER, c->actor.partner_id);
	return model_read(c, &link_model, body, out, true);
}

bool portal_link_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct link link;

	return read_link(c, q, &link)
	    && link_create(c, &link)
	    && portal_web_done(c, q, r,
	                       arena_printf(c->arena, "/links/%.*s",
	                                    STR_ARG(id_str(c->arena, ID_LINK, link.id))),
	                       "link.created");
}

/* The address to copy, and its picture. */
static bool put_address(struct portal *o, const struct link *link)
{
	json_t *view = json_object();
	struct str url;

	json_object_set_new(o->page.view, "my_link", view);
	if (!link_short_url(o->page.c, link->slug, &url))
		return false;
	json_set_id(view, "id", ID_LINK, link->id);
	json_set_str(view, "slug", link->slug);
	json_set_str(view, "address", url);
	json_set_str(view, "leads_to", link->url);
	json_object_set_new(view, "qr", qr_view(o->page.c->arena, url));
	return true;
}

bool portal_link_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct link link;
	struct portal o;
	int64_t id;

	if (!page_arg_id(c, q, ID_LINK, &id) || !link_get(c, id, &link)
	    || !portal_web_open(&o, c, q, r) || !page_put(&o.page, "link", &link_model, &link)
	    || !put_clicks(&o.page, &link, json_object_get(o.page.view, "link"))
	    || !names_put(&o.page, json_object_get(o.page.view, "link")))
		return false;
	return put_address(&o, &link)
	    && portal_web_show(&o, "portal/link.html", link.slug);
}

/* The oldest active link: the one that is already out there. */
static const struct link *first_of(const struct list_page *page)
{
	size_t n = page->rows.count;

	return n > 0 ? (const struct link *)page->rows.items + n - 1 : NULL;
}

bool portal_link_share(struct portal *o)
{
	struct form_field fields[] = { { STR("status"), STR("active") },
	                               { STR("limit"), STR("100") } };
	const struct link *link;
	struct list_page page;

	json_object_set_new(o->page.view, "my_link", json_null());
	if (!put_shareable(o)
	    || !list_find(o->page.c, &(struct form){ fields, LEN(fields) }, &link_list_spec,
	                  (struct list_scope){ 0 }, &page))
		return false;
	link = first_of(&page);
	return !link || put_address(o, link);
}
