/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_PG_CONN_H
#define DB_PG_CONN_H

#include "db/db_driver.h"
#include "db/sql_cache.h"

#include <libpq-fe.h>

/*
 * Private to src/db: one connection to PostgreSQL in pipeline mode.
 *
 * Statements are sent without waiting; their results come back in the same
 * order and are numbered from 1. A call that needs an answer receives all
 * results up to its own. Results that a ticket waits for are kept aside.
 *
 * The transaction begins when the first statement is sent, so one that nobody
 * uses costs nothing. An error fails the transaction for good: PostgreSQL
 * ignores what follows, and the connection is closed when it is given back.
 *
 * Two transactions can share a connection: an organisation's and, beside it for
 * reading, the control data's. Each has its own struct pg_tx.
 */

struct pg_store;
struct pg_conn;

struct pg_tx {
	struct db db; /* first: a struct db * is a struct pg_tx * */
	struct pg_conn *conn;
	bool open; /* handed out */
};

#define PG_BATCHES 8 /* of rows that wait, see struct pg_batch */

struct pg_stmt {
	char name[24];
	char many[24]; /* inserts many rows, see pg_batch.h; "" until it is prepared */
	size_t param_count;
	Oid types[DB_ARGS_MAX]; /* 0: not known yet, an argument was NULL so far */
	bool reads;             /* a SELECT */
	enum { PG_UNKNOWN, PG_PLAIN, PG_NOT_PLAIN } plain;
	const char *late_tables[PG_BATCHES]; /* asked about so far … */
	bool names_late[PG_BATCHES];         /* … and whether the text names them */
};

/*
 * Rows of one INSERT that have not been sent yet. The first batch of a connection takes
 * consecutive calls of any INSERT; the others are those of .late statements.
 */
struct pg_batch {
	struct arena arena; /* of the rows */
	struct pg_stmt *stmt;
	const struct sql *sql;
	struct val *rows;
	size_t count, bytes;
};

#define PG_IN_FLIGHT_MAX 256 /* then results are received before more is sent */

struct pg_kept {
	int64_t number;
	PGresult *result;
};

struct pg_conn {
	PGconn *h;
	struct pg_store *store;
	struct pg_conn *next;
	struct pg_tx org, control;
	struct sql_cache cache;
	int64_t stmt_count;   /* for names */
	int64_t sent, received;
	bool keep[PG_IN_FLIGHT_MAX];             /* by number modulo */
	const struct sql *sql[PG_IN_FLIGHT_MAX]; /* what it was, for the log */
	struct pg_kept *kept;
	size_t kept_count, kept_room;
	struct pg_batch batches[PG_BATCHES];
	int64_t transactions; /* begun so far */
	bool begun;           /* BEGIN has been sent */
	int parts;            /* savepoints asked for … */
	int parts_sent;       /* … and sent */
	enum err_code failed;
	int64_t generation;   /* of the pool when it was opened */
};

/* Connect as the role of the store. NULL with c->err ERR_STORAGE. */
struct pg_conn *pg_connect(struct ctx *c, struct pg_store *store, int64_t generation);
void pg_close(struct pg_conn *conn);

/* Still usable? Sees a server that hung up in the meantime, without a round trip. */
bool pg_alive(struct pg_conn *conn);

/* Record the failure in c->err, the log, and both transactions; always false. */
bool pg_fail(struct ctx *c, struct pg_conn *conn, enum err_code code, const char *what,
             const struct sql *sql);

/* Send a statement; its number is conn->sent afterwards. Prepares it when needed. */
bool pg_send(struct ctx *c, struct pg_conn *conn, struct call call, bool keep);

/* The same for a statement that is prepared under that name, and whose rows nobody needs. */
bool pg_send_prepared(struct ctx *c, struct pg_conn *conn, const char *name, struct call call);

/* The same for a text without parameters that is not worth preparing. */
bool pg_send_text(struct ctx *c, struct pg_conn *conn, const char *text);

/* Prepare a text under a name; the statement it is for goes into the log if that fails. */
struct pg_text {
	const char *name, *text;
	const Oid *types;
	size_t type_count;
};
bool pg_send_prepare(struct ctx *c, struct pg_conn *conn, const struct pg_text *t,
                     const struct sql *q);

/* Find or prepare the statement of a call. NULL with c->err. */
struct pg_stmt *pg_prepare(struct ctx *c, struct pg_conn *conn, struct call call);

/* Ask for the columns of a prepared statement; the answer is kept. */
bool pg_send_describe(struct ctx *c, struct pg_conn *conn, const struct pg_stmt *s,
                      const struct sql *q);

/* Push everything out and receive results up to number; those to keep are kept. */
bool pg_receive(struct ctx *c, struct pg_conn *conn, int64_t number);

/* Take a kept result; the caller clears it. NULL when it is not there. */
PGresult *pg_take(struct pg_conn *conn, int64_t number);

void pg_drop_kept(struct pg_conn *conn);

/* End the pipeline: push out, receive all results, and the answer to the sync. */
bool pg_sync(struct ctx *c, struct pg_conn *conn);

/* A result as rows in c->arena; false when a value is of a type the program has none for. */
bool pg_rows(struct ctx *c, const PGresult *r, struct rows *out);

/* The error code of an SQLSTATE. */
enum err_code pg_code(const char *sqlstate);

extern const struct db_driver pg_driver;

#endif
