/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/customer_api.h"

#include "base/check.h"
#include "customer/customer.h"

static const struct list_filter filters[] = {
	{ "external_key", .indexed = true, .param = "external_id", .key = customer_key },
	{ "partner_id", .indexed = true },
	{ "campaign_id" },
	{ "link_id" },
	{ "country" },
	{ "created_at" },
	{ "referred_at" },
};

const struct list_spec customer_list_spec = {
	.model = &customer_model,
	.row_size = sizeof(struct customer),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
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
	    && api_reply(c, r, 200, &customer_model, &customer);
}
