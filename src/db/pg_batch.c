/* SPDX-License-Identifier: Apache-2.0 */
#include "db/pg_batch.h"
#include "base/check.h"
#include "db/pg_types.h"
#include "db/sql_text.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX 512
#define BYTES_MAX ((size_t)256 * 1024)

/*
 * A value of the VALUES list: "$12", "-5" or "'text'"; returns the place after it, NULL for others.
 */
static const char *skip_value(const char *p)
{
	if (*p == '\'') {
		p = strchr(p + 1, '\'');
		return p && p[1] != '\'' ? p + 1 : NULL;
	}
	if (*p == '$' || *p == '-')
		p++;
	if (*p < '0' || *p > '9')
		return NULL;
	while (*p >= '0' && *p <= '9')
		p++;
	return p;
}

/*
 * The values once more, parameters as columns of r; $1 stays as it is when it is the organisation.
 */
static bool put_values(struct buf *b, const struct sql *q, const char *p)
{
	for (;;) {
		const char *end = skip_value(p);

		if (!end)
			return false;
		if (*p == '$' && (q->global || p[1] != '1' || end != p + 2)) {
			buf_puts(b, "r.p");
			p++;
		}
		buf_put(b, p, (size_t)(end - p));
		if (strcmp(end, ")") == 0)
			return true;
		if (strncmp(end, ", ", 2) != 0)
			return false;
		buf_puts(b, ", ");
		p = end + 2;
	}
}

struct str pg_batch_text(struct arena *a, const struct sql *q, const struct pg_stmt *s)
{
	static const char values[] = ") VALUES (";
	size_t first = q->global ? 0 : 1;
	struct buf text, b;
	const char *at;

	buf_init(&text, a);
	buf_init(&b, a);
	sql_text(q, SQL_POSTGRES, &text);
	at = strstr(buf_text(&text).p, values);
	if (!str_starts(buf_text(&text), "INSERT INTO ") || !at || s->param_count <= first)
		return STR("");
	buf_put(&b, text.p, (size_t)(at - text.p));
	buf_puts(&b, ") SELECT ");
	if (!put_values(&b, q, at + sizeof(values) - 1))
		return STR("");
	buf_puts(&b, " FROM unnest(");
	for (size_t i = first; i < s->param_count; i++)
		buf_printf(&b, "%s$%zu", i > first ? ", " : "", i + 1);
	buf_puts(&b, ") AS r (");
	for (size_t i = first; i < s->param_count; i++)
		buf_printf(&b, "%sp%zu", i > first ? ", " : "", i + 1);
	buf_puts(&b, ")");
	return buf_text(&b);
}

/* All types must be known: arrays have one. */
static bool types_known(const struct pg_stmt *s)
{
	for (size_t i = 0; i < s->param_count; i++)
		if (s->types[i] == 0)
			return false;
	return s->param_count > 0;
}

static bool prepare_many(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s,
                         const struct sql *q)
{
	Oid types[DB_ARGS_MAX];

	if (s->many[0])
		return true;
	snprintf(s->many, sizeof(s->many), "%sm", s->name);
	for (size_t i = 0; i < s->param_count; i++)
		types[i] = i == 0 && !q->global ? (Oid)OID_INT8
		         : s->types[i] == OID_INT8 ? (Oid)OID_INT8_ARRAY : (Oid)OID_TEXT_ARRAY;
	return pg_send_prepare(c, conn, &(struct pg_text){ s->many, pg_batch_text(c->arena, q, s).p,
	                                                   types, s->param_count }, q);
}

static void put_int32(struct buf *b, size_t value)
{
	uint32_t big = htobe32((uint32_t)value);

	buf_put(b, &big, sizeof(big));
}

/* PostgreSQL's binary form of a one-dimensional array: array_recv in its source. */
static void put_array(struct buf *b, const struct pg_batch *batch, size_t column)
{
	size_t columns = batch->stmt->param_count;

	put_int32(b, 1);
	put_int32(b, 1); /* may hold NULLs */
	put_int32(b, batch->stmt->types[column]);
	put_int32(b, batch->count);
	put_int32(b, 1);
	for (size_t i = 0; i < batch->count; i++) {
		const struct val *v = &batch->rows[i * columns + column];
		uint64_t big = htobe64((uint64_t)v->i);

		if (v->type == VAL_NULL) {
			put_int32(b, UINT32_MAX);
		} else if (v->type == VAL_INT) {
			put_int32(b, sizeof(big));
			buf_put(b, &big, sizeof(big));
		} else {
			put_int32(b, v->s.n);
			buf_str(b, v->s);
		}
	}
}

static bool send_many(struct ctx *c, struct pg_conn *conn, struct pg_batch *batch)
{
	size_t columns = batch->stmt->param_count;
	struct val args[DB_ARGS_MAX];

	if (!prepare_many(c, conn, batch->stmt, batch->sql))
		return false;
	for (size_t i = 0; i < columns; i++) {
		struct buf b;

		if (i == 0 && !batch->sql->global) {
			args[i] = batch->rows[0];
			continue;
		}
		buf_init(&b, &batch->arena);
		put_array(&b, batch, i);
		args[i] = val_str(buf_text(&b));
	}
	return pg_send_prepared(c, conn, batch->stmt->many,
	                        (struct call){ batch->sql, args, columns });
}

