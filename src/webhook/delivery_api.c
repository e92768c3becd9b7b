/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "webhook/delivery.h"
#include "webhook/webhook_api.h"

static const struct list_filter delivery_filters[] = {
	{ .column = "endpoint_id", .indexed = true },
	{ .column = "message_id", .indexed = true },
	{ .column = "status", .common = "delivered" },
	{ .column = "type" },
	{ .column = "created_at" },
};

const struct list_spec delivery_list = {
	.model = &delivery_model,
	.row_size = sizeof(struct delivery),
	.filters = delivery_filters,
	.filter_count = LEN(delivery_filters),
};

static const struct list_filter message_filters[] = {
	{ .column = "type" },
	{ .column = "created_at" },
};

const struct list_spec message_list_spec = {
	.model = &message_model,
	.row_size = sizeof(struct message),
	.filters = message_filters,
	.filter_count = LEN(message_filters),
};

bool delivery_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &delivery_list);
}

static bool named(struct ctx *c, const struct req *q, struct delivery *out)
{
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_DELIVERY, &id)
	    && delivery_get(c, id, out);
}

/* One with the bytes that are sent. */
static bool reply(struct ctx *c, struct res *r, int status, const struct delivery *d)
{
	struct message m;
	struct buf b;

	if (!message_get(c, d->message_id, &m))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("webhook_delivery"));
	model_json_members(&b, c, &delivery_model, d);
	jw_key_raw(&b, "body", m.body);
	jw_object_end(&b);
	return api_reply_buf(r, status, &b);
}

bool delivery_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct delivery d;

	return named(c, q, &d)
	    && reply(c, r, 200, &d);
}

bool delivery_api_replay(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const none[] = { NULL };
	struct delivery d;
	json_t *body;

	return named(c, q, &d)
	    && api_body_or_none(c, q, &body)
	    && json_only(c, body, none)
	    && delivery_replay(c, &d)
	    && reply(c, r, 202, &d);
}

bool message_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &message_list_spec);
}

bool message_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct message m;
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_MESSAGE, &id)
	    && message_get(c, id, &m)
	    && list_reply_row(c, r, 200, &message_list_spec, &m);
}
