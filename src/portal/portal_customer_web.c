/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_customer_web.h"
#include "base/check.h"
#include "customer/customer.h"
#include "customer/customer_api.h"
#include "data/json.h"
#include "rules/names.h"
#include "web/listing.h"
#include "web/say.h"

/* Only what cannot tell who it is. */
static bool put_row(struct page *p, const void *row, json_t *view)
{
	const struct customer *cu = row;
	struct str id = id_str(p->c->arena, ID_CUSTOMER, cu->id);

	json_set_str(view, "title", arena_printf(p->c->arena, "Customer %.*s", 6, id.p + id.n - 6));
	json_set_str(view, "signal", say_words(p->c->arena, str_from(signal_names[cu->signal])));
	return true;
}

bool portal_customer_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &customer_list_spec, .row = put_row };
	struct portal o;

	return portal_web_open(&o, c, q, r)
	    && listing_put(&o.page, "list", &l)
	    && portal_web_show(&o, "portal/customers.html", STR("Customers"));
}
