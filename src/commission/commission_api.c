/* SPDX-License-Identifier: Apache-2.0 */
#include "commission/commission_api.h"

#include "base/check.h"
#include "change/change.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "ledger/ledger.h"
#include "ledger/position.h"
#include "partner/partner.h"
#include "payout/payout.h"

static bool put_more(struct ctx *c, const void *row, struct buf *b)
{
	const struct commission *m = row;

	jw_key(b, "holds");
	commission_put_holds(b, m->holds);
	return position_put(c, (struct position){ .commission_id = m->id }, b);
}

static const struct list_filter filters[] = {
	{ .column = "partner_id", .indexed = true },
	{ .column = "event_id", .indexed = true },
	{ .column = "campaign_id" },
	{ .column = "customer_id",
	  .lead = "event_id IN (SELECT e.id FROM event e WHERE e.org_id = $1"
	          " AND e.customer_id = @) AND customer_id = @" },
	{ .column = "payout_id",
	  .lead = "id IN (SELECT i.commission_id FROM payout_item i WHERE i.org_id = $1"
	          " AND i.payout_id = @) AND payout_id = @" },
	{ .column = "status", .indexed = true },
	{ .column = "currency" },
	{ .column = "created_at" },
	{ .column = "occurred_at" },
};

const struct list_spec commission_list = {
	.model = &commission_model,
	.row_size = sizeof(struct commission),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
	.more = put_more,
};

bool commission_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &commission_list);
}

static bool read_one(struct ctx *c, const struct req *q, struct commission *out)
{
	int64_t id;

	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_COMMISSION, &id)
	       && commission_get(c, id, out) && partner_visible(c, out->partner_id);
}

static bool put_payouts(struct ctx *c, struct buf *b, int64_t commission_id)
{
	struct rows rows;

	if (!payout_of_commission(c, commission_id, &rows))
		return false;
	jw_key(b, "payouts");
	jw_array(b);
	for (size_t i = 0; i < rows.count; i++) {
		jw_object(b);
		jw_key_id(b, "payout", ID_PAYOUT, rows_int(&rows, i, 0));
		jw_key_int(b, "amount", rows_int(&rows, i, 1));
		jw_key_str(b, "status", str_from(payout_status_names[rows_int(&rows, i, 2)]));
		jw_object_end(b);
	}
	jw_array_end(b);
	return true;
}

static bool put_entries(struct ctx *c, struct buf *b, int64_t commission_id)
{
	struct list entries;

	if (!ledger_about(c, commission_id, 0, &entries))
		return false;
	jw_key(b, "entries");
	jw_array(b);
	for (size_t i = 0; i < entries.count; i++)
		jw_id(b, ID_LEDGER, ((const struct entry *)entries.items)[i].id);
	jw_array_end(b);
	return true;
}

/* One commission with what it was paid by and the entries behind it. */
static bool print_one(struct ctx *c, const struct commission *m, struct buf *b)
{
	jw_object(b);
	jw_key_str(b, "object", STR("commission"));
	model_json_members(b, c, &commission_model, m);
	if (!put_more(c, m, b))
		return false;
	if (c->actor.sees_money
	    && (!put_payouts(c, b, m->id) || !put_entries(c, b, m->id)))
		return false;
	jw_object_end(b);
	return true;
}

bool commission_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct commission m;

	return commission_get(c, id, &m) && print_one(c, &m, b);
}

static bool reply_one(struct ctx *c, struct res *r, const struct commission *m)
{
	struct buf b;

	buf_init(&b, c->arena);
	return print_one(c, m, &b) && api_reply_buf(r, 200, &b);
}

bool commission_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct commission m;

	return read_one(c, q, &m) && reply_one(c, r, &m);
}

static bool step(struct ctx *c, const struct req *q, struct res *r, const char *action,
                 bool (*change)(struct ctx *, struct commission *))
{
	struct commission m, before;

	if (!read_one(c, q, &m))
		return false;
	before = m;
	return change(c, &m)
	       && change_row(c, action, &commission_model, &before, &m)
	       && reply_one(c, r, &m);
}

bool commission_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "commission.approve", commission_approve);
}

bool commission_api_hold(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "commission.hold", commission_hold);
}

bool commission_api_release(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "commission.release", commission_release);
}

bool commission_api_reject(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "commission.reject", commission_reject);
}
