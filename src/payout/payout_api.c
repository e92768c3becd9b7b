/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/payout_api.h"

#include "base/check.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "ledger/position.h"
#include "partner/partner.h"
#include "payout/payout.h"

static const struct list_filter filters[] = {
	{ .column = "partner_id", .indexed = true },
	{ .column = "run_id", .indexed = true },
	{ .column = "status" },
	{ .column = "currency" },
	{ .column = "created_at" },
};

static bool put_more(struct ctx *c, const void *row, struct buf *b)
{
	const struct payout *p = row;

	return position_put(c, (struct position){ .payout_id = p->id }, b);
}

const struct list_spec payout_list = {
	.model = &payout_model,
	.row_size = sizeof(struct payout),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
	.more = put_more,
};

bool payout_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &payout_list);
}

bool payout_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct payout p;

	return payout_get(c, id, &p) && list_put(c, &payout_list, &p, b);
}

/* One commission as a line of its payout: what of it is paid here. */
static bool put_item(struct ctx *c, struct buf *b, const struct payout_item *item)
{
	struct commission m;

	if (!commission_get(c, item->commission_id, &m))
		return false;
	jw_object(b);
	jw_key_int(b, "paid_amount", item->amount);
	model_json_members(b, c, &commission_model, &m);
	jw_object_end(b);
	return true;
}

bool payout_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct payout p;
	struct list items;
	struct buf b;
	int64_t id;

	if (!api_no_query(c, q) || !api_arg_id(c, q, 0, ID_PAYOUT, &id) || !payout_get(c, id, &p)
	    || !partner_visible(c, p.partner_id) || !payout_items(c, id, &items))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("payout"));
	model_json_members(&b, c, &payout_model, &p);
	if (!put_more(c, &p, &b))
		return false;
	jw_key(&b, "commissions");
	jw_array(&b);
	for (size_t i = 0; i < items.count; i++)
		if (!put_item(c, &b, (const struct payout_item *)items.items + i))
			return false;
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}
