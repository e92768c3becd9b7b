/* SPDX-License-Identifier: Apache-2.0 */
#include "api/expand.h"

#include "api/expand_fetch.h"
#include "base/check.h"
#include "data/json.h"

#include <stdlib.h>

/* ---- Reading what was asked for. */

static const struct expansion *find(const struct expansion *table, const char *of,
                                    struct str member)
{
	for (const struct expansion *row = table; row->of; row++)
		if (strcmp(row->of, of) == 0 && str_is(member, row->member))
			return row;
	return NULL;
}

/* "x cannot be expanded here; what can be: a, b". */
static bool unknown(struct ctx *c, const struct expansion *table, const char *of, struct str member)
{
	size_t count = 0;
	struct buf b;

	buf_init(&b, c->arena);
	for (const struct expansion *row = table; row->of; row++)
		if (strcmp(row->of, of) == 0)
			buf_printf(&b, "%s%s", count++ ? ", " : "", row->member);
	if (count == 0)
		return fail(c, ERR_INVALID, "expand", "%.40s cannot be expanded: nothing can be here",
		            arena_cstr(c->arena, member));
	return fail(c, ERR_INVALID, "expand", "%.40s cannot be expanded here; what can be: %s",
	            arena_cstr(c->arena, member), arena_cstr(c->arena, buf_text(&b)));
}

static bool may(struct ctx *c, const struct expand_ask *ask, const struct expansion *row)
{
	if (row->list && !ask->allows(ask->scopes, row->scope))
		return fail(c, ERR_DENIED, "expand", "expanding %s needs the scope %s", row->member,
		            row->scope);
	if (row->money && !c->actor.sees_money)
		return fail(c, ERR_DENIED, "expand", "expanding %s needs the permission to see money",
		            row->member);
	return true;
}

static bool read_path(struct ctx *c, const struct expand_ask *ask, struct str path,
                      const struct expansion **out)
{
	const char *of = ask->of;
	size_t depth = 0;

	while (path.p) {
		struct str member = str_cut(&path, '.');
		const struct expansion *row = of ? find(ask->table, of, member) : NULL;

		if (depth == EXPAND_DEPTH_MAX)
			return fail(c, ERR_INVALID, "expand", "a path has at most %d names",
			            EXPAND_DEPTH_MAX);
		if (!row)
			return unknown(c, ask->table, of ? of : "", member);
		if (!may(c, ask, row))
			return false;
		out[depth++] = row;
		of = row->to;
	}
	return true;
}

bool expand_read(struct ctx *c, const struct expand_ask *ask, struct expand *out)
{
	struct str rest = ask->text;

	*out = (struct expand){ 0 };
	while (rest.p) {
		struct str path = str_trim(str_cut(&rest, ','));

		if (out->count == EXPAND_PATHS_MAX)
			return fail(c, ERR_INVALID, "expand", "expand takes at most %d paths",
			            EXPAND_PATHS_MAX);
		if (!read_path(c, ask, path, out->paths[out->count++]))
			return false;
	}
	return true;
}

/* ---- Putting it in. */

struct nodes {
	json_t **at;
	size_t count, room;
};

static void add_node(struct ctx *c, struct nodes *n, json_t *object)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->at[i] == object)
			return;
	n->at = arena_grow(c->arena, n->at, sizeof(json_t *), n->count, &n->room);
	n->at[n->count++] = object;
}

/* An object, or each of a list. */
static void add_nodes(struct ctx *c, struct nodes *n, json_t *value)
{
	json_t *item;
	size_t i;

	if (json_is_object(value))
		add_node(c, n, value);
	json_array_foreach(value, i, item)
		if (json_is_object(item))
			add_node(c, n, item);
}

/* Ids become objects; the same id the same object. */
static bool put_objects(struct ctx *c, const struct expansion *row, const struct nodes *in)
{
	struct fetched found = { .row = row };

	for (size_t i = 0; i < in->count; i++)
		fetched_want(c, &found, json_object_get(in->at[i], row->member));
	if (!fetched_read(c, &found))
		return false;
	for (size_t i = 0; i < in->count; i++) {
		json_t *object = fetched_object(&found, json_object_get(in->at[i], row->member));

		if (object)
			json_object_set(in->at[i], row->member, object);
	}
	return true;
}

/* What belongs to an object becomes a list in it, unless it is there already. */
static bool put_lists(struct ctx *c, const struct expansion *row, const struct nodes *in)
{
	struct fetched found = { .row = row };

	for (size_t i = 0; i < in->count; i++)
		if (!json_object_get(in->at[i], row->member))
			fetched_want(c, &found, json_object_get(in->at[i], "id"));
	if (!fetched_read(c, &found))
		return false;
	for (size_t i = 0; i < in->count; i++)
		if (!json_object_get(in->at[i], row->member))
			json_object_set_new(in->at[i], row->member,
			                    fetched_list(&found, json_object_get(in->at[i], "id")));
	return true;
}

static bool take_step(struct ctx *c, const struct expansion *row, struct nodes *nodes)
{
	struct nodes next = { 0 };

	if (row->list && !(row->by ? put_lists : put_objects)(c, row, nodes))
		return false;
	for (size_t i = 0; i < nodes->count; i++)
		add_nodes(c, &next, json_object_get(nodes->at[i], row->member));
	*nodes = next;
	return true;
}

static bool take_path(struct ctx *c, const struct expansion *const *path, json_t *root)
{
	bool list = strcmp(json_string_value(json_object_get(root, "object"))
	                           ? json_string_value(json_object_get(root, "object")) : "",
	                   "list") == 0;
	struct nodes nodes = { 0 };

	add_nodes(c, &nodes, list ? json_object_get(root, "data") : root);
	for (size_t i = 0; i < EXPAND_DEPTH_MAX && path[i]; i++)
		if (!take_step(c, path[i], &nodes))
			return false;
	return true;
}

bool expand_apply(struct ctx *c, const struct expand *e, struct res *r)
{
	json_t *root = json_loadb(r->body.p, r->body.n, 0, NULL);
	char *text;

	CHECK(root != NULL);
	json_own(c->arena, root);
	for (size_t i = 0; i < e->count; i++)
		if (!take_path(c, e->paths[i], root))
			return false;
	text = json_dumps(root, JSON_COMPACT);
	CHECK(text != NULL);
	res_json(r, r->status, arena_str(r->arena, str_from(text)));
	free(text);
	return true;
}
