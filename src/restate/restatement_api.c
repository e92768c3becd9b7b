/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement_api.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "change/change.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "restate/line.h"
#include "restate/restatement.h"

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

static void put_line(struct buf *b, const struct ctx *c, const struct line *l)
{
	jw_object(b);
	model_json_members(b, c, &line_model, l);
	jw_key_int(b, "difference", l->becomes - l->was);
	jw_object_end(b);
}

/* The run with its totals and a line for each partner. */
static bool reply(struct ctx *c, struct res *r, int status, const struct restatement *run)
{
	struct line_sum sum;
	struct line total;
	struct list lines;
	struct buf b;

	if (!line_sum(c, run->id, &sum) || !line_list(c, run->id, &lines))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("restatement"));
	model_json_members(&b, c, &restatement_model, run);
	jw_key_int(&b, "raised", sum.raised);
	jw_key_int(&b, "lowered", sum.lowered);
	jw_key_int(&b, "unchanged", sum.unchanged);
	jw_key_int(&b, "adjustments", sum.adjustments);
	jw_key_bool(&b, "as_previewed", line_as_previewed(run, &lines));
	jw_key(&b, "totals");
	jw_array(&b);
	for (size_t i = 0; line_total(&lines, i, &total); i++) {
		jw_object(&b);
		jw_key_str(&b, "currency", total.currency);
		jw_key_int(&b, "was", total.was);
		jw_key_int(&b, "becomes", total.becomes);
		jw_key_int(&b, "difference", total.becomes - total.was);
		jw_key_int(&b, "posted", total.posted);
		jw_object_end(&b);
	}
	jw_array_end(&b);
	jw_key(&b, "partners");
	jw_array(&b);
	for (size_t i = 0; i < lines.count; i++)
		put_line(&b, c, (const struct line *)lines.items + i);
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, status, &b);
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
	       && change_row(c, "restatement.create", &restatement_model, NULL, &run)
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

static bool step(struct ctx *c, const struct req *q, struct res *r, const char *action,
                 bool (*change)(struct ctx *, struct restatement *))
{
	struct restatement run, before;

	if (!named(c, q, &run))
		return false;
	before = run;
	if (!change(c, &run))
		return false;
	if (run.status != before.status
	    && !change_row(c, action, &restatement_model, &before, &run))
		return false;
	return reply(c, r, 200, &run);
}

bool restatement_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "restatement.approve", restatement_approve);
}

bool restatement_api_cancel(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "restatement.cancel", restatement_cancel);
}
