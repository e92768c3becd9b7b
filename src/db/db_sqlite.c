/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/sql_text.h"
#include "db/sqlite_conn.h"
#include "db/sqlite_tree.h"

#define STATEMENTS_MAX 256 /* per connection; then the cache starts over */
#define FIRST_ROWS 8

static struct lite_conn *conn_of(struct db *db)
{
	return (struct lite_conn *)db;
}

static sqlite3_stmt *prepare_new(struct ctx *c, struct lite_conn *conn, const struct sql *q)
{
	sqlite3_stmt *s;
	struct buf text;

	buf_init(&text, c->arena);
	size_t count = sql_text(q, SQL_SQLITE, &text);
	struct str t = buf_text(&text);
	int rc = sqlite3_prepare_v3(conn->h, t.p, (int)t.n + 1, SQLITE_PREPARE_PERSISTENT, &s,
	                            NULL);

	if (rc != SQLITE_OK || !s) {
		lite_fail(c, conn, rc, t.p);
		return NULL;
	}
	CHECK((size_t)sqlite3_bind_parameter_count(s) == count);
	return s;
}

sqlite3_stmt *lite_prepare(struct ctx *c, struct lite_conn *conn, const struct sql *q)
{
	sqlite3_stmt *s = sql_cache_find(&conn->cache, q);

	if (s || !(s = prepare_new(c, conn, q)))
		return s;
	if (conn->cache.count >= STATEMENTS_MAX)
		sql_cache_clear(&conn->cache);
	sql_cache_put(&conn->cache, q, s);
	return s;
}

static int bind_one(sqlite3_stmt *s, int number, const struct val *v)
{
	switch (v->type) {
	case VAL_INT:
		return sqlite3_bind_int64(s, number, v->i);
	case VAL_STR:
		return sqlite3_bind_text64(s, number, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC,
		                           SQLITE_UTF8);
	case VAL_NULL:
		break;
	}
	return sqlite3_bind_null(s, number);
}

static bool bind_all(struct ctx *c, struct lite_conn *conn, sqlite3_stmt *s, struct call call)
{
	CHECK((size_t)sqlite3_bind_parameter_count(s) == call.arg_count);
	for (size_t i = 0; i < call.arg_count; i++) {
		int rc = bind_one(s, (int)i + 1, &call.args[i]);

		if (rc != SQLITE_OK)
			return lite_fail(c, conn, rc, call.sql->text);
	}
	return true;
}

static void take_names(struct ctx *c, sqlite3_stmt *s, struct rows *out)
{
	size_t n = (size_t)sqlite3_column_count(s);
	const char **names = ARENA_ARRAY(c->arena, const char *, n);

	for (size_t i = 0; i < n; i++)
		names[i] = arena_cstr(c->arena, str_from(sqlite3_column_name(s, (int)i)));
	*out = (struct rows){ .column_count = n, .names = names };
}

static struct val column(struct ctx *c, sqlite3_stmt *s, int i)
{
	switch (sqlite3_column_type(s, i)) {
	case SQLITE_INTEGER:
		return val_int(sqlite3_column_int64(s, i));
	case SQLITE_NULL:
		return (struct val){ .type = VAL_NULL };
	default:
		break;
	}
	const char *p = (const char *)sqlite3_column_text(s, i);
	struct str text = { p, (size_t)sqlite3_column_bytes(s, i) };

	return val_str(p ? arena_str(c->arena, text) : STR(""));
}

static void take_row(struct ctx *c, sqlite3_stmt *s, struct rows *out, size_t *cap)
{
	size_t n = out->column_count;
	struct val *vals = (struct val *)(uintptr_t)out->vals;

	if (out->count == *cap) {
		*cap = *cap ? *cap * 4 : FIRST_ROWS;
		vals = ARENA_ARRAY(c->arena, struct val, *cap * n);
		if (out->count > 0)
			memcpy(vals, out->vals, out->count * n * sizeof(*vals));
		out->vals = vals;
	}
	for (size_t i = 0; i < n; i++)
		vals[out->count * n + i] = column(c, s, (int)i);
	out->count++;
}

/* An error can end the whole transaction (disk full, I/O): then nothing more may happen in it. */
static bool step_failed(struct ctx *c, struct lite_conn *conn, int rc, const struct sql *q)
{
	lite_fail(c, conn, rc, q->text);
	if (sqlite3_get_autocommit(conn->h) && !conn->db.failed)
		conn->db.failed = c->err.code;
	return false;
}

