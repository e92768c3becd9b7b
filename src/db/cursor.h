/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_CURSOR_H
#define DB_CURSOR_H

#include "db/db.h"

/*
 * A cursor: the rows of a large table in the order of its key, one after the other, straight
 * onto the caller's struct. For those who walk over everything, where db_list() by pages would
 * copy every text and ask again for every thousand rows.
 *
 * The statement begins behind a key and says how many rows it wants:
 *     SELECT @columns FROM t WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3
 *     SELECT @columns FROM t WHERE org_id = $1 AND (a, b) > ($2, $3) ORDER BY a, b LIMIT $4
 * and the fields of the key, integers, are the first columns. A statement that is nothing but
 * that, over a table with just that key behind its org_id, says .whole = true: then SQLite's
 * interpreter may be passed by (sqlite_tree.h). SQLite walks its table once; PostgreSQL is asked
 * page by page. Several cursors may be open in one transaction, in one
 * thread. What a cursor reads is what the transaction sees.
 */

#define CURSOR_KEYS_MAX 3

struct cursor_column;
struct tree;

/* A statement that is being walked, and where its columns go. */
struct walk {
	const struct sql *sql;
	void *stmt;                   /* SQLite's; NULL: by pages */
	bool by_function;             /* SQLite's way to take the columns; db_sqlite.c */
	struct tree *tree;            /* the way past SQLite, where there is one; sqlite_tree.h */
	struct cursor_column *columns;
	size_t column_count;
	struct arena *texts;
};

struct cursor {
	struct ctx *c;
	struct db *db;
	struct walk walk;
	int64_t key[CURSOR_KEYS_MAX]; /* of the last row */
	size_t key_count;
	struct arena arena;           /* for the columns and a page */
	struct arena texts;           /* of the row at hand */
	struct rows page;
	size_t at;
	bool last;                    /* there is no other page */
	struct cursor_ahead *ahead;   /* NULL: rows are read when they are asked for */
};

/* Begin before the first row. False if it cannot be read; cursor_close() either way. */
bool cursor_open(struct cursor *k, struct ctx *c, const struct sql *q, size_t key_count);

/*
 * The same, read ahead by a thread of its own where there is a twin (store_twins) with a database
 * of its own, which is the cursor's alone until cursor_close(). A row is a struct of `size` bytes,
 * all zero where it has no column.
 */
struct cursor_reader {
	struct ctx *c;                /* is told of errors */
	struct ctx *twin;             /* NULL, or without a database: not ahead */
};
bool cursor_open_ahead(struct cursor *k, const struct cursor_reader *by, const struct sql *q,
                       size_t key_count, size_t size);

/*
 * The next row onto *row, of the statement's model; *out_found is false behind the last. Texts
 * hold until the next call for this cursor. A value of another type than its field's fails with
 * ERR_STORAGE, as anything that cannot be read.
 */
bool cursor_next(struct cursor *k, void *row, bool *out_found);

/* Also of one that is all zero. */
void cursor_close(struct cursor *k);

#endif
