/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/customer_api.h"

#include "base/check.h"
#include "customer/customer.h"
#include "customer/owner.h"
#include "data/json_out.h"
#include "data/model_json.h"

/* Partners see their own share, and of whom else it is nothing. */
static bool put_owners(struct ctx *c, const void *row, struct buf *b)
{
	struct list owners;

	if (!owner_list(c, row, &owners))
		return false;
	jw_key(b, "owners");
	jw_array(b);
	for (size_t i = 0; i < owners.count; i++) {
		const struct owner_row *o = (const struct owner_row *)owners.items + i;

		if (c->actor.kind == ACTOR_PARTNER && o->partner_id != c->actor.partner_id)
			continue;
		jw_object(b);
		jw_key_id(b, "partner", ID_PARTNER, o->partner_id);
		jw_key_id(b, "link", ID_LINK, o->link_id);
		jw_key_int(b, "share_ppm", o->share_ppm);
		jw_object_end(b);
	}
	jw_array_end(b);
	return true;
}

static const struct list_filter filters[] = {
	{ "external_key", .indexed = true, .param = "external_id", .key = customer_key },
	{ "partner_id", .indexed = true },
	{ "campaign_id" },
	{ "link_id" },
	{ "country" },
	{ "created_at" },
	{ "referred_at" },
	{ .param = "owner", .kind = ID_PARTNER,
	  .where = "(customer.partner_id = @ OR EXISTS (SELECT 1 FROM customer_owner o"
	           " WHERE o.org_id = $1 AND o.customer_id = customer.id AND o.partner_id = @))" },
};

const struct list_spec customer_list_spec = {
	.model = &customer_model,
	.row_size = sizeof(struct customer),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
	.more = put_owners,
};

bool customer_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &customer_list_spec);
}

bool customer_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct customer customer;
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_CUSTOMER, &id)
	    && customer_get(c, id, &customer)
	    && list_reply_row(c, r, 200, &customer_list_spec, &customer);
}

bool customer_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct customer_change change;
	struct customer customer;
	json_t *body;
	int64_t id;

	if (!api_no_query(c, q) || !api_body(c, q, &body) || !api_arg_id(c, q, 0, ID_CUSTOMER, &id)
	    || !customer_get(c, id, &customer))
		return false;
	change.metadata = customer.metadata;
	if (!model_read(c, &customer_change_model, body, &change, false)
	    || !customer_note(c, &customer, change.metadata))
		return false;
	customer.metadata = change.metadata;
	return list_reply_row(c, r, 200, &customer_list_spec, &customer);
}