static void drop(struct pg_batch *batch)
{
	if (batch->count == 0)
		return;
	arena_reset(&batch->arena);
	batch->count = batch->bytes = 0;
	batch->stmt = NULL;
}

void pg_batch_drop(struct pg_conn *conn)
{
	for (size_t i = 0; i < PG_BATCHES; i++)
		drop(&conn->batches[i]);
}

static bool flush(struct ctx *c, struct pg_conn *conn, struct pg_batch *batch)
{
	bool ok;

	if (batch->count == 0)
		return true;
	ok = batch->count > 1
	             ? send_many(c, conn, batch)
	             : pg_send_prepared(c, conn, batch->stmt->name,
	                                (struct call){ batch->sql, batch->rows,
	                                               batch->stmt->param_count });
	drop(batch);
	return ok;
}

bool pg_batch_flush(struct ctx *c, struct pg_conn *conn)
{
	for (size_t i = 0; i < PG_BATCHES; i++)
		if (!flush(c, conn, &conn->batches[i]))
			return false;
	return true;
}

static bool names(struct pg_stmt *s, const struct sql *q, const char *table)
{
	size_t i = 0;

	while (i < PG_BATCHES && s->late_tables[i] && s->late_tables[i] != table)
		i++;
	if (i == PG_BATCHES)
		return sql_names(q->text, table);
	if (!s->late_tables[i]) {
		s->late_tables[i] = table;
		s->names_late[i] = sql_names(q->text, table);
	}
	return s->names_late[i];
}

/* Could the call see rows of this batch? */
static bool concerns(struct pg_stmt *s, struct call call, const struct pg_batch *batch)
{
	const struct sql *q = call.sql;

	if (batch->count == 0)
		return false;
	if (!q->beside || strcmp(q->beside, batch->sql->late) != 0)
		return names(s, q, batch->sql->late);
	for (size_t i = 0; q->beside_key && i < batch->count; i++) {
		const struct val *row = &batch->rows[i * batch->stmt->param_count];

		if (row[batch->sql->late_key - 1].i == call.args[q->beside_key - 1].i)
			return true;
	}
	return false;
}

static bool clear_late(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, struct call call)
{
	for (size_t i = 1; i < PG_BATCHES; i++)
		if (concerns(s, call, &conn->batches[i]))
			return pg_batch_flush(c, conn);
	return true;
}

bool pg_batch_make_way(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, struct call call)
{
	return clear_late(c, conn, s, call) && flush(c, conn, &conn->batches[0]);
}

static void keep_row(struct pg_batch *batch, struct call call)
{
	struct val *row = &batch->rows[batch->count * call.arg_count];

	for (size_t i = 0; i < call.arg_count; i++) {
		row[i] = call.args[i];
		if (row[i].type == VAL_STR)
			row[i].s = arena_str(&batch->arena, row[i].s);
		batch->bytes += row[i].s.n + sizeof(row[i]);
	}
	batch->count++;
}

/* Where the rows of a late statement wait; NULL when there is no more room. */
static struct pg_batch *late_batch(struct pg_conn *conn, const struct pg_stmt *s)
{
	for (size_t i = 1; i < PG_BATCHES; i++)
		if (conn->batches[i].stmt == s)
			return &conn->batches[i];
	for (size_t i = 1; i < PG_BATCHES; i++)
		if (conn->batches[i].count == 0)
			return &conn->batches[i];
	return NULL;
}

bool pg_batch_add(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, struct call call,
                  bool *out_kept)
{
	struct pg_batch *batch = call.sql->late ? late_batch(conn, s) : &conn->batches[0];
	bool full;

	CHECK(call.arg_count == s->param_count);
	if (s->plain == PG_UNKNOWN)
		s->plain = pg_batch_text(c->arena, call.sql, s).n > 0 ? PG_PLAIN : PG_NOT_PLAIN;
	*out_kept = batch && s->plain == PG_PLAIN && types_known(s);
	if (!*out_kept)
		return call.sql->late ? pg_batch_flush(c, conn)
		    : pg_batch_make_way(c, conn, s, call);
	full = batch->count == ROWS_MAX || batch->bytes > BYTES_MAX;
	if ((full || (batch->count > 0 && batch->stmt != s)) && !flush(c, conn, batch))
		return false;
	if (!call.sql->late && !clear_late(c, conn, s, call))
		return false;
	if (batch->count == 0) {
		batch->stmt = s;
		batch->sql = call.sql;
		batch->rows = ARENA_ARRAY(&batch->arena, struct val, ROWS_MAX * call.arg_count);
	}
	keep_row(batch, call);
	return true;
}
