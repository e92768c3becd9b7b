/* SPDX-License-Identifier: Apache-2.0 */
#include "api/expand_fetch.h"

#include "base/check.h"
#include "data/json.h"

#include <pthread.h>

#define AT_ONCE 24 /* ids in one statement */

/* ---- Statements, made once for each row of the table and kept for ever. */

struct made {
	const struct expansion *row;
	struct sql sql;
	struct made *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena;
static struct made *all;

static struct made *make(const struct expansion *row)
{
	struct made *m = ARENA_NEW(&arena, struct made);
	const struct model *model = row->list->model;
	struct buf b;

	buf_init(&b, &arena);
	buf_printf(&b, "SELECT @columns FROM %s WHERE org_id = $1 AND %s IN (", model->name,
	           row->by ? row->by : "id");
	for (int i = 0; i < AT_ONCE; i++)
		buf_printf(&b, "%s$%d", i ? ", " : "", i + 2);
	buf_printf(&b, ") ORDER BY id LIMIT %d", EXPAND_ROWS_MAX + 1);
	*m = (struct made){ .row = row, .next = all,
		            .sql = { .text = buf_text(&b).p, .model = model } };
	all = m;
	return m;
}

const struct sql *expand_sql(const struct expansion *row)
{
	struct made *m;

	CHECK(row->list != NULL && !row->list->model->control);
	pthread_mutex_lock(&mutex);
	for (m = all; m && m->row != row; m = m->next)
		;
	if (!m)
		m = make(row);
	pthread_mutex_unlock(&mutex);
	return &m->sql;
}

/* ---- Ids. */

/* The field whose ids are wanted. */
static const struct field *key_field(const struct expansion *row)
{
	const struct field *f = model_field(row->list->model, str_from(row->by ? row->by : "id"));

	CHECK(f != NULL && f->as == AS_ID);
	return f;
}

static bool id_of(const struct fetched *f, const json_t *value, int64_t *out)
{
	return json_is_string(value) && id_parse(key_field(f->row)->id, json_text(value), out);
}

void fetched_want(struct ctx *c, struct fetched *f, const json_t *value)
{
	int64_t id;

	if (!id_of(f, value, &id))
		return;
	for (size_t i = 0; i < f->id_count; i++)
		if (f->ids[i] == id)
			return;
	f->ids = arena_grow(c->arena, f->ids, sizeof(*f->ids), f->id_count, &f->id_room);
	f->ids[f->id_count++] = id;
}

/* ---- Rows. */

/* A partner sees what is its own. */
static bool visible(const struct ctx *c, const struct list_spec *l, const void *row)
{
	if (c->actor.kind != ACTOR_PARTNER)
		return true;
	return l->partner_column
	    && field_int(model_field(l->model, str_from(l->partner_column)), row)
	               == c->actor.partner_id;
}

static bool keep(struct ctx *c, struct fetched *f, const void *row)
{
	struct buf b;

	if (!visible(c, f->row->list, row))
		return true;
	if (f->count == EXPAND_ROWS_MAX)
		return fail(c, ERR_INVALID, "expand",
		            "%s are more than %d objects; ask for fewer with limit",
		            f->row->member, EXPAND_ROWS_MAX);
	buf_init(&b, c->arena);
	if (!list_put(c, f->row->list, row, &b))
		return false;
	f->found = arena_grow(c->arena, f->found, sizeof(*f->found), f->count, &f->room);
	f->found[f->count] = (struct found){
		.key = field_int(key_field(f->row), row),
		.object = json_own(c->arena, json_loadb(b.p, b.n, 0, NULL)),
	};
	CHECK(f->found[f->count].object != NULL);
	f->count++;
	return true;
}

static bool fetch_some(struct ctx *c, struct fetched *f, size_t from)
{
	const struct list_spec *l = f->row->list;
	struct val ids[AT_ONCE];
	struct list rows;

	for (size_t i = 0; i < AT_ONCE; i++)
		ids[i] = val_int(from + i < f->id_count ? f->ids[from + i] : 0);
	if (!db_list(c, expand_sql(f->row), (struct args){ ids, AT_ONCE }, l->row_size, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		if (!keep(c, f, (const char *)rows.items + i * l->row_size))
			return false;
	return true;
}

bool fetched_read(struct ctx *c, struct fetched *f)
{
	for (size_t from = 0; from < f->id_count; from += AT_ONCE)
		if (!fetch_some(c, f, from))
			return false;
	return true;
}

json_t *fetched_object(const struct fetched *f, const json_t *value)
{
	int64_t id;

	if (!id_of(f, value, &id))
		return NULL;
	for (size_t i = 0; i < f->count; i++)
		if (f->found[i].key == id)
			return f->found[i].object;
	return NULL;
}

json_t *fetched_list(const struct fetched *f, const json_t *value)
{
	json_t *list = json_array();
	int64_t id;

	if (!id_of(f, value, &id))
		return list;
	for (size_t i = 0; i < f->count; i++)
		if (f->found[i].key == id)
			json_array_append(list, f->found[i].object);
	return list;
}
