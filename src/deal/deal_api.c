/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_api.h"

#include "base/check.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "deal/deal.h"
#include "deal/deal_history.h"
#include "deal/deal_step.h"
#include "deal/protected_account.h"

static void settle(struct ctx *c, void *row)
{
	deal_settle(c, row);
}

static const struct list_filter filters[] = {
	{ "partner_id", .lead = DEAL_SHARE_LEAD },
	{ "campaign_id" },
	{ "stage", .value = "CASE WHEN stage = 0 AND protected_until <= # THEN 5 ELSE stage END" },
	{ "conflict" },
	{ "domain" },
	{ "customer" },
	{ "protected_until" },
	{ "created_at" },
};

/* A partner reads its own part only. */
static bool put_shares(struct ctx *c, const void *row, struct buf *b)
{
	const struct deal *d = row;
	struct deal_shares shares;

	if (!deal_share_list(c, d, &shares))
		return false;
	jw_key(b, "shares");
	jw_array(b);
	for (size_t i = 0; i < shares.count; i++)
		if (c->actor.kind != ACTOR_PARTNER
		    || shares.all[i].partner_id == c->actor.partner_id)
			model_json(b, c, &deal_share_model, &shares.all[i]);
	jw_array_end(b);
	return true;
}

const struct list_spec deal_list_spec = {
	.model = &deal_model,
	.row_size = sizeof(struct deal),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
	.more = put_shares,
	.settle = settle,
};

static const struct list_filter account_filters[] = {
	{ "account" },
	{ "created_at" },
};

const struct list_spec protected_account_list_spec = {
	.model = &protected_account_model,
	.row_size = sizeof(struct protected_account),
	.filters = account_filters,
	.filter_count = LEN(account_filters),
};

/* One deal with its history. */
static bool print(struct ctx *c, const struct deal *d, struct buf *b)
{
	struct list stages;

	if (!deal_history_list(c, d->id, &stages))
		return false;
	jw_object(b);
	jw_key_str(b, "object", STR("deal"));
	model_json_members(b, c, &deal_model, d);
	if (!put_shares(c, d, b))
		return false;
	jw_key(b, "history");
	jw_array(b);
	for (size_t i = 0; i < stages.count; i++)
		model_json(b, c, &deal_history_model, (const struct deal_history *)stages.items + i);
	jw_array_end(b);
	jw_object_end(b);
	return true;
}

bool deal_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct deal d;

	return deal_get(c, id, &d)
	    && print(c, &d, b);
}

static bool reply(struct ctx *c, struct res *r, int status, const struct deal *d)
{
	struct buf b;

	buf_init(&b, c->arena);
	return print(c, d, &b)
	    && api_reply_buf(r, status, &b);
}

bool deal_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &deal_list_spec);
}

/* The shares are no field: a list of them may be there beside those. */
static bool read_new(struct ctx *c, json_t *body, struct deal_new *out)
{
	json_t *list = NULL, *rest = json_own(c->arena, json_copy(body));

	if (!json_get_array(c, body, "shares", MAY(0, 0), &list)
	    || (list && !deal_share_read(c, list, &out->shares)))
		return false;
	json_object_del(rest, "shares");
	return model_read(c, &deal_new_model, rest, out, true);
}

bool deal_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal_new in = { 0 };
	struct deal d;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && read_new(c, body, &in)
	    && deal_register(c, &in, &d)
	    && reply(c, r, 201, &d);
}

static bool named(struct ctx *c, const struct req *q, struct deal *out)
{
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_DEAL, &id)
	    && deal_get(c, id, out);
}

bool deal_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal d;

	return named(c, q, &d)
	    && reply(c, r, 200, &d);
}

bool deal_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal before, after;
	json_t *body;

	if (!api_body(c, q, &body) || !named(c, q, &before))
		return false;
	after = before;
	return model_read(c, &deal_model, body, &after, false)
	    && deal_update(c, &before, &after)
	    && reply(c, r, 200, &after);
}

static bool take_step(struct ctx *c, const struct req *q, struct res *r, const struct model *m,
                      bool (*take)(struct ctx *, struct deal *, const struct deal_step *))
{
	struct deal_step step = { 0 };
	struct deal d;
	json_t *body;

	return api_body_or_none(c, q, &body)
	    && named(c, q, &d)
	    && model_read(c, m, body, &step, true)
	    && take(c, &d, &step)
	    && reply(c, r, 200, &d);
}

bool deal_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, &deal_note_model, deal_approve);
}

bool deal_api_decline(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, &deal_reason_model, deal_decline);
}

bool deal_api_extend(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, &deal_extend_model, deal_extend);
}

bool deal_api_win(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, &deal_win_model, deal_win);
}

bool deal_api_lose(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, &deal_note_model, deal_lose);
}

bool protected_account_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &protected_account_list_spec);
}

bool protected_account_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct protected_account p = { 0 };
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && model_read(c, &protected_account_model, body, &p, true)
	    && protected_account_create(c, &p)
	    && list_reply_row(c, r, 201, &protected_account_list_spec, &p);
}

bool protected_account_api_remove(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_ACCOUNT, &id)
	    && protected_account_remove(c, id)
	    && api_reply_nothing(r);
}
