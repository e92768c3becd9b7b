/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link_web.h"
#include "base/check.h"
#include "data/form.h"
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
	{ "campaign", "Campaign", NULL, NULL },
};

static const struct input new_inputs[] = {
	{ "partner", "Partner", .options = "partners", .required = true,
	  .hint = "Its id, prt_…; the newest partners are offered by name." },
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "campaigns", .required = true },
	{ "slug", "Slug", .hint = "The last part of the address. Empty: a random one. Never changes." },
	{ "url", "Destination", .type = "url", .hint = "Empty: the campaign's page." },
	{ "utm_source", "UTM source" },
	{ "utm_medium", "UTM medium" },
	{ "utm_campaign", "UTM campaign" },
};

static const struct input edit_inputs[] = {
	{ "url", "Destination", .type = "url" },
	{ "utm_source", "UTM source" },
	{ "utm_medium", "UTM medium" },
	{ "utm_campaign", "UTM campaign" },
	{ "status", "Status", .kind = INPUT_SELECT, .names = link_status_names },
};

static bool put_clicks(struct page *p, const void *row, json_t *view)
{
	int64_t clicks;

	if (!report_link_clicks(p->c, row, &clicks))
		return false;
	json_set_int(view, "clicks", clicks);
	return true;
}

bool link_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &link_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_clicks };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/links.html", STR("Links"));
}

bool link_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &link_list_spec, "links");
}

/* What the address says beforehand: ?partner=prt_…&campaign=cmp_… */
static json_t *given(struct ctx *c, const struct req *q)
{
	json_t *values = json_own(c->arena, json_object());

	json_set_str(values, "partner", form_get(&q->query, "partner"));
	json_set_str(values, "campaign", form_get(&q->query, "campaign"));
	return values;
}

bool link_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *campaigns;
	struct page p;

	if (!page_open(&p, c, q, r) || !listing_campaigns(&p, STR(""), &campaigns)
	    || !listing_partners(&p))
		return false;
	json_object_set_new(p.view, "campaigns", campaigns);
	inputs_put(&p, "form", &(struct inputs){ new_inputs, LEN(new_inputs), given(c, q) });
	return page_show(&p, "app/link_new.html", STR("New link"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, int64_t id, const char *flash)
{
	return page_done(c, q, r, arena_printf(c->arena, "/links/%.*s",
	                                       STR_ARG(id_str(c->arena, ID_LINK, id))), flash);
}

bool link_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct link link = { 0 };
	json_t *body;

	return page_new(c, q, &link_model, &body)
	    && model_read(c, &link_model, body, &link, true)
	    && link_create(c, &link)
	    && done(c, q, r, link.id, "link.created");
}

static bool named(struct ctx *c, const struct req *q, struct link *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_LINK, &id)
	    && link_get(c, id, out);
}

bool link_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct str url;
	struct link link;
	struct page p;

	if (!named(c, q, &link) || !page_open(&p, c, q, r)
	    || !page_put(&p, "link", &link_model, &link)
	    || !link_short_url(c, link.slug, &url)
	    || !put_clicks(&p, &link, json_object_get(p.view, "link"))
	    || !names_put(&p, json_object_get(p.view, "link")))
		return false;
	json_set_str(p.view, "short_url", url);
	json_object_set_new(p.view, "qr", qr_view(c->arena, url));
	inputs_put(&p, "form", &(struct inputs){ edit_inputs, LEN(edit_inputs),
	                                         json_object_get(p.view, "link") });
	return page_show(&p, "app/link.html", link.slug);
}

bool link_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct link before, after;
	json_t *body;

	if (!named(c, q, &before) || !form_json(c, &q->form, &link_model, &body))
		return false;
	after = before;
	return model_read(c, &link_model, body, &after, false)
	    && link_update(c, &before, &after)
	    && done(c, q, r, before.id, "link.saved");
}
