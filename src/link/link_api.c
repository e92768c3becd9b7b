/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link_api.h"

#include "base/check.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "link/code.h"
#include "link/link.h"

static bool put_short_url(struct ctx *c, const void *row, struct buf *b)
{
	const struct link *link = row;
	struct str url;

	if (!link_short_url(c, link->slug, &url))
		return false;
	jw_key_str(b, "short_url", url);
	return true;
}

static const struct list_filter link_filters[] = {
	{ "slug", .indexed = true },
	{ "partner_id", .indexed = true },
	{ "campaign_id" },
	{ "status" },
	{ "created_at" },
};

const struct list_spec link_list_spec = {
	.model = &link_model,
	.row_size = sizeof(struct link),
	.filters = link_filters,
	.filter_count = LEN(link_filters),
	.partner_column = "partner_id",
	.more = put_short_url,
};

static const struct list_filter code_filters[] = {
	{ "code", .indexed = true },
	{ "partner_id" },
	{ "campaign_id" },
	{ "status" },
	{ "created_at" },
};

const struct list_spec code_list_spec = {
	.model = &code_model,
	.row_size = sizeof(struct code),
	.filters = code_filters,
	.filter_count = LEN(code_filters),
	.partner_column = "partner_id",
};

bool link_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct link link = { 0 };
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && model_read(c, &link_model, body, &link, true)
	    && link_create(c, &link)
	    && list_reply_row(c, r, 201, &link_list_spec, &link);
}

bool link_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct link link;

	return link_get(c, id, &link)
	    && list_put(c, &link_list_spec, &link, b);
}

bool link_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &link_list_spec);
}

static bool get_link(struct ctx *c, const struct req *q, struct link *out)
{
	int64_t id;

	return api_arg_id(c, q, 0, ID_LINK, &id)
	    && link_get(c, id, out);
}

bool link_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct link link;

	return api_no_query(c, q)
	    && get_link(c, q, &link)
	    && list_reply_row(c, r, 200, &link_list_spec, &link);
}

bool link_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct link before, after;
	json_t *body;

	if (!api_no_query(c, q) || !api_body(c, q, &body) || !get_link(c, q, &before))
		return false;
	after = before;
	return model_read(c, &link_model, body, &after, false)
	    && link_update(c, &before, &after)
	    && link_get(c, before.id, &after)
	    && list_reply_row(c, r, 200, &link_list_spec, &after);
}

bool link_api_code_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct code code = { 0 };
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && model_read(c, &code_model, body, &code, true)
	    && code_create(c, &code)
	    && api_reply(c, r, 201, &code_model, &code);
}

bool link_api_code_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &code_list_spec);
}

static bool get_code(struct ctx *c, const struct req *q, struct code *out)
{
	int64_t id;

	return api_arg_id(c, q, 0, ID_CODE, &id)
	    && code_get(c, id, out);
}

bool link_api_code_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct code code;

	return api_no_query(c, q)
	    && get_code(c, q, &code)
	    && api_reply(c, r, 200, &code_model, &code);
}

bool link_api_code_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct code code;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && get_code(c, q, &code)
	    && model_read(c, &code_model, body, &code, false)
	    && code_update(c, &code)
	    && api_reply(c, r, 200, &code_model, &code);
}
