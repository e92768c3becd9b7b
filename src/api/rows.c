/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rows.h"
#include "data/json_out.h"
#include "data/model_json.h"

static bool put_row(struct ctx *c, struct buf *b, const struct api_rows *l, size_t i)
{
	const void *row = (const char *)l->rows->items + i * l->size;

	jw_object(b);
	jw_key_str(b, "object", str_from(l->model->name));
	model_json_members(b, c, l->model, row);
	if (l->more && !l->more(c, row, b))
		return false;
	jw_object_end(b);
	return true;
}

bool api_reply_rows(struct ctx *c, const struct req *q, struct res *r, const struct api_rows *l)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("list"));
	jw_key_str(&b, "url", q->path);
	jw_key_bool(&b, "has_more", l->has_more);
	jw_key(&b, "data");
	jw_array(&b);
	for (size_t i = 0; i < l->rows->count; i++)
		if (!put_row(c, &b, l, i))
			return false;
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}

bool api_reply_row(struct ctx *c, struct res *r, int status, const struct api_rows *l)
{
	struct buf b;

	buf_init(&b, c->arena);
	return put_row(c, &b, l, 0) && api_reply_buf(r, status, &b);
}
