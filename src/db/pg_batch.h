/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_PG_BATCH_H
#define DB_PG_BATCH_H

#include "db/pg_conn.h"

/*
 * Private to src/db: rows of consecutive calls of the same plain INSERT travel
 * as one statement, INSERT … SELECT … FROM unnest(arrays), at a fraction of the
 * cost per row.
 *
 * Plain is INSERT INTO t (…) VALUES (…) whose values are parameters, integers or
 * quoted texts. The rows wait in the connection until anything else is to be
 * sent, or enough of them are there; the order of statements stays as it was.
 */

/* Keep the call's row back if its statement is such an INSERT; otherwise *out_kept is false. */
bool pg_batch_add(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, struct call call,
                  bool *out_kept);

/* Send those rows kept back that must go out before this call is sent. */
bool pg_batch_make_way(struct ctx *c, struct pg_conn *conn, struct pg_stmt *s, struct call call);

/* Send all rows kept back. */
bool pg_batch_flush(struct ctx *c, struct pg_conn *conn);

/* Forget them: what they belong to is undone. */
void pg_batch_drop(struct pg_conn *conn);

/* The text that inserts many rows, or "" when the statement is no plain INSERT. For tests. */
struct str pg_batch_text(struct arena *a, const struct sql *q, const struct pg_stmt *s);

#endif