static bool lite_query(struct db *db, struct ctx *c, struct call call, struct rows *out,
                       int64_t *out_changes)
{
	struct lite_conn *conn = conn_of(db);
	sqlite3_stmt *s = lite_prepare(c, conn, call.sql);
	struct rows rows = { 0 };
	size_t cap = 0;
	int rc;

	if (!s || !bind_all(c, conn, s, call))
		return false;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (out && rows.count == 0)
			take_names(c, s, &rows);
		if (out)
			take_row(c, s, &rows, &cap);
	}
	rows.column_count = (size_t)sqlite3_column_count(s);
	if (rc == SQLITE_DONE && out_changes)
		*out_changes = sqlite3_changes64(conn->h);
	bool ok = rc == SQLITE_DONE || step_failed(c, conn, rc, call.sql);
	sqlite3_reset(s);
	ok = ok && keys_note(c, conn, call);
	if (ok && out)
		*out = rows;
	return ok;
}

static bool lite_exec(struct db *db, struct ctx *c, struct call call)
{
	return lite_query(db, c, call, NULL, NULL);
}

static bool lite_send(struct db *db, struct ctx *c, struct call call, struct db_ticket *out)
{
	return lite_query(db, c, call, &out->rows, NULL);
}

static bool lite_take(struct db *db, struct ctx *c, struct db_ticket *t, struct rows *out)
{
	(void)db;
	(void)c;
	*out = t->rows;
	return true;
}

static bool lite_describe(struct db *db, struct ctx *c, const struct sql *q, struct rows *out)
{
	sqlite3_stmt *s = lite_prepare(c, conn_of(db), q);

	if (s)
		take_names(c, s, out);
	return s != NULL;
}

static bool lite_savepoint(struct db *db, struct ctx *c, enum savepoint_step step)
{
	static const struct sql steps[] = {
		[SAVEPOINT_SET] = { .text = "SAVEPOINT part", .global = true },
		[SAVEPOINT_RELEASE] = { .text = "RELEASE part", .global = true },
		[SAVEPOINT_UNDO] = { .text = "ROLLBACK TO part", .global = true },
	};
	struct lite_conn *conn = conn_of(db);
	bool ok;

	conn->trusted = true;
	ok = lite_exec(db, c, (struct call){ .sql = &steps[step] })
	  && (step != SAVEPOINT_UNDO
	      || lite_exec(db, c, (struct call){ .sql = &steps[SAVEPOINT_RELEASE] }));
	conn->trusted = false;
	return ok;
}

#define PLAIN "SELECT @columns"

/* Are rows put in order after they were found? If that is not known, yes. */
static bool sorts(struct ctx *c, struct lite_conn *conn, const struct sql *q)
{
	struct sql plan = *q;
	sqlite3_stmt *s;
	bool found = false;
	int rc;

	plan.text = arena_printf(c->arena, "EXPLAIN QUERY PLAN %s", q->text).p;
	s = prepare_new(c, conn, &plan);
	while (s && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(s, 3);

		found |= !detail || strstr(detail, "TEMP B-TREE");
	}
	found |= !s || rc != SQLITE_DONE;
	sqlite3_finalize(s);
	return found;
}

/*
 * A walk lets a function take the columns of a row (lite_walked) where it can: its arguments are
 * the values themselves, while each sqlite3_column_…() looks one up, and takes longer than the
 * value does. Where SQLite sorts it would be called while that is still going on.
 */
static sqlite3_stmt *prepare_walk(struct ctx *c, struct lite_conn *conn, struct walk *w)
{
	struct sql own = *w->sql;

	w->by_function = strncmp(own.text, PLAIN, strlen(PLAIN)) == 0 && !sorts(c, conn, w->sql);
	if (w->by_function)
		own.text = arena_printf(c->arena, "SELECT " LITE_WALKED "(@columns)%s",
		                        own.text + strlen(PLAIN)).p;
	return prepare_new(c, conn, &own);
}

static void take_model_names(struct ctx *c, const struct model *m, struct rows *out)
{
	const char **names = ARENA_ARRAY(c->arena, const char *, m->field_count);

	for (size_t i = 0; i < m->field_count; i++)
		names[i] = m->fields[i].name;
	*out = (struct rows){ .column_count = m->field_count, .names = names };
}

/* Is there a way past SQLite? What the transaction sees is fixed by this, as by any reading. */
static bool look_past(struct ctx *c, struct lite_conn *conn, struct walk *w, size_t key_count)
{
	int64_t version;

	if (!lite_int(c, conn, "PRAGMA data_version", &version))
		return false;
	if (still_holds(&conn->still))
		w->tree = tree_new(conn, w, key_count, c->org_id);
	return true;
}

