/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_CONN_H
#define DB_SQLITE_CONN_H

#include "db/db_driver.h"
#include "db/migrate.h"
#include "db/sql_cache.h"
#include "db/sqlite_keys.h"
#include "db/sqlite_still.h"

#include <sqlite3.h>

/*
 * Private to src/db: one connection to one SQLite file, and the transaction open on it.
 *
 * Every connection uses WAL, synchronous=FULL (the store's writers flush otherwise,
 * see store_settle), foreign keys, no mmap, and an authorizer that allows
 * statements to read and write rows but nothing else, and
 * never to change or delete rows of append-only tables. `trusted` lifts that for
 * the statements of this layer: transactions, pragmas, migrations. Only
 * read-write connections checkpoint: see sqlite_checkpoint.h.
 */

struct lite_file;

struct lite_conn {
	struct db db; /* first: a struct db * is a struct lite_conn * */
	sqlite3 *h;
	struct sql_cache cache;
	struct lite_keys keys;
	struct still still;
	struct lite_file *file;
	struct lite_conn *next;
	bool writer;
	int wal_pages;              /* of a writer, after its last commit */
	bool trusted;
	const struct walk *walking; /* while a step of it runs: where lite_walked puts the row */
	char *walked;
	bool walked_odd;            /* a value is of another type than its column */
};

extern const struct db_driver lite_driver;

/* Open a file that exists, or with `create` one that may not. NULL with c->err. */
struct lite_conn *lite_open(struct ctx *c, const char *path, bool writer, bool create);
void lite_close(struct lite_conn *conn);

/* Run constant SQL of this layer, one or more statements; ERR_STORAGE, ERR_FULL, ERR_BUSY. */
bool lite_run(struct ctx *c, struct lite_conn *conn, const char *sql);

/* Run a statement of this layer that answers one integer. */
bool lite_int(struct ctx *c, struct lite_conn *conn, const char *sql, int64_t *out);

/* The statement from the connection's cache, its rows not begun. NULL with c->err. */
sqlite3_stmt *lite_prepare(struct ctx *c, struct lite_conn *conn, const struct sql *q);

/*
 * Have several readers of a file see the same, all begun anew. *out_same is false where others
 * commit all the time.
 */
bool lite_twin(struct db *one, struct ctx *c, const struct twins *others, bool *out_same);

/* The SQL function that hands the columns of a walked row over; its data is the connection. */
#define LITE_WALKED "walked"
void lite_walked(sqlite3_context *context, int count, sqlite3_value **values);

/* Record in c->err, the log and db.failed what SQLite says; always false. */
bool lite_fail(struct ctx *c, struct lite_conn *conn, int rc, const char *doing);

/* Bring a file up to migration `to`, inside the connection's own transactions. */
bool lite_migrate(struct ctx *c, struct lite_conn *conn, const struct migrations *all, size_t to);

#endif
