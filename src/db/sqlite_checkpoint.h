/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_CHECKPOINT_H
#define DB_SQLITE_CHECKPOINT_H

#include "db/sqlite_conn.h"

/*
 * Private to src/db: how the pages of a WAL come home to the database file.
 *
 * SQLite would let the writer do it between two transactions, and all would wait. Here a thread
 * that has told everybody copies most of them, with a connection of its own and beside the writer
 * (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html, PASSIVE); what has come meanwhile the
 * writer copies after its next commit, so that the WAL begins anew. Where pages cannot go home
 * yet, because somebody reads what was before them, it is tried again some pages later.
 *
 * Before 3.51.3 SQLite may lose pages when one connection begins the WAL anew while another one
 * begins to copy it (https://www.sqlite.org/wal.html#walresetbug). So that no writer can do that,
 * a third connection reads from the WAL as long as the thread copies; and where all is home
 * already, so that a reader would not keep the WAL as it is, the thread copies nothing.
 */

struct lite_store;
struct lite_file;

/*
 * Before a process first writes to a file: copies what an earlier one left in its WAL, and has it
 * synced. After a crash of the disk the system may hold pages of the WAL that are not on it; what
 * would be written behind them was lost with them, though its own sync went well.
 */
bool lite_checkpoint_first(struct ctx *c, struct lite_conn *writer);

/* The writer of a file, opened just now: from now on its WAL is copied like this. */
void lite_checkpoint_watch(struct lite_conn *writer);

/* After a commit of the writer, still taken: copies the rest when most has been copied. */
void lite_checkpoint_finish(struct lite_store *s, struct lite_conn *writer);

/* Without any connection taken, in use by the caller (lite_file_get): copies most when due. */
void lite_checkpoint_most(struct lite_store *s, struct lite_file *f);

#endif
