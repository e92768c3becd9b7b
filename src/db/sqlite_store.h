/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_STORE_H
#define DB_SQLITE_STORE_H

#include "db/sqlite_conn.h"

#include <pthread.h>

/*
 * Private to src/db: the SQLite files of a data directory and their connections.
 *
 * A struct lite_file exists while its file is open. `users` counts transactions
 * at work on it; files without users are closed, least recently used first, when
 * more than open_max are open. One connection writes; readers are pooled. All
 * members are guarded by lite_store.lock, which is never held while SQLite works.
 */

struct lite_file {
	int64_t org_id;
	size_t users;
	bool ready;        /* migrated */
	bool writer_taken;
	struct lite_conn *writer;
	struct lite_conn *readers;
	size_t reader_count;
	int64_t used_ns;
	pthread_cond_t changed; /* the writer is free again */
	int wal_fd;             /* to bring commits to disk; -1: no writer has been open yet */
	int64_t committed, settled; /* commits so far; those that are on disk */
	bool settling;
	pthread_cond_t at_rest; /* settling ended */
	int64_t wal_pages, due_pages; /* of the WAL; with so many they are copied home */
	enum { COPIED_NOTHING, COPYING, COPIED_MOST } copied; /* of its pages */
	struct lite_conn *copier, *keeper; /* NULL: not needed yet. Belong to who is COPYING */
	struct lite_file *next_in_slot;
	struct lite_file *newer, *older;
};

#define LITE_SLOTS 4096

struct lite_store {
	struct store store; /* first */
	struct arena arena; /* texts of the store's life */
	struct migrations migrations;
	bool read_only;
	int lock_fd;
	pthread_mutex_t lock;
	struct lite_file *slots[LITE_SLOTS];
	struct lite_file *newest, *oldest;
	struct lite_file *oldest_warm; /* from here to newest files still have their caches */
	size_t open_count, open_max;
	struct lite_conn *restoring; /* see sqlite_backup.c */
};

/* The store on its folder, locked, but nothing in it made or migrated yet. NULL with c->err. */
struct lite_store *lite_store_new(struct ctx *c, const struct store_config *config);

/* Find or make the file's entry and count the caller in; give it back with lite_file_put. */
struct lite_file *lite_file_get(struct lite_store *s, int64_t org_id);
void lite_file_put(struct lite_store *s, struct lite_file *f);

/*
 * Bringing commits to disk (sqlite_settle.c): note one commit, counting the caller in like
 * lite_file_get; wait until it is on disk; copy what is due (sqlite_checkpoint.h), and count out;
 * sync by this descriptor of the WAL from now on, and close the one before.
 */
void lite_mark(struct lite_store *s, struct lite_file *f, struct store_mark *out);
void lite_settle(struct store *store, const struct store_mark *mark);
void lite_tend(struct store *store, const struct store_mark *mark);
void lite_settled_by(struct lite_store *s, struct lite_file *f, int wal_fd);

/*
 * The disk has refused to keep what was written: ends the program. What is committed can be seen
 * already, so it cannot be taken back, and the system says so once only: to ask again is to be
 * told that all is well. A new start reads the WAL again and copies all of it home.
 */
void lite_give_up(const struct lite_file *f, const char *reason) __attribute__((noreturn));

/* Close everything; nothing may be in use. */
void lite_file_close_all(struct lite_store *s);

/* The path of a file, in c->arena. */
const char *lite_path(struct lite_store *s, struct ctx *c, int64_t org_id);

#endif
