/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement_api.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "data/model_json.h"
#include "restate/restatement.h"
#include "restate/restatement_print.h"

static const struct list_filter filters[] = {
	{ .column = "campaign_id", .indexed = true },
	{ .column = "status" },
	{ .column = "created_at" },
};

const struct list_spec restatement_list = {
	.model = &restatement_model,
	.row_size = sizeof(struct restatement),
	.filters = filters,
	.filter_count = LEN(filters),
};

bool restatement_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &restatement_list);
}

static bool reply(struct ctx *c, struct res *r, int status, const struct restatement *run)
{
	struct buf b;

	buf_init(&b, c->arena);
	return restatement_json(c, &b, run) && api_reply_buf(r, status, &b);
}

bool restatement_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement_new in = { 0 };
	struct restatement run;
	struct campaign k;
	json_t *body;
	int64_t id;

	return api_no_query(c, q) && api_body(c, q, &body)
	       && api_arg_id(c, q, 0, ID_CAMPAIGN, &id) && campaign_get(c, id, &k)
	       && model_read(c, &restatement_new_model, body, &in, true)
	       && restatement_create(c, id, &in, &run)
	       && reply(c, r, 201, &run);
}

static bool named(struct ctx *c, const struct req *q, struct restatement *out)
{
	int64_t id;

	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_RESTATEMENT, &id)
	       && restatement_get(c, id, out);
}

bool restatement_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;

	return named(c, q, &run) && reply(c, r, 200, &run);
}

bool restatement_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;

	return named(c, q, &run) && restatement_approve(c, &run) && reply(c, r, 200, &run);
}

bool restatement_api_cancel(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;

	return named(c, q, &run) && restatement_cancel(c, &run) && reply(c, r, 200, &run);
}
