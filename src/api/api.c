/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include "data/json.h"
#include "data/model_json.h"

#include <stdio.h>

bool api_body(struct ctx *c, const struct req *q, json_t **out)
{
	if (q->body.n > 0 && !str_is(req_media(q), "application/json"))
		return fail(c, ERR_MEDIA, NULL, "the body must be application/json");
	if (q->body.n > 0 && req_other_charset(q))
		return fail(c, ERR_MEDIA, NULL, "the body must be UTF-8, as JSON is");
	return json_read_object(c, q->body, out);
}

bool api_body_or_none(struct ctx *c, const struct req *q, json_t **out)
{
	if (q->body.n > 0)
		return api_body(c, q, out);
	*out = json_own(c->arena, json_object());
	return true;
}

bool api_query_only(struct ctx *c, const struct req *q, const char *const *names)
{
	char name[sizeof(c->err.field)];

	for (size_t i = 0; i < q->query.count; i++) {
		if (names_find(names, q->query.fields[i].name) >= 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", STR_ARG(q->query.fields[i].name));
		return fail(c, ERR_INVALID, name, "%s is not a parameter of this call", name);
	}
	return true;
}

bool api_no_query(struct ctx *c, const struct req *q)
{
	static const char *const none[] = { NULL };

	return api_query_only(c, q, none);
}

bool api_arg_id(struct ctx *c, const struct req *q, size_t place, enum id_kind kind, int64_t *out)
{
	if (place < q->arg_count && id_parse(kind, q->args[place], out))
		return true;
	return fail(c, ERR_NOT_FOUND, "id", "there is nothing with this id");
}

bool api_reply_buf(struct res *r, int status, const struct buf *b)
{
	res_json(r, status, buf_text(b));
	return true;
}

bool api_reply(struct ctx *c, struct res *r, int status, const struct model *m, const void *row)
{
	struct buf b;

	buf_init(&b, c->arena);
	model_json(&b, c, m, row);
	return api_reply_buf(r, status, &b);
}

bool api_reply_nothing(struct res *r)
{
	res_text(r, 204, STR(""), STR(""));
	return true;
}