/* Not from the cache, which may be emptied while the rows are walked. */
static bool lite_walk(struct db *db, struct ctx *c, struct call call, struct walk *w,
                      struct rows *out_names)
{
	struct lite_conn *conn = conn_of(db);
	sqlite3_stmt *s = prepare_walk(c, conn, w);

	w->stmt = s;
	if (!s || !bind_all(c, conn, s, call))
		return false;
	if (w->by_function)
		take_model_names(c, w->sql->model, out_names);
	else
		take_names(c, s, out_names);
	return !w->sql->whole || look_past(c, conn, w, call.arg_count - 2);
}

static bool take_text(sqlite3_value *v, struct arena *texts, struct str *out)
{
	const char *text = (const char *)sqlite3_value_text(v);

	if (!text)
		return false;
	*out = arena_str(texts, (struct str){ text, (size_t)sqlite3_value_bytes(v) });
	return true;
}

static void put_number(const struct cursor_column *to, int64_t number, char *row)
{
	*(int64_t *)(void *)(row + to->offset) = number;
}

/* Types first: SQLite would make a number of a text, and a text of a number. */
static bool take_value(sqlite3_value *v, const struct cursor_column *to, struct arena *texts,
                       char *row)
{
	int type = sqlite3_value_type(v);

	if (!to->is_text) {
		put_number(to, type == SQLITE_INTEGER ? sqlite3_value_int64(v) : 0, row);
		return type == SQLITE_INTEGER || type == SQLITE_NULL;
	}
	if (type == SQLITE_TEXT)
		return take_text(v, texts, (struct str *)(void *)(row + to->offset));
	*(struct str *)(void *)(row + to->offset) = STR("");
	return type == SQLITE_NULL;
}

void lite_walked(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct lite_conn *conn = sqlite3_user_data(context);
	const struct walk *w = conn->walking;

	CHECK(!w || (size_t)count == w->column_count);
	for (size_t i = 0; w && i < w->column_count; i++) {
		const struct cursor_column *to = &w->columns[i];

		if (!to->is_text && sqlite3_value_type(values[i]) == SQLITE_INTEGER)
			put_number(to, sqlite3_value_int64(values[i]), conn->walked);
		else if (!take_value(values[i], to, w->texts, conn->walked))
			conn->walked_odd = true;
	}
}

/* A column is read at once, by the only thread that uses the connection. */
static bool take_columns(struct lite_conn *conn, const struct walk *w, char *row)
{
	for (size_t i = 0; i < w->column_count && !w->by_function; i++)
		if (!take_value(sqlite3_column_value(w->stmt, (int)i), &w->columns[i], w->texts, row))
			return false;
	return !conn->walked_odd;
}

/* The next row for the function, or for nobody: then it is only passed. */
static int step_walk(struct lite_conn *conn, const struct walk *w, char *row)
{
	int rc;

	conn->walking = row ? w : NULL;
	conn->walked = row;
	conn->walked_odd = false;
	rc = sqlite3_step(w->stmt);
	conn->walking = NULL;
	return rc;
}

/* Those that were read past SQLite, up to where that ended. */
static int pass_rows(struct lite_conn *conn, const struct walk *w)
{
	int rc = SQLITE_ROW;

	for (size_t n = w->tree ? tree_passed(w->tree) : 0; n > 0 && rc == SQLITE_ROW; n--)
		rc = step_walk(conn, w, NULL);
	return rc;
}

static bool lite_walk_next(struct db *db, struct ctx *c, const struct walk *w, char *row,
                           bool *out_found)
{
	struct lite_conn *conn = conn_of(db);
	enum tree_result past = w->tree ? tree_next(w->tree, w->texts, row) : TREE_LEFT;
	int rc;

	*out_found = past == TREE_ROW;
	if (past != TREE_LEFT)
		return true;
	rc = pass_rows(conn, w);
	if (rc == SQLITE_ROW)
		rc = step_walk(conn, w, row);
	*out_found = rc == SQLITE_ROW;
	if (rc == SQLITE_DONE)
		return true;
	if (rc != SQLITE_ROW)
		return step_failed(c, conn, rc, w->sql);
	return take_columns(conn, w, row) || cursor_odd(c, w);
}

static void lite_walk_end(struct walk *w)
{
	sqlite3_finalize(w->stmt);
	tree_free(w->tree);
}

const struct db_driver lite_driver = {
	.run = lite_query,
	.exec = lite_exec,
	.send = lite_send,
	.take = lite_take,
	.describe = lite_describe,
	.savepoint = lite_savepoint,
	.walk = lite_walk,
	.walk_next = lite_walk_next,
	.walk_end = lite_walk_end,
	.keys = keys_each,
	.twin = lite_twin,
};
