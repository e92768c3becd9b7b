/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list.h"
#include "base/check.h"
#include "base/digest.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "event/answer.h"
#include "event/track_api.h"

static bool put_more(struct ctx *c, const void *row, struct buf *b)
{
	const struct event *e = row;

	(void)c;
	jw_key_raw(b, "facts", e->facts);
	jw_key_raw(b, "attribution", e->attribution);
	return true;
}

/* An id of the caller, which may be one of each type. */
static bool find_of_type(struct ctx *c, struct str external_id, size_t type, int64_t *out)
{
	struct event e;
	bool found;

	if (!event_find(c, (enum event_type)type, external_id, &e, &found))
		return false;
	*out = found ? e.id : 0;
	return true;
}

static const struct list_ids ids = { .count = EVENT_TYPES, .find = find_of_type };

static const struct list_filter filters[] = {
	{ .column = "external_id", .ids = &ids },
	{ .column = "customer_id", .indexed = true },
	{ .column = "partner_id" },
	{ .column = "campaign_id" },
	{ .column = "type", .common = "sale" },
	{ .column = "occurred_at" },
	{ .column = "received_at" },
};

const struct list_spec event_list = {
	.model = &event_model,
	.row_size = sizeof(struct event),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
	.more = put_more,
};

bool event_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &event_list);
}

bool event_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct event e;
	struct str answer;

	if (!event_get(c, id, &e) || !event_answer(c, &e, &answer))
		return false;
	jw_raw(b, answer);
	return true;
}

/* As it was answered when it was recorded. */
bool event_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct event e;
	struct str answer;
	int64_t id;

	if (!api_no_query(c, q) || !api_arg_id(c, q, 0, ID_EVENT, &id) || !event_get(c, id, &e))
		return false;
	if (!c->actor.sees_money)
		return list_reply_row(c, r, 200, &event_list, &e);
	if (!event_answer(c, &e, &answer))
		return false;
	res_json(r, 200, answer);
	return true;
}
