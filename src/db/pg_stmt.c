/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/log.h"
#include "db/pg_conn.h"
#include "db/pg_types.h"
#include "db/sql_text.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#define STATEMENTS_MAX 4096 /* more than the program has */

/* One more statement on its way: make room if too many results are outstanding. */
static bool count_sent(struct ctx *c, struct pg_conn *conn, const struct sql *sql, bool keep)
{
	if (conn->sent - conn->received >= PG_IN_FLIGHT_MAX - 1 && !pg_receive(c, conn, conn->sent))
		return false;
	conn->sent++;
	conn->sql[conn->sent % PG_IN_FLIGHT_MAX] = sql;
	conn->keep[conn->sent % PG_IN_FLIGHT_MAX] = keep;
	return true;
}

static bool lost(struct ctx *c, struct pg_conn *conn, const struct sql *sql)
{
	return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), sql);
}

bool pg_send_text(struct ctx *c, struct pg_conn *conn, const char *text)
{
	if (!PQsendQueryParams(conn->h, text, 0, NULL, NULL, NULL, NULL, 0))
		return lost(c, conn, NULL);
	return count_sent(c, conn, NULL, false);
}

/* The types that the arguments have; those of NULLs stay as they were. */
static bool learn_types(struct pg_stmt *s, struct call call)
{
	bool learned = false;

	for (size_t i = 0; i < call.arg_count; i++) {
		Oid type = call.args[i].type == VAL_INT ? OID_INT8 : OID_TEXT;

		if (call.args[i].type == VAL_NULL)
			continue;
		CHECK(s->types[i] == 0 || s->types[i] == type);
		learned = learned || s->types[i] == 0;
		s->types[i] = type;
	}
	return learned;
}

/* Does a statement only read? */
static bool is_read(const char *text)
{
	if (str_starts(str_from(text), "SELECT"))
		return true;
	return str_starts(str_from(text), "WITH") && !strstr(text, "INSERT ")
	    && !strstr(text, "UPDATE ") && !strstr(text, "DELETE ");
}

bool pg_send_prepare(struct ctx *c, struct pg_conn *conn, const struct pg_text *t,
                     const struct sql *q)
{
	if (!PQsendPrepare(conn->h, t->name, t->text, (int)t->type_count, t->types))
		return lost(c, conn, q);
	return count_sent(c, conn, q, false);
}

static bool prepare_one(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, const struct sql *q)
{
	struct buf text;

	buf_init(&text, c->arena);
	s->param_count = sql_text(q, SQL_POSTGRES, &text);
	s->reads = is_read(buf_text(&text).p);
	snprintf(s->name, sizeof(s->name), "s%lld", (long long)++conn->stmt_count);
	return pg_send_prepare(c, conn, &(struct pg_text){ s->name, buf_text(&text).p, s->types,
	                                                   s->param_count }, q);
}

struct pg_stmt *pg_prepare(struct ctx *c, struct pg_conn *conn, struct call call)
{
	struct pg_stmt *s = sql_cache_find(&conn->cache, call.sql);
	bool is_new = s == NULL;

	if (is_new) {
		s = calloc(1, sizeof(*s));
		CHECK(s != NULL && conn->cache.count < STATEMENTS_MAX);
		sql_cache_put(&conn->cache, call.sql, s);
	}
	if ((learn_types(s, call) || is_new) && !prepare_one(c, conn, s, call.sql))
		return NULL;
	return s;
}

static bool send_named(struct ctx *c, struct pg_conn *conn, const char *name, struct call call)
{
	const char *values[DB_ARGS_MAX];
	int lengths[DB_ARGS_MAX], formats[DB_ARGS_MAX];
	uint64_t ints[DB_ARGS_MAX];

	for (size_t i = 0; i < call.arg_count; i++) {
		const struct val *v = &call.args[i];

		formats[i] = 1;
		ints[i] = htobe64((uint64_t)v->i);
		values[i] = v->type == VAL_NULL ? NULL : v->type == VAL_INT ? (const char *)&ints[i]
		          : v->s.p ? v->s.p : "";
		lengths[i] = v->type == VAL_INT ? (int)sizeof(ints[i]) : (int)v->s.n;
	}
	return PQsendQueryPrepared(conn->h, name, (int)call.arg_count, values, lengths, formats, 0)
	    || lost(c, conn, call.sql);
}

bool pg_send_prepared(struct ctx *c, struct pg_conn *conn, const char *name, struct call call)
{
	return send_named(c, conn, name, call) && count_sent(c, conn, call.sql, false);
}

bool pg_send(struct ctx *c, struct pg_conn *conn, struct call call, bool keep)
{
	struct pg_stmt *s = pg_prepare(c, conn, call);

	if (!s)
		return false;
	CHECK(call.arg_count == s->param_count);
	return send_named(c, conn, s->name, call) && count_sent(c, conn, call.sql, keep);
}

bool pg_send_describe(struct ctx *c, struct pg_conn *conn, const struct pg_stmt *s,
                      const struct sql *q)
{
	if (!PQsendDescribePrepared(conn->h, s->name))
		return lost(c, conn, q);
	return count_sent(c, conn, q, true);
}

/* Sums of BIGINT are NUMERIC in PostgreSQL; one that does not fit is not a number for us. */
static bool value(struct ctx *c, const PGresult *r, int row, int column, struct val *out)
{
	struct str text = { PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column) };

	*out = (struct val){ .type = VAL_NULL };
	if (PQgetisnull(r, row, column))
		return true;
	switch (PQftype(r, column)) {
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_NUMERIC:
		out->type = VAL_INT;
		if (str_to_int(text, &out->i))
			return true;
		log_event(LOG_ERROR, "a number that is not a 64-bit integer",
		          LOG_STR("value", text));
		return db_fail(c, ERR_INTERNAL);
	case OID_BOOL:
		*out = val_int(text.p[0] == 't');
		return true;
	default:
		*out = val_str(arena_str(c->arena, text));
		return true;
	}
}

bool pg_rows(struct ctx *c, const PGresult *r, struct rows *out)
{
	int rows = PQntuples(r), columns = PQnfields(r);
	const char **names = ARENA_ARRAY(c->arena, const char *, (size_t)columns);
	struct val *vals = ARENA_ARRAY(c->arena, struct val, (size_t)rows * (size_t)columns);

	for (int i = 0; i < columns; i++)
		names[i] = arena_cstr(c->arena, str_from(PQfname(r, i)));
	for (int i = 0; i < rows; i++)
		for (int k = 0; k < columns; k++)
			if (!value(c, r, i, k, &vals[i * columns + k]))
				return false;
	*out = (struct rows){ (size_t)rows, (size_t)columns, names, vals };
	return true;
}
