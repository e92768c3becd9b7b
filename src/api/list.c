/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list.h"

#include "api/list_query.h"
#include "base/check.h"
#include "data/json_out.h"
#include "data/model_json.h"

/* Turn around rows that were fetched oldest first. */
static void reverse(char *items, size_t size, size_t count, struct arena *a)
{
	char *spare = arena_alloc(a, size);

	for (size_t i = 0; i < count / 2; i++) {
		char *left = items + i * size, *right = items + (count - 1 - i) * size;

		memcpy(spare, left, size);
		memcpy(left, right, size);
		memcpy(right, spare, size);
	}
}

bool list_find(struct ctx *c, const struct form *query, const struct list_spec *l,
               struct list_scope scope, struct list_page *out)
{
	struct list_query s;
	struct val vals[LIST_ARGS_MAX];

	if (!list_query_read(c, query, l, scope, &s))
		return false;

	struct args args = { vals, list_query_args(&s, vals) };
	const struct sql *sql = list_sql(l, s.lead, s.backwards);

	if (!db_list(c, sql, args, l->row_size, &out->rows))
		return false;
	out->more = out->rows.count > (size_t)s.limit;
	if (out->more)
		out->rows.count = (size_t)s.limit;
	for (size_t i = 0; l->settle && i < out->rows.count; i++)
		l->settle(c, (char *)out->rows.items + i * l->row_size);
	if (s.backwards)
		reverse(out->rows.items, l->row_size, out->rows.count, c->arena);
	return true;
}

bool list_put(struct ctx *c, const struct list_spec *l, const void *row, struct buf *b)
{
	jw_object(b);
	jw_key_str(b, "object", str_from(l->model->name));
	model_json_members(b, c, l->model, row);
	if (l->more && !l->more(c, row, b))
		return false;
	jw_object_end(b);
	return true;
}

bool list_reply_of(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l,
                   struct list_scope scope)
{
	struct list_page page;
	struct buf b;

	if (!list_find(c, &q->query, l, scope, &page))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("list"));
	jw_key_str(&b, "url", q->path);
	jw_key_bool(&b, "has_more", page.more);
	jw_key(&b, "data");
	jw_array(&b);
	for (size_t i = 0; i < page.rows.count; i++)
		if (!list_put(c, l, (const char *)page.rows.items + i * l->row_size, &b))
			return false;
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}

bool list_reply(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l)
{
	return list_reply_of(c, q, r, l, (struct list_scope){ 0 });
}

bool list_reply_row(struct ctx *c, struct res *r, int status, const struct list_spec *l,
                    const void *row)
{
	struct buf b;

	buf_init(&b, c->arena);
	return list_put(c, l, row, &b)
	    && api_reply_buf(r, status, &b);
}
