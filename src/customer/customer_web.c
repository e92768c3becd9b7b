/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/customer_web.h"
#include "base/check.h"
#include "base/money.h"
#include "commission/commission_api.h"
#include "customer/customer.h"
#include "customer/customer_api.h"
#include "customer/owner.h"
#include "customer/touch.h"
#include "data/json.h"
#include "data/model_json.h"
#include "event/track_api.h"
#include "rules/names.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

#define SOME 50

static const struct listing_choice choices[] = {
	{ "campaign", "Campaign", NULL, NULL },
};

/* What the page calls the customer. */
static bool put_title(struct page *p, const void *row, json_t *view)
{
	const struct customer *cu = row;
	struct str id = id_str(p->c->arena, ID_CUSTOMER, cu->id);
	bool seen = p->c->actor.sees_personal_data;
	struct str title = !seen ? arena_printf(p->c->arena, "Customer %.*s", 6, id.p + id.n - 6)
	                 : cu->name.n ? cu->name : cu->email.n ? cu->email : cu->external_id;

	json_set_str(view, "title", title);
	json_set_bool(view, "named", !seen || cu->name.n > 0); /* otherwise the title is the address */
	json_set_int(view, "others", cu->owner_count > 1 ? cu->owner_count - 1 : 0);
	json_set_bool(view, "shared", cu->owner_count > 1);
	json_set_str(view, "signal", cu->partner_id ? say_words(p->c->arena,
	                                                        str_from(signal_names[cu->signal]))
	                                            : STR(""));
	return true;
}

bool customer_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &customer_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_title };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/customers.html", STR("Customers"));
}

bool customer_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &customer_list_spec, "customers");
}

static bool put_touches(struct page *p, int64_t customer_id)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "touches", list);
	if (!touch_list(p->c, customer_id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct touch *t = (const struct touch *)rows.items + i;
		json_t *o = model_view(p->c, &touch_model, t);

		json_set_str(o, "signal",
		             say_words(p->c->arena, str_from(signal_names[t->signal])));
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

/* Whoever owns it, with a share where there are several. */
static bool put_owners(struct page *p, const struct customer *cu)
{
	struct arena *a = p->c->arena;
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "owners", list);
	if (!owner_list(p->c, cu, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct owner_row *k = (const struct owner_row *)rows.items + i;
		json_t *o = model_view(p->c, &owner_model, k);

		json_set_str(o, "share", rows.count < 2 ? STR("")
		                         : arena_printf(a, "%.*s %%",
		                                        STR_ARG(percent_text(a, k->share_ppm))));
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

bool customer_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct customer cu;
	struct page p;
	int64_t id;
	json_t *view;

	if (!page_arg_id(c, q, ID_CUSTOMER, &id) || !customer_get(c, id, &cu)
	    || !page_open(&p, c, q, r) || !page_put(&p, "customer", &customer_model, &cu))
		return false;

	const struct listing events = { .spec = &event_list, .scope = { "customer_id", id } };
	const struct listing commissions = { .spec = &commission_list,
	                                     .scope = { "customer_id", id } };

	view = json_object_get(p.view, "customer");
	put_title(&p, &cu, view);
	return names_put(&p, view)
	    && put_owners(&p, &cu)
	    && put_touches(&p, id)
	    && listing_some(&p, "events", &events, SOME)
	    && listing_some(&p, "commissions", &commissions, SOME)
	    && page_show(&p, "app/customer.html", json_text(json_object_get(view, "title")));
}
