/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_WAL_H
#define DB_SQLITE_WAL_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * Private to src/db: how the writing connections of SQLite write their WAL.
 *
 * SQLite writes each page of a transaction with two calls of the system, the head of its frame
 * and the page. Here they are gathered and written many at a time. Nothing is held back longer
 * than the transaction: the frame that commits it is written before SQLite makes the transaction
 * visible to others; and before anything is read from the WAL, it is synced or its size is asked
 * for. What a rolled back transaction leaves behind is overwritten by the next one, here as there.
 *
 * A head is 24 bytes; those 4 to 7 are not zero in a frame that commits
 * (https://www.sqlite.org/fileformat2.html#walformat).
 */

/* The VFS for sqlite3_open_v2; for all files but the WAL it is the system's own. */
const char *wal_vfs(void);

/* Is nothing of the connection's WAL held back? Always so outside of transactions. */
bool wal_is_written(sqlite3 *h);

#endif
