/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rows.h"
#include "api/list.h"
#include "base/check.h"
#include "data/form.h"
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

/* The rows [from, to) of a list that is cut, and how to tell them apart. */
struct cut {
	const struct api_rows *rows;
	const struct field *id;
	int64_t limit, after, before; /* asked for; the ids 0: not */
	size_t from, to;
};

static int64_t id_at(const struct cut *cut, size_t i)
{
	const char *row = (const char *)cut->rows->rows->items + i * cut->rows->size;

	return field_int(cut->id, row);
}

/* Begin behind a row, or end before it. */
static bool move(struct ctx *c, struct cut *cut)
{
	int64_t mark = cut->after ? cut->after : cut->before;
	const char *param = cut->after ? "starting_after" : "ending_before";
	size_t first = cut->from, end;

	if (mark == 0)
		return true;
	while (first < cut->to && id_at(cut, first) != mark)
		first++;
	if (first == cut->to)
		return fail(c, ERR_INVALID, param, "%s is not in this list", param);
	for (end = first; end < cut->to && id_at(cut, end) == mark;)
		end++;
	if (cut->after)
		cut->from = end;
	else
		cut->to = first;
	return true;
}

/* At most `limit` of them, the last ones if they end before one; true if that leaves some out. */
static bool shorten(struct cut *cut)
{
	size_t limit = (size_t)cut->limit;

	if (cut->to - cut->from <= limit)
		return false;
	if (cut->before) {
		size_t all = cut->from;

		for (cut->from = cut->to - limit; id_at(cut, cut->from) == id_at(cut, cut->from - 1);)
			if (--cut->from == all)
				return false;
		return true;
	}

	size_t all = cut->to;

	for (cut->to = cut->from + limit; id_at(cut, cut->to - 1) == id_at(cut, cut->to);)
		if (++cut->to == all)
			return false;
	return true;
}

static bool read_cut(struct ctx *c, const struct form *query, struct cut *cut)
{
	return form_get_int(c, query, "limit", MAY(1, LIST_LIMIT_MAX), &cut->limit)
	    && form_get_id(c, query, "starting_after", MAY_ID(cut->id->id), &cut->after)
	    && form_get_id(c, query, "ending_before", MAY_ID(cut->id->id), &cut->before)
	    && (cut->after == 0 || cut->before == 0
	        || fail(c, ERR_INVALID, "ending_before",
	                "starting_after and ending_before cannot be given together"));
}

bool api_reply_cut(struct ctx *c, const struct req *q, struct res *r, const struct api_rows *l,
                   const char *id)
{
	static const char *const names[] = { "limit", "starting_after", "ending_before", NULL };
	struct cut cut = { .rows = l, .id = model_field(l->model, str_from(id)),
		           .limit = LIST_LIMIT_DEFAULT, .to = l->rows->count };
	struct api_rows page = *l;
	struct list rows;

	CHECK(cut.id && cut.id->as == AS_ID);
	if (!api_query_only(c, q, names)
	    || !read_cut(c, &q->query, &cut)
	    || !move(c, &cut))
		return false;
	page.has_more = shorten(&cut);
	rows.items = (char *)l->rows->items + cut.from * l->size;
	rows.count = cut.to - cut.from;
	page.rows = &rows;
	return api_reply_rows(c, q, r, &page);
}

bool api_reply_row(struct ctx *c, struct res *r, int status, const struct api_rows *l)
{
	struct buf b;

	buf_init(&b, c->arena);
	return put_row(c, &b, l, 0) && api_reply_buf(r, status, &b);
}
