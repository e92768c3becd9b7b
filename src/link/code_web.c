/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "link/code.h"
#include "link/link_api.h"
#include "link/link_web.h"
#include "web/inputs.h"
#include "web/listing.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", code_status_names, "code" },
	{ "campaign", "Campaign", NULL, NULL },
};

static const struct input inputs[] = {
	{ "partner", "Partner", .options = "partners", .required = true,
	  .hint = "Its id, prt_…; the newest partners are offered by name." },
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "campaigns", .required = true },
	{ "code", "Code", .required = true, .hint = "What customers type in, in any letter case." },
};

static bool put_active(struct page *p, const void *row, json_t *view)
{
	(void)p;
	json_set_bool(view, "active", ((const struct code *)row)->status == CODE_ACTIVE);
	return true;
}

bool code_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &code_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_active };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/codes.html", STR("Codes"));
}

bool code_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *values = json_own(c->arena, json_object()), *campaigns;
	struct page p;

	if (!page_open(&p, c, q, r) || !listing_campaigns(&p, STR(""), &campaigns)
	    || !listing_partners(&p))
		return false;
	json_object_set_new(p.view, "campaigns", campaigns);
	json_set_str(values, "partner", form_get(&q->query, "partner"));
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), values });
	return page_show(&p, "app/code_new.html", STR("New code"));
}

bool code_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct code code = { 0 };
	json_t *body;

	return page_new(c, q, &code_model, &body)
	    && model_read(c, &code_model, body, &code, true)
	    && code_create(c, &code)
	    && page_done(c, q, r, STR("/codes"), "code.created");
}

bool code_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct code code;
	json_t *body;
	int64_t id;

	return page_arg_id(c, q, ID_CODE, &id)
	    && code_get(c, id, &code)
	    && form_json(c, &q->form, &code_model, &body)
	    && model_read(c, &code_model, body, &code, false)
	    && code_update(c, &code)
	    && page_done(c, q, r, STR("/codes"), "code.saved");
}
