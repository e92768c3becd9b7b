/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/campaign_web.h"
#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/campaign_api.h"
#include "campaign/terms_first.h"
#include "campaign/terms_first_web.h"
#include "campaign/terms_says.h"
#include "campaign/terms_version.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", campaign_status_names, "campaign" },
};

static const struct input new_inputs[] = {
	{ "name", "Name", .required = true, .hint = "Partners see it." },
	{ "slug", "Short name", .required = true, .look = "short",
	  .hint = "a-z, 0-9 and -; part of addresses, never changes." },
	{ "currency", "Currency", .required = true, .look = "short",
	  .hint = "Of tiers, caps and fixed rewards; never changes." },
	{ "url", "Where links lead", .type = "url", .required = true,
	  .hint = "The page of links that name no other." },
	{ "review", "A person approves each partner", .kind = INPUT_CHECK,
	  .hint = "Otherwise everybody who applies is in." },
};

static const struct input edit_inputs[] = {
	{ "name", "Name", .required = true },
	{ "url", "Where links lead", .type = "url", .required = true },
	{ "status", "Status", .kind = INPUT_SELECT, .names = campaign_status_names,
	  .hint = "A closed campaign cannot be opened again." },
	{ "review", "A person approves each partner", .kind = INPUT_CHECK },
};

bool campaign_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &campaign_list_spec, .choices = choices,
	                           .choice_count = LEN(choices) };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/campaigns.html", STR("Campaigns"));
}

bool campaign_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *values;
	struct page p;

	if (!page_open(&p, c, q, r))
		return false;
	values = json_own(c->arena, json_object());
	json_set_str(values, "currency", p.org.currency);
	inputs_put(&p, "form", &(struct inputs){ new_inputs, LEN(new_inputs), values });
	terms_first_web_put(&p);
	return page_show(&p, "app/campaign_new.html", STR("New campaign"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, int64_t id, const char *flash)
{
	return page_done(c, q, r, arena_printf(c->arena, "/campaigns/%.*s",
	                                       STR_ARG(id_str(c->arena, ID_CAMPAIGN, id))),
	                 flash);
}

/* As the API would take it: the document is made of the fields. */
static bool read_new(struct ctx *c, const struct req *q, struct campaign_new *out)
{
	const struct currency *cur;
	json_t *body, *terms;

	if (!page_new(c, q, &campaign_new_model, &body))
		return false;
	cur = currency_find(json_text(json_object_get(body, "currency")));
	terms = cur ? terms_form_doc(c->arena, &q->form, cur) : json_own(c->arena, json_object());
	json_object_set(body, "terms", terms);
	return model_read(c, &campaign_new_model, body, out, true)
	    && terms_first_check(c, &q->form, cur);
}

bool campaign_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign_new in = { 0 };
	struct campaign m;

	if (!read_new(c, q, &in))
		return false;
	m = (struct campaign){ .name = in.name, .slug = in.slug, .currency = in.currency,
	                       .url = in.url, .review = in.review };
	return campaign_create(c, &m, in.terms)
	    && done(c, q, r, m.id, "campaign.created");
}

static bool named(struct ctx *c, const struct req *q, struct campaign *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_CAMPAIGN, &id)
	    && campaign_get(c, id, out);
}

static bool put_version(struct page *p, const struct campaign *m)
{
	struct str asked = form_get(&p->q->query, "version");
	int64_t number = m->terms_version;
	struct terms_version v;
	struct terms t;

	if (asked.n > 0 && !str_to_int(asked, &number))
		return fail(p->c, ERR_NOT_FOUND, "version", "There is no such version");
	if (!terms_get(p->c, m->id, number, &v) || !page_put(p, "terms", &terms_model, &v))
		return false;
	json_set_str(p->view, "document", say_json(p->c->arena, v.document));
	json_set_bool(p->view, "latest", number == m->terms_version);
	json_set_bool(p->view, "future", v.effective_at > p->c->now_ms);
	if (!terms_doc_stored(p->c, v.document, currency_find(m->currency), &t))
		return false;
	json_object_set_new(p->view, "says", terms_says(p->c->arena, &t));
	return true;
}

static bool mark_version(struct page *p, const void *row, json_t *view)
{
	const struct terms_version *v = row;
	const json_t *shown = json_object_get(json_object_get(p->view, "terms"), "version");

	json_set_bool(view, "here", v->version == json_integer_value(shown));
	json_set_bool(view, "future", v->effective_at > p->c->now_ms);
	json_object_del(view, "terms");
	return true;
}

bool campaign_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign m;
	struct page p;

	if (!named(c, q, &m))
		return false;

	const struct listing versions = { .spec = &terms_list_spec, .scope = { "campaign_id", m.id },
	                                  .row = mark_version };

	return page_open(&p, c, q, r)
	    && page_put(&p, "campaign", &campaign_model, &m)
	    && put_version(&p, &m)
	    && listing_some(&p, "versions", &versions, LIST_LIMIT_MAX)
	    && page_show(&p, "app/campaign.html", m.name);
}

bool campaign_web_edit(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign m;
	struct page p;

	if (!named(c, q, &m) || !page_open(&p, c, q, r) || !page_put(&p, "campaign", &campaign_model, &m))
		return false;
	inputs_put(&p, "form", &(struct inputs){ edit_inputs, LEN(edit_inputs),
	                                         json_object_get(p.view, "campaign") });
	return page_show(&p, "app/campaign_edit.html", m.name);
}

bool campaign_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign m;
	json_t *body;

	return named(c, q, &m)
	    && form_json(c, &q->form, &campaign_model, &body)
	    && model_read(c, &campaign_model, body, &m, false)
	    && campaign_update(c, &m)
	    && done(c, q, r, m.id, "campaign.saved");
}
