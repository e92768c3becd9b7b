/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"
#include "base/check.h"
#include "db/db_driver.h"
#include "db/model_sql.h"

#include <stdatomic.h>

struct val rows_val(const struct rows *r, size_t row, size_t column)
{
	CHECK(row < r->count && column < r->column_count);
	return r->vals[row * r->column_count + column];
}

int64_t rows_int(const struct rows *r, size_t row, size_t column)
{
	struct val v = rows_val(r, row, column);

	CHECK(v.type != VAL_STR);
	return v.type == VAL_INT ? v.i : 0;
}

struct str rows_str(const struct rows *r, size_t row, size_t column)
{
	struct val v = rows_val(r, row, column);

	CHECK(v.type != VAL_INT);
	return v.type == VAL_STR ? v.s : STR("");
}

bool db_fail(struct ctx *c, enum err_code code)
{
	switch (code) {
	case ERR_FULL:
		return fail(c, code, NULL, "The storage is full");
	case ERR_BUSY:
		return fail(c, code, NULL, "The data is in use by somebody else just now");
	case ERR_STORAGE:
		return fail(c, code, NULL, "The storage is not available just now");
	default:
		return fail(c, ERR_INTERNAL, NULL, "Something went wrong on our side");
	}
}

/* The transaction a statement belongs to; a feature that runs one without it is a bug. */
static struct db *db_of(struct ctx *c, const struct sql *q)
{
	struct db *db = q->control ? c->control : c->db;

	CHECK(db != NULL);
	CHECK(q->control ? db->org_id == 0 : db->org_id != 0);
	CHECK(q->control || q->global || db->org_id == c->org_id);
	return db;
}

/* Put the organisation in front. */
static struct call bind(const struct ctx *c, const struct sql *q, struct args args,
                        struct val room[DB_ARGS_MAX])
{
	size_t first = q->global ? 0 : 1;

	CHECK(args.n + first <= DB_ARGS_MAX);
	if (q->global)
		return (struct call){ q, args.v, args.n };
	room[0] = val_int(c->org_id);
	if (args.n > 0)
		memcpy(room + 1, args.v, args.n * sizeof(room[0]));
	return (struct call){ q, room, args.n + 1 };
}

bool db_asks_ahead(const struct ctx *c)
{
	CHECK(c->db != NULL);
	return c->db->driver->asks_ahead;
}

bool db_ahead(struct ctx *c, const struct sql *q, struct args args)
{
	struct val room[DB_ARGS_MAX];
	struct db *db = db_of(c, q);
	struct call call = bind(c, q, args, room);
	struct question *n;

	if (db->failed)
		return db_fail(c, db->failed);
	if (!db->driver->asks_ahead)
		return true;
	n = asked_note(db, q, (struct args){ call.args, call.arg_count });
	return !n || (sums_make_way(c, db, q) && db->driver->send(db, c, call, &n->ticket));
}

/* What every statement that is not asked ahead does first. */
static bool make_way(struct ctx *c, struct db *db, struct call call)
{
	asked_spoil(db, call.sql, (struct args){ call.args, call.arg_count });
	return sums_make_way(c, db, call.sql);
}

static bool run(struct ctx *c, const struct sql *q, struct args args, struct rows *out,
                int64_t *out_changes)
{
	struct val room[DB_ARGS_MAX];
	struct db *db = db_of(c, q);
	struct call call = bind(c, q, args, room);
	struct question *n;

	if (db->failed)
		return db_fail(c, db->failed);
	n = out && !out_changes ? asked_find(db, q, (struct args){ call.args, call.arg_count })
	                        : NULL;
	if (n)
		return asked_answer(c, db, n, out);
	return make_way(c, db, call) && db->driver->run(db, c, call, out, out_changes);
}

bool db_query(struct ctx *c, const struct sql *q, struct args args, struct rows *out)
{
	return run(c, q, args, out, NULL);
}

bool db_exec(struct ctx *c, const struct sql *q, struct args args)
{
	struct val room[DB_ARGS_MAX];
	struct db *db = db_of(c, q);

	if (db->failed)
		return db_fail(c, db->failed);
	struct call call = bind(c, q, args, room);

	if (q->sums_from > 0)
		return sums_add(c, db, q, (struct args){ call.args, call.arg_count });
	return make_way(c, db, call) && db->driver->exec(db, c, call);
}

bool db_changes(struct ctx *c, const struct sql *q, struct args args, int64_t *out_count)
{
	return run(c, q, args, NULL, out_count);
}

int64_t db_next_serial(void)
{
	static _Atomic int64_t last;

	return atomic_fetch_add(&last, 1) + 1;
}

int64_t db_serial(const struct ctx *c)
{
	CHECK(c->db != NULL);
	return c->db->serial;
}

void db_renew(struct ctx *c)
{
	CHECK(c->db != NULL);
	c->db->serial = db_next_serial();
}

bool db_send(struct ctx *c, const struct sql *q, struct args args, struct db_ticket *out)
{
	struct val room[DB_ARGS_MAX];
	struct db *db = db_of(c, q);

	*out = (struct db_ticket){ .sql = q };
	if (db->failed)
		return db_fail(c, db->failed);

	struct call call = bind(c, q, args, room);

	return make_way(c, db, call) && db->driver->send(db, c, call, out);
}

