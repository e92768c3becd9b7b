/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"
#include "base/field.h"

/*
 * SQL for features: one interface, two databases behind it.
 *
 * A statement is a constant (`static const struct sql`) above the function that
 * uses it, and is listed in its file's `const struct sql *const NOUN_sql[]`, so
 * that a test can prepare every one on SQLite and on PostgreSQL.
 *
 * `$1` is always the organisation: the layer binds c->org_id itself and the
 * arguments given are $2, $3, …; statements with .global = true get their
 * arguments from $1 on. `@columns` becomes the model's column list. Statements
 * on the control data say .control = true and run on c->control; all others run
 * on c->db. A count of arguments that does not match the statement is a bug.
 *
 * Portable subset: BIGINT and TEXT, ON CONFLICT … DO NOTHING/UPDATE, RETURNING,
 * no now(), no JSON operators. Results live in c->arena. Every function is
 * called inside a transaction that somebody else opened (work/ or store.h) and
 * fails with ERR_STORAGE (or ERR_FULL) when the database cannot carry it out.
 */

/*
 * The last members are for statements that run with every event. They change
 * nothing but how often PostgreSQL is asked: rows of an INSERT with .late may wait and
 * travel together until a statement names their table. A statement with .beside names
 * that table, but concerns at most the rows that have its argument .beside_key as
 * their .late_key (0: none that could wait), so the others go on waiting.
 * An INSERT … ON CONFLICT … DO UPDATE with .sums_from only adds to a row: additions to one
 * row are added up, and written once before the commit or before their table is named.
 */
struct sql {
	const char *text;
	const struct model *model; /* for @columns; NULL where it is not used */
	bool control;
	bool global, whole;        /* whole: see cursor.h */
	const char *late;          /* the table of this INSERT */
	const char *beside;        /* the late table that this statement names */
	size_t late_key, beside_key; /* n of $n */
	size_t sums_from;          /* from this $n on: what is added to a row of sums */
};

enum val_type { VAL_NULL, VAL_INT, VAL_STR };

struct val {
	enum val_type type;
	int64_t i;
	struct str s;
};

struct args {
	const struct val *v;
	size_t n;
};

static inline struct val val_int(int64_t i)
{
	return (struct val){ .type = VAL_INT, .i = i };
}

static inline struct val val_str(struct str s)
{
	return (struct val){ .type = VAL_STR, .s = s };
}

/* An id that may be missing: 0 is stored as NULL. */
static inline struct val val_ref(int64_t id)
{
	return (struct val){ .type = id ? VAL_INT : VAL_NULL, .i = id };
}

#define NO_ARGS ((struct args){ 0 })
#define ARGS(...) \
	((struct args){ (const struct val[]){ __VA_ARGS__ }, \
	                sizeof((const struct val[]){ __VA_ARGS__ }) / sizeof(struct val) })

/* A result: row-major values, in c->arena. */
struct rows {
	size_t count;
	size_t column_count;
	const char *const *names; /* NULL without rows */
	const struct val *vals;
};

struct val rows_val(const struct rows *r, size_t row, size_t column);
int64_t rows_int(const struct rows *r, size_t row, size_t column);    /* NULL is 0 */
struct str rows_str(const struct rows *r, size_t row, size_t column); /* NULL is "" */

/* Run a statement and fetch all of its rows. */
bool db_query(struct ctx *c, const struct sql *q, struct args args, struct rows *out);

/*
 * Run a statement whose rows nobody needs. PostgreSQL may send it together with
 * later ones: a failure is then reported by the next call or by the commit,
 * which fails the whole transaction either way.
 */
bool db_exec(struct ctx *c, const struct sql *q, struct args args);

/* As db_exec, but at once, and tells how many rows were inserted, changed or deleted. */
bool db_changes(struct ctx *c, const struct sql *q, struct args args, int64_t *out_count);

/* The first row onto *row by column names. ERR_NOT_FOUND on field "id" when there is none. */
bool db_get(struct ctx *c, const struct sql *q, struct args args, void *row);

/* The same, but none is no error. */
bool db_find(struct ctx *c, const struct sql *q, struct args args, void *row, bool *out_found);

/* All rows as an array of the model's structs of `size` bytes each. */
struct list {
	void *items;
	size_t count;
};
bool db_list(struct ctx *c, const struct sql *q, struct args args, size_t size, struct list *out);

/* The first column of the first row as an integer; *out is 0 without a row. */
bool db_int(struct ctx *c, const struct sql *q, struct args args, int64_t *out);

/*
 * Prepare without running: count 0 and the names of the columns. For the test that
 * prepares every statement on both databases.
 */
bool db_describe(struct ctx *c, const struct sql *q, struct rows *out);

/* Map one row of a result onto a struct by column names; columns without a field are skipped. */
void db_map(const struct model *m, const struct rows *r, size_t row, void *out);

/*
 * A number that changes with every transaction, when a part of one is undone and with
 * db_renew(): what was read from c->db under one number may be remembered while it stays.
 */
int64_t db_serial(const struct ctx *c);

/* Something that others may have remembered has been written. */
void db_renew(struct ctx *c);

/*
 * Statements built from the model (see model_sql.h for the texts).
 * insert: every column; a conflict on the UNIQUE field is ERR_CONFLICT on it.
 * update: the IN fields that are not FIXED; ERR_NOT_FOUND if the row is not there.
 * get: by id; ERR_NOT_FOUND.
 */
bool db_insert(struct ctx *c, const struct model *m, const void *row);
bool db_update(struct ctx *c, const struct model *m, const void *row);
bool db_get_id(struct ctx *c, const struct model *m, int64_t id, void *row);

#endif
