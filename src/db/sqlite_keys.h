/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_KEYS_H
#define DB_SQLITE_KEYS_H

#include "db/keyed.h"

struct call;
struct db;

/*
 * Private to src/db: where the rows of sql_keyed tables are by their external_key, on SQLite.
 *
 * Ids that do not count have keys all over an index, so that each new row would dirty a page of
 * its own, and each checkpoint write nearly the whole index. Therefore a key goes to its place only
 * when a neighbour is there; others wait until many of them can go in order, several to a page.
 *
 *	TABLE_key      the keys in their places, in order
 *	key_new        a list in order of arrival of keys that were not placed at once
 *	TABLE_waiting  of the writing connection, in memory: the same, in order
 *	               (on readers a view: they walk the list)
 *
 * The condition @TABLE_key (sql_text.h) looks into both. An INSERT into a keyed table says .late and
 * .late_key (db.h), by which keys_note knows it; before each commit keys_place moves some keys.
 * Always: every key is in TABLE_key, or in key_new and in TABLE_waiting; so a kill loses none, and
 * what is undone with the transaction is undone here. An INSERT fails when its key is there already,
 * as with a unique index. Keys in key_new that have got a place are removed later.
 * How many wait goes by how many there are, so that small files have few: to open the
 * writer costs their number. PostgreSQL has a unique index instead.
 */

struct lite_conn;

struct lite_keys {
	bool on;            /* the file has these tables */
	int64_t newest;     /* number in key_new, as of the last commit */
	int64_t waiting;    /* rows of both TABLE_waiting */
	/* moving walks through them round and round; this is the last one moved */
	int64_t kind, key;
	int64_t began;      /* the newest number when this round began */
	int64_t through;    /* up to this number all have their place */
	int64_t removed;    /* up to this number they are gone */
};

/* Make what a new connection needs in memory. */
bool keys_open(struct ctx *c, struct lite_conn *conn);

/* A statement has run: if it has inserted a row with a key, note that one. */
bool keys_note(struct ctx *c, struct lite_conn *conn, struct call call);

/*
 * Before the commit of a writing transaction: move some keys to their places. *out becomes conn->keys
 * when it has been committed.
 */
bool keys_place(struct ctx *c, struct lite_conn *conn, struct lite_keys *out);

/* See keyed.h. */
bool keys_each(struct db *db, struct ctx *c, enum keyed_table table, const struct key_reader *to);

/* Place the keys of all rows of a file that has none yet: after a restore. */
bool keys_rebuild(struct ctx *c, struct lite_conn *conn);

#endif
