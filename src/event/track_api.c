/* SPDX-License-Identifier: Apache-2.0 */
#include "event/track_api.h"

#include "api/api.h"
#include "base/check.h"
#include "base/reason.h"
#include "data/json.h"
#include "data/json_out.h"
#include "db/store.h"
#include "event/track_click.h"
#include "event/track_read.h"

static bool read_event(struct ctx *c, const struct req *q, enum event_type type, struct track *out)
{
	json_t *body;

	return api_no_query(c, q) && api_body(c, q, &body) && track_read(c, body, type, out);
}

static bool read_early(struct ctx *c, struct req *q, enum event_type type)
{
	struct track *t = ARENA_NEW(q->arena, struct track);

	q->read = t;
	return read_event(c, q, type, t) && event_prepare(c, t);
}

bool track_api_lead_read(struct ctx *c, struct req *q)
{
	return read_early(c, q, EVENT_LEAD);
}

bool track_api_sale_read(struct ctx *c, struct req *q)
{
	return read_early(c, q, EVENT_SALE);
}

bool track_api_ahead(struct ctx *c, struct req *q)
{
	return event_ahead(c, q->read);
}

static bool record(struct ctx *c, struct res *r, const struct track *t)
{
	struct recorded done;

	if (!event_record(c, t, &done))
		return false;
	res_json(r, done.replayed ? 200 : 201, done.answer);
	if (done.replayed)
		res_header(r, "Idempotent-Replayed", STR("true"));
	return true;
}

static bool record_as(struct ctx *c, const struct req *q, struct res *r, enum event_type type)
{
	struct track t;

	if (q->read)
		return record(c, r, q->read);
	return read_event(c, q, type, &t) && record(c, r, &t);
}

bool track_api_lead(struct ctx *c, const struct req *q, struct res *r)
{
	return record_as(c, q, r, EVENT_LEAD);
}

bool track_api_sale(struct ctx *c, const struct req *q, struct res *r)
{
	return record_as(c, q, r, EVENT_SALE);
}

bool track_api_refund(struct ctx *c, const struct req *q, struct res *r)
{
	return record_as(c, q, r, EVENT_REFUND);
}

bool track_api_dispute(struct ctx *c, const struct req *q, struct res *r)
{
	return record_as(c, q, r, EVENT_DISPUTE);
}

bool track_api_churn(struct ctx *c, const struct req *q, struct res *r)
{
	return record_as(c, q, r, EVENT_CHURN);
}

/* What has a call of its own comes first in the list of what a batch may bring. */
static const char *const type_names_in[] = {
	"click", "lead", "sale", "refund", "dispute", "churn",
	"qualified_referral", "project_delivered", "deal_closed", "goal", NULL,
};
static const enum event_type types_in[] = {
	EVENT_CLICK, EVENT_LEAD, EVENT_SALE, EVENT_REFUND, EVENT_DISPUTE, EVENT_CHURN,
	EVENT_QUALIFIED_REFERRAL, EVENT_PROJECT_DELIVERED, EVENT_DEAL_CLOSED, EVENT_GOAL,
};
#define OWN_CALLS 6

bool track_api_event(struct ctx *c, const struct req *q, struct res *r)
{
	const char *const *names = type_names_in + OWN_CALLS;
	struct track t;
	json_t *body;
	int64_t i;

	return api_no_query(c, q) && api_body(c, q, &body)
	       && json_get_name(c, body, "type", MUST_NAME(names), &i)
	       && track_read(c, body, types_in[OWN_CALLS + i], &t) && record(c, r, &t);
}

#define BATCH_MAX 100

static const char *const batch_keys[] = { "events", NULL };

/* What the events of a batch may be; the others come from elsewhere. */
static bool batch_type(struct ctx *c, const json_t *event, enum event_type *out)
{
	int64_t i;

	if (!json_get_name(c, event, "type", MUST_NAME(type_names_in), &i))
		return false;
	*out = types_in[i];
	return true;
}

static struct str click_answer(struct ctx *c, int64_t id)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_id(&b, "click_id", ID_CLICK, id);
	jw_object_end(&b);
	return buf_text(&b);
}

static bool batch_click(struct ctx *c, const json_t *event, struct recorded *out)
{
	int64_t id;

	if (!track_click_later(c, event, &id))
		return false;
	*out = (struct recorded){ .answer = click_answer(c, id) };
	return true;
}

static bool batch_record(struct ctx *c, const json_t *event, struct recorded *out)
{
	enum event_type type;
	struct track t;

	if (!json_is_object(event))
		return fail(c, ERR_INVALID, "", "must be an object");
	if (!batch_type(c, event, &type))
		return false;
	if (type == EVENT_CLICK)
		return batch_click(c, event, out);
	return track_read(c, event, type, &t) && event_record(c, &t, out);
}

/* Why the event at this place of the batch was refused; the pointer is into the batch. */
static void put_failure(struct buf *b, const struct err *e, size_t place)
{
	const struct err_info *info = err_info(e->code);

	jw_key_int(b, "status", info->status);
	jw_key(b, "error");
	jw_object(b);
	jw_key_str(b, "code", str_from(info->wire));
	jw_key_str(b, "pointer", arena_printf(b->arena, "/events/%zu%s%s", place,
	                                      e->field[0] ? "/" : "", e->field));
	jw_key_str(b, "detail", reason_text(b->arena, e));
	jw_object_end(b);
}

/* One event of a batch, undone alone when it is refused; false only if the storage fails. */
static bool batch_one(struct ctx *c, const json_t *events, size_t place, struct buf *b)
{
	struct recorded done;

	if (!store_savepoint(c, c->db))
		return false;
	jw_object(b);
	if (batch_record(c, json_array_get(events, place), &done)) {
		jw_key_int(b, "status", done.replayed ? 200 : 201);
		jw_key_raw(b, "result", done.answer);
		jw_object_end(b);
		return store_savepoint_release(c, c->db);
	}
	if (err_info(c->err.code)->status >= 500)
		return false;
	put_failure(b, &c->err, place);
	jw_object_end(b);
	fail_clear(c);
	return store_savepoint_undo(c, c->db);
}

bool track_api_batch(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *body, *events;
	struct buf b;

	if (!api_no_query(c, q) || !api_body(c, q, &body) || !json_only(c, body, batch_keys)
	    || !json_get_array(c, body, "events", MUST(1, BATCH_MAX), &events))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key(&b, "results");
	jw_array(&b);
	for (size_t i = 0; i < json_array_size(events); i++)
		if (!batch_one(c, events, i, &b))
			return false;
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 207, &b);
}

bool track_api_click(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *body;
	int64_t id;

	if (!api_no_query(c, q) || !api_body(c, q, &body) || !track_click(c, body, &id))
		return false;
	res_json(r, 201, click_answer(c, id));
	return true;
}
