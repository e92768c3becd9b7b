/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_api.h"

#include "base/check.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "ledger/balance.h"
#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "ledger/position.h"
#include "partner/partner.h"

static bool put_legs(struct ctx *c, const void *row, struct buf *b)
{
	struct entry e = *(const struct entry *)row;

	if (!ledger_legs(c, &e))
		return false;
	jw_key(b, "legs");
	jw_array(b);
	for (size_t i = 0; i < e.leg_count; i++) {
		jw_object(b);
		model_json_members(b, c, &leg_model, &e.legs[i]);
		jw_object_end(b);
	}
	jw_array_end(b);
	return true;
}

static const struct list_filter filters[] = {
	{ .column = "commission_id", .indexed = true },
	{ .column = "payout_id", .lead = "commission_id = 0 AND payout_id = @" },
	{ .column = "kind", .common = "accrue" },
	{ .column = "at" },
	{ .column = "posted_at" },
};

const struct list_spec ledger_list = {
	.model = &entry_model,
	.row_size = sizeof(struct entry),
	.filters = filters,
	.filter_count = LEN(filters),
	.more = put_legs,
};

bool ledger_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &ledger_list);
}

bool ledger_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct entry e = { 0 };
	int64_t id;

	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_LEDGER, &id)
	       && db_get_id(c, &entry_model, id, &e) && list_reply_row(c, r, 200, &ledger_list, &e);
}

static bool put_sums(struct ctx *c, const void *row, struct buf *b)
{
	const struct checkpoint *k = row;

	(void)c;
	jw_key_raw(b, "sums", k->sums);
	return true;
}

const struct list_spec checkpoint_list_spec = {
	.model = &checkpoint_model,
	.row_size = sizeof(struct checkpoint),
	.more = put_sums,
};

bool checkpoint_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &checkpoint_list_spec);
}

/* What of pending is held for review, in one currency. */
static int64_t held_in(const struct rows *held, int64_t partner_id, struct str currency)
{
	for (size_t i = 0; i < held->count; i++)
		if (rows_int(held, i, 0) == partner_id && str_eq(rows_str(held, i, 1), currency))
			return rows_int(held, i, 2);
	return 0;
}

/* Balances of one answer are of one moment, and so have one position. */
static void put_balance(struct buf *b, const struct balance *l, int64_t held, int64_t position)
{
	jw_object(b);
	jw_key_str(b, "object", STR("balance"));
	jw_key_id(b, "partner", ID_PARTNER, l->partner_id);
	jw_key_str(b, "currency", l->currency);
	jw_key_int(b, "pending", l->pending - held);
	jw_key_int(b, "held", held);
	jw_key_int(b, "payable", l->payable);
	jw_key_int(b, "in_payout", l->in_payout);
	jw_key_int(b, "paid", l->paid);
	jw_key_int(b, "ledger_position", position);
	jw_object_end(b);
}

struct page {
	int64_t partner_id; /* 0: of everybody */
	int64_t after;
	int64_t limit;      /* partners, not rows */
};

static bool only_known(struct ctx *c, const struct req *q)
{
	static const char *const known[] = { "partner", "limit", "starting_after", NULL };

	for (size_t i = 0; i < q->query.count; i++)
		if (names_find(known, q->query.fields[i].name) < 0)
			return fail(c, ERR_INVALID, arena_cstr(c->arena, q->query.fields[i].name),
			            "is not a parameter of this call");
	return true;
}

/* Partners see their own. */
static bool read_page(struct ctx *c, const struct req *q, struct page *out)
{
	if (!only_known(c, q)
	    || !form_get_id(c, &q->query, "partner", MAY_ID(ID_PARTNER), &out->partner_id)
	    || !form_get_id(c, &q->query, "starting_after", MAY_ID(ID_PARTNER), &out->after)
	    || !form_get_int(c, &q->query, "limit", MAY(1, LIST_LIMIT_MAX), &out->limit))
		return false;
	if (c->actor.kind == ACTOR_PARTNER && out->partner_id == 0)
		out->partner_id = c->actor.partner_id;
	return out->partner_id == 0 || partner_visible(c, out->partner_id);
}

static bool read_balances(struct ctx *c, const struct page *page, struct list *out, bool *out_more)
{
	const struct balance *all;
	int64_t partners = 0;

	*out_more = false;
	if (page->partner_id)
		return balance_list(c, page->partner_id, out);
	if (!balance_page(c, page->after, page->limit + 1, out))
		return false;
	all = out->items;
	for (size_t i = 0; i < out->count; i++) {
		partners += i == 0 || all[i].partner_id != all[i - 1].partner_id;
		if (partners > page->limit) {
			out->count = i;
			*out_more = true;
		}
	}
	return true;
}

bool balance_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct page page = { .limit = LIST_LIMIT_MAX };
	struct list balances;
	struct partner p;
	struct rows held;
	struct buf b;
	int64_t position;
	bool more;

	if (!read_page(c, q, &page) || (page.partner_id && !partner_get(c, page.partner_id, &p))
	    || !read_balances(c, &page, &balances, &more)
	    || !commission_held(c, page.partner_id, &held)
	    || !position_find(c, (struct position){ 0 }, &position))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("list"));
	jw_key_str(&b, "url", STR("/api/v1/balances"));
	jw_key_bool(&b, "has_more", more);
	jw_key(&b, "data");
	jw_array(&b);
	for (size_t i = 0; i < balances.count; i++) {
		const struct balance *l = (const struct balance *)balances.items + i;

		put_balance(&b, l, held_in(&held, l->partner_id, l->currency),
		            position);
	}
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}
