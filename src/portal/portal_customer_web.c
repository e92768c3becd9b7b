/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_customer_web.h"
#include "base/check.h"
#include "base/money.h"
#include "customer/customer.h"
#include "customer/customer_api.h"
#include "customer/owner.h"
#include "data/json.h"
#include "rules/names.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

#define SHARED_MAX 100

/* Only what cannot tell who it is. */
static bool put_row(struct page *p, const void *row, json_t *view)
{
	const struct customer *cu = row;
	struct str id = id_str(p->c->arena, ID_CUSTOMER, cu->id);

	json_set_str(view, "title", arena_printf(p->c->arena, "Customer %.*s", 6, id.p + id.n - 6));
	json_set_str(view, "signal", say_words(p->c->arena, str_from(signal_names[cu->signal])));
	return true;
}

/* Of a customer that several own: "50 %". */
static bool put_share(struct page *p, const struct customer *cu, json_t *view)
{
	struct arena *a = p->c->arena;
	struct list owners;

	json_set_str(view, "share", STR(""));
	if (cu->owner_count < 2)
		return true;
	if (!owner_list(p->c, cu, &owners))
		return false;
	for (size_t i = 0; i < owners.count; i++) {
		const struct owner_row *o = (const struct owner_row *)owners.items + i;

		if (o->partner_id == p->c->actor.partner_id)
			json_set_str(view, "share",
			             arena_printf(a, "%.*s %%",
			                          STR_ARG(percent_text(a, o->share_ppm))));
	}
	return true;
}

static bool put_list_row(struct page *p, const void *row, json_t *view)
{
	return put_row(p, row, view) && put_share(p, row, view);
}

/* Customers that others referred first and the partner shares. */
static bool put_shared(struct page *p)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "shared", list);
	if (!owner_shared_list(p->c, p->c->actor.partner_id, SHARED_MAX, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct customer *cu = (const struct customer *)rows.items + i;
		json_t *o = json_object();

		put_row(p, cu, o);
		json_set_time(o, "referred_at", cu->referred_at);
		json_set_str(o, "country", cu->country);
		json_set_int(o, "invoices", cu->invoices);
		json_set_id(o, "campaign", ID_CAMPAIGN, cu->campaign_id);
		json_array_append_new(list, o);
		if (!put_share(p, cu, o))
			return false;
	}
	json_set_bool(p->view, "any_shared", rows.count > 0);
	return names_put(p, list);
}

bool portal_customer_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &customer_list_spec, .row = put_list_row };
	struct portal o;

	return portal_web_open(&o, c, q, r)
	    && listing_put(&o.page, "list", &l)
	    && put_shared(&o.page)
	    && portal_web_show(&o, "portal/customers.html", STR("Customers"));
}
