/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_STILL_H
#define DB_SQLITE_STILL_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Private to src/db: does a connection see exactly what is in its file, and does that stay so?
 *
 * A reader that begins when the whole write-ahead log has been copied into the file (or there is
 * none) takes the lock WAL_READ_LOCK(0) and reads the file alone; nobody copies pages into the
 * file while somebody has it (https://www.sqlite.org/walformat.html, "WAL Locks"). Which lock it
 * has taken SQLite tells nobody, so this listens: the functions of the connection's file are
 * replaced by a copy of the same with one that notes what becomes of that lock.
 */

struct still {
	sqlite3_io_methods methods; /* first: what the file points to */
	const sqlite3_io_methods *below;
	sqlite3 *h;
	sqlite3_file *file;
	bool locked;
};

/* Right after it was opened; *s must outlive the connection. */
void still_watch(struct still *s, sqlite3 *h);

/* In a transaction that reads the file alone; then so until that ends. */
bool still_holds(const struct still *s);

#endif
