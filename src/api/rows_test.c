/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rows.h"

#include "api/call.h"
#include "base/id.h"

struct thing {
	int64_t id;
};

static const struct field fields[] = {
	FIELD(struct thing, id, .flags = OUT, .as = AS_ID, .id = ID_USER),
};

static const struct model thing_model = MODEL("thing", fields);

static bool list_things(struct ctx *c, const struct req *q, struct res *r)
{
	struct thing things[] = { { 1 }, { 2 }, { 3 }, { 3 }, { 3 }, { 4 }, { 5 } };
	struct list rows = { things, LEN(things) };
	struct api_rows l = { &thing_model, &rows, sizeof(struct thing), NULL, false };

	return api_reply_cut(c, q, r, &l, "id");
}

/* The ids of a page as "5 4 3", with "…" if there is more. */
static const char *page(struct ctx *c, const char *query)
{
	json_t *answer = call(c, &(struct call){ list_things, .query = query }, 200);
	json_t *row;
	struct buf b;
	size_t i;

	buf_init(&b, c->arena);
	json_array_foreach(json_object_get(answer, "data"), i, row) {
		int64_t id = 0;

		OK(id_parse(ID_USER, str_from(said(row, "id")), &id));
		buf_printf(&b, i ? " %d" : "%d", (int)id);
	}
	if (json_is_true(json_object_get(answer, "has_more")))
		buf_puts(&b, " …");
	return buf_text(&b).p;
}

static const char *with(struct ctx *c, const char *fmt, int64_t id)
{
	struct str text = id_str(c->arena, ID_USER, id);

	return page(c, arena_printf(c->arena, "%s=%.*s", fmt, STR_ARG(text)).p);
}

TEST(a_list_that_is_read_whole_is_cut_like_any_other)
{
	EQ_STR(page(c, ""), "1 2 3 3 3 4 5");
	EQ_STR(page(c, "limit=2"), "1 2 …");
	EQ_STR(page(c, "limit=7"), "1 2 3 3 3 4 5");
	EQ_STR(with(c, "starting_after", 3), "4 5");
	EQ_STR(with(c, "starting_after", 5), "");
	EQ_STR(with(c, "limit=1&starting_after", 1), "2 …");
	EQ_STR(with(c, "ending_before", 3), "1 2");
	EQ_STR(with(c, "limit=1&ending_before", 3), "2 …");
	EQ_STR(with(c, "limit=1&ending_before", 2), "1");
	EQ_STR(with(c, "ending_before", 1), "");
}

TEST(rows_with_one_id_are_not_parted_by_a_cut)
{
	EQ_STR(page(c, "limit=3"), "1 2 3 3 3 …");
	EQ_STR(with(c, "limit=2&ending_before", 4), "3 3 3 …");
	EQ_STR(with(c, "limit=1&starting_after", 2), "3 3 3 …");
}

TEST(what_is_no_parameter_of_a_cut_is_refused_by_name)
{
	struct str nobody = id_str(c->arena, ID_USER, 9);
	const char *after = arena_printf(c->arena, "starting_after=%.*s", STR_ARG(nobody)).p;

	REFUSES((&(struct call){ list_things, .query = "limit=0" }), ERR_INVALID, "limit");
	REFUSES((&(struct call){ list_things, .query = "colour=red" }), ERR_INVALID, "colour");
	REFUSES((&(struct call){ list_things, .query = after }), ERR_INVALID, "starting_after");
}
