/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rows.h"
#include "base/check.h"
#include "data/json.h"
#include "data/json_out.h"
#include "webhook/delivery.h"
#include "webhook/webhook_api.h"

static bool put_types(struct ctx *c, const void *row, struct buf *b)
{
	struct str rest = ((const struct endpoint *)row)->types;

	(void)c;
	jw_key(b, "types");
	jw_array(b);
	while (rest.n > 0)
		jw_str(b, str_cut(&rest, ','));
	jw_array_end(b);
	return true;
}

static const struct api_rows shape = {
	.model = &endpoint_model, .size = sizeof(struct endpoint), .more = put_types,
};

static bool reply(struct ctx *c, struct res *r, int status, const struct endpoint *e)
{
	struct list one = { (void *)(uintptr_t)e, 1 };
	struct api_rows l = shape;

	l.rows = &one;
	return api_reply_row(c, r, status, &l);
}

/* With the secret, which a repetition of the request does not get again. */
static bool reply_secret(struct ctx *c, struct res *r, int status, const struct endpoint *e,
                         struct str secret)
{
	if (!reply(c, r, status, e))
		return false;
	r->body.n--; /* the brace at the end, for one more member */
	r->again = arena_printf(c->arena, "%.*s,\"secret\":null}", STR_ARG(buf_text(&r->body)));
	jw_key_str(&r->body, "secret", secret);
	jw_object_end(&r->body);
	return true;
}

bool endpoint_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct api_rows l = shape;
	struct list all;

	l.rows = &all;
	return endpoint_list(c, &all)
	    && api_reply_cut(c, q, r, &l, "id");
}

/* ["sale.recorded"], null or [] for all; left out: as it was. */
static bool read_types(struct ctx *c, const json_t *body, struct str *out)
{
	json_t *list = NULL;
	struct buf b;

	if (!json_object_get(body, "types"))
		return true;
	*out = STR("");
	if (!json_get_array(c, body, "types", MAY(0, OUTBOX_TYPE_COUNT), &list) || !list)
		return c->err.code == ERR_NONE;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct str word = json_text(json_array_get(list, i));

		if (word.n == 0 || str_find(word, ',', 0) != SIZE_MAX)
			return fail(c, ERR_INVALID, "types", "a type is a name like sale.recorded");
		buf_printf(&b, "%s%.*s", i ? "," : "", STR_ARG(word));
	}
	if (b.n > 0)
		*out = buf_text(&b);
	return true;
}

static bool read_body(struct ctx *c, const json_t *body, struct endpoint *e, bool create)
{
	static const char *const keys[] = { "url", "description", "types", "status", NULL };
	struct want url = MUST(1, ENDPOINT_URL_MAX), status = MUST_NAME(endpoint_status_names);

	/* what is left out stays as it was; null is no address and no status */
	url.required = create || json_object_get(body, "url");
	status.required = json_object_get(body, "status") != NULL;
	if (json_object_get(body, "description"))
		e->description = STR("");
	return json_only(c, body, keys)
	    && json_get_str(c, body, "url", url, &e->url)
	    && json_get_str(c, body, "description", MAY(0, 200), &e->description)
	    && json_get_name(c, body, "status", status, &e->status)
	    && read_types(c, body, &e->types);
}

bool endpoint_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e = { 0 };
	struct str secret;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && read_body(c, body, &e, true)
	    && endpoint_create(c, &e, &secret)
	    && reply_secret(c, r, 201, &e, secret);
}

static bool named(struct ctx *c, const struct req *q, struct endpoint *out)
{
	int64_t id;

	return api_no_query(c, q)
	    && api_arg_id(c, q, 0, ID_WEBHOOK, &id)
	    && endpoint_get(c, id, out);
}

bool endpoint_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;

	return named(c, q, &e)
	    && reply(c, r, 200, &e);
}

bool endpoint_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint before, after;
	json_t *body;

	if (!named(c, q, &before) || !api_body(c, q, &body))
		return false;
	after = before;
	return read_body(c, body, &after, false)
	    && endpoint_update(c, &before, &after)
	    && reply(c, r, 200, &after);
}

bool endpoint_api_remove(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;

	return named(c, q, &e)
	    && endpoint_remove(c, &e)
	    && api_reply_nothing(r);
}

bool endpoint_api_rotate(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const keys[] = { "keep_hours", NULL };
	int64_t hours = ENDPOINT_KEEP_HOURS;
	struct endpoint e;
	struct str secret;
	json_t *body;

	return named(c, q, &e)
	    && api_body_or_none(c, q, &body)
	    && json_only(c, body, keys)
	    && json_get_int(c, body, "keep_hours", MAY(0, ENDPOINT_KEEP_HOURS_MAX), &hours)
	    && endpoint_rotate(c, &e, hours, &secret)
	    && reply_secret(c, r, 200, &e, secret);
}

bool endpoint_api_test(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const none[] = { NULL };
	struct endpoint e;
	struct message m;
	json_t *body;

	return named(c, q, &e)
	    && api_body_or_none(c, q, &body)
	    && json_only(c, body, none)
	    && delivery_test(c, &e, &m)
	    && list_reply_row(c, r, 202, &message_list_spec, &m);
}

static bool reply_replayed(struct ctx *c, struct res *r, const struct delivery_replay *d)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("webhook_replay"));
	jw_key_int(&b, "messages", d->count);
	jw_key_bool(&b, "has_more", d->until_ms != 0);
	jw_key_time(&b, "until", d->until_ms);
	jw_object_end(&b);
	return api_reply_buf(r, 202, &b);
}

bool endpoint_api_replay(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const keys[] = { "since", NULL };
	struct delivery_replay d = { 0 };
	struct endpoint e;
	json_t *body;

	return named(c, q, &e)
	    && api_body(c, q, &body)
	    && json_only(c, body, keys)
	    && json_get_time(c, body, "since", MUST(0, 0), &d.since_ms)
	    && delivery_replay_since(c, &e, &d)
	    && reply_replayed(c, r, &d);
}
