/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_DB_DRIVER_H
#define DB_DB_DRIVER_H

#include "db/asked.h"
#include "db/cursor.h"
#include "db/keyed.h"
#include "db/store.h"
#include "db/sums.h"

/*
 * Private to src/db: what SQLite and PostgreSQL each implement.
 *
 * A struct db is one open transaction; each driver puts it first in a struct of
 * its own. Arguments arrive complete: $1 is already the organisation.
 *
 * Once `failed` is set nothing in the transaction can succeed any more: every
 * further call fails with the same code, and so does the commit.
 */

#define DB_ARGS_MAX 64 /* parameters of one statement */

struct call {
	const struct sql *sql;
	const struct val *args;
	size_t arg_count;
};

enum savepoint_step { SAVEPOINT_SET, SAVEPOINT_RELEASE, SAVEPOINT_UNDO };

struct twins {
	struct db *dbs[STORE_TWINS_MAX];
	size_t count;
};

struct db_driver {
	bool asks_ahead; /* a question costs a round trip: db_ahead sends it, else it does nothing */
	/* Run and fetch; out and out_changes may be NULL. */
	bool (*run)(struct db *db, struct ctx *c, struct call call, struct rows *out,
	            int64_t *out_changes);
	bool (*exec)(struct db *db, struct ctx *c, struct call call);
	bool (*send)(struct db *db, struct ctx *c, struct call call, struct db_ticket *out);
	bool (*take)(struct db *db, struct ctx *c, struct db_ticket *t, struct rows *out);
	bool (*describe)(struct db *db, struct ctx *c, const struct sql *q, struct rows *out);
	bool (*savepoint)(struct db *db, struct ctx *c, enum savepoint_step step);
	/* Cursors (cursor.h): begin a statement of their own; NULL: they read by pages. */
	bool (*walk)(struct db *db, struct ctx *c, struct call call, struct walk *w,
	             struct rows *out_names);
	/* texts in w->texts, which the caller empties */
	bool (*walk_next)(struct db *db, struct ctx *c, const struct walk *w, char *row,
	                  bool *out_found);
	void (*walk_end)(struct walk *w);
	/* See keyed.h; NULL: the database has them itself, in a unique index. */
	bool (*keys)(struct db *db, struct ctx *c, enum keyed_table table,
	             const struct key_reader *to);
	/* See store_twins; NULL: there are none. */
	bool (*twin)(struct db *one, struct ctx *c, const struct twins *others, bool *out_same);
};

/* Where a column goes in the caller's row: an int64_t, or a struct str. */
struct cursor_column {
	size_t offset;
	bool is_text;
};

/* Begin to walk w->sql; the names of its columns in c->arena. */
bool db_walk(struct ctx *c, struct walk *w, struct args args, struct rows *out_names);

/* A value that is not of its column's type; always false. */
bool cursor_odd(struct ctx *c, const struct walk *w);

struct db {
	const struct db_driver *driver;
	struct store *store;
	int64_t org_id; /* 0: control data */
	enum store_mode mode;
	enum err_code failed;
	int64_t serial; /* see db_serial */
	struct arena arena; /* of the transaction */
	struct asked asked;
	struct sums sums;
	int parts;      /* savepoints that are open, see store_savepoint */
};

/* The connection is closed. */
void db_release(struct db *db);

/* The next number of db_serial, for any transaction of any thread. */
int64_t db_next_serial(void);

struct store_driver {
	void (*close)(struct store *s);
	bool (*migrate)(struct store *s, struct ctx *c, int64_t org_id);
	bool (*orgs)(struct store *s, struct ctx *c, struct store_orgs *out);
	struct db *(*begin)(struct store *s, struct ctx *c, int64_t org_id, enum store_mode mode);
	bool (*commit)(struct store *s, struct ctx *c, struct db *db, struct store_mark *out);
	/* NULL: commits are on disk */
	void (*settle)(struct store *s, const struct store_mark *mark);
	void (*tend)(struct store *s, const struct store_mark *mark);
	void (*rollback)(struct store *s, struct db *db);
};

struct store {
	const struct store_driver *driver;
	bool is_postgres;
	struct str data_dir;
	size_t migration_count; /* the number of the newest */
	bool (*inject_commit)(int64_t org_id);
};

struct store *sqlite_store_open(struct ctx *c, const struct store_config *config);
struct store *postgres_store_open(struct ctx *c, const struct store_config *config);

/* What a person is told when the database could not carry something out; always false. */
bool db_fail(struct ctx *c, enum err_code code);

/* The append-only tables, ends with NULL: rows are inserted, never changed or deleted. */
extern const char *const db_append_only[];
bool db_is_append_only(struct str table);

#endif