bool db_take(struct ctx *c, struct db_ticket *t, struct rows *out)
{
	struct db *db = db_of(c, t->sql);

	if (db->failed)
		return db_fail(c, db->failed);
	return db->driver->take(db, c, t, out);
}

bool db_walk(struct ctx *c, struct walk *w, struct args args, struct rows *out_names)
{
	struct val room[DB_ARGS_MAX];
	struct db *db = db_of(c, w->sql);
	struct call call = bind(c, w->sql, args, room);

	if (db->failed)
		return db_fail(c, db->failed);
	return make_way(c, db, call) && db->driver->walk(db, c, call, w, out_names);
}

bool db_describe(struct ctx *c, const struct sql *q, struct rows *out)
{
	struct db *db = db_of(c, q);

	return db->driver->describe(db, c, q, out);
}

static void map_value(const struct field *f, struct val v, void *row)
{
	if (f->type == TYPE_STR) {
		CHECK(v.type != VAL_INT);
		field_set_str(f, row, v.type == VAL_STR ? v.s : STR(""));
	} else {
		CHECK(v.type != VAL_STR);
		field_set_int(f, row, v.type == VAL_INT ? v.i : 0);
	}
}

void db_map(const struct model *m, const struct rows *r, size_t row, void *out)
{
	CHECK(row < r->count);
	for (size_t i = 0; i < r->column_count; i++) {
		const struct field *f = model_field(m, str_from(r->names[i]));

		if (f)
			map_value(f, rows_val(r, row, i), out);
	}
}

bool db_find(struct ctx *c, const struct sql *q, struct args args, void *row, bool *out_found)
{
	struct rows r;

	CHECK(q->model != NULL);
	if (!run(c, q, args, &r, NULL))
		return false;
	*out_found = r.count > 0;
	if (r.count > 0)
		db_map(q->model, &r, 0, row);
	return true;
}

bool db_get(struct ctx *c, const struct sql *q, struct args args, void *row)
{
	bool found;

	if (!db_find(c, q, args, row, &found))
		return false;
	return found || fail(c, ERR_NOT_FOUND, "id", "There is no such %s", q->model->name);
}

bool db_list(struct ctx *c, const struct sql *q, struct args args, size_t size, struct list *out)
{
	struct rows r;

	CHECK(q->model != NULL);
	if (!run(c, q, args, &r, NULL))
		return false;

	char *items = arena_array(c->arena, size, r.count);

	*out = (struct list){ items, 0 };
	if (r.count == 0)
		return true;

	const struct field **fields = ARENA_ARRAY(c->arena, const struct field *, r.column_count);

	for (size_t i = 0; i < r.column_count; i++)
		fields[i] = model_field(q->model, str_from(r.names[i]));
	for (size_t i = 0; i < r.count * r.column_count; i++) {
		const struct field *f = fields[i % r.column_count];

		if (f)
			map_value(f, r.vals[i], items + i / r.column_count * size);
	}
	*out = (struct list){ items, r.count };
	return true;
}

bool db_int(struct ctx *c, const struct sql *q, struct args args, int64_t *out)
{
	struct rows r;

	if (!run(c, q, args, &r, NULL))
		return false;
	CHECK(r.column_count > 0);
	*out = r.count > 0 ? rows_int(&r, 0, 0) : 0;
	return true;
}

static struct val field_val(const struct field *f, const void *row)
{
	if (f->type == TYPE_STR)
		return val_str(field_str(f, row));
	return val_int(field_int(f, row));
}

bool db_insert(struct ctx *c, const struct model *m, const void *row)
{
	const struct model_sql *s = model_sql(m);
	struct val vals[DB_ARGS_MAX];
	int64_t changes;
	size_t n = 0;

	CHECK(m->field_count < DB_ARGS_MAX);
	for (size_t i = 0; i < m->field_count; i++)
		if (model_sql_inserts(m, &m->fields[i]))
			vals[n++] = field_val(&m->fields[i], row);
	if (!s->unique)
		return db_exec(c, &s->insert, (struct args){ vals, n });
	if (!db_changes(c, &s->insert, (struct args){ vals, n }, &changes))
		return false;
	return changes > 0 || fail(c, ERR_CONFLICT, field_key(s->unique), "This is already taken");
}

bool db_update(struct ctx *c, const struct model *m, const void *row)
{
	const struct model_sql *s = model_sql(m);
	struct val vals[DB_ARGS_MAX];
	int64_t changes;
	size_t n = 0;

	CHECK(s->update.text != NULL && m->field_count < DB_ARGS_MAX);
	vals[n++] = field_val(model_field(m, STR("id")), row);
	for (size_t i = 0; i < m->field_count; i++)
		if (model_sql_updates(m, &m->fields[i]))
			vals[n++] = field_val(&m->fields[i], row);
	if (!db_changes(c, &s->update, (struct args){ vals, n }, &changes))
		return false;
	return changes > 0 || fail(c, ERR_NOT_FOUND, "id", "There is no such %s", m->name);
}

bool db_get_id(struct ctx *c, const struct model *m, int64_t id, void *row)
{
	const struct model_sql *s = model_sql(m);

	CHECK(s->get.text != NULL);
	return db_get(c, &s->get, ARGS(val_int(id)), row);
}

void db_release(struct db *db)
{
	arena_release(&db->arena);
}
