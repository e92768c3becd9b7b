/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_TREE_H
#define DB_SQLITE_TREE_H

#include "db/sqlite_conn.h"

/*
 * Private to src/db: the rows of a whole table in the order of its key, from the pages of the
 * file, past SQLite. A walk over millions of rows costs a fifth of what SQLite's own interpreter
 * needs to hand out their columns one by one.
 *
 * It is only a short cut. It is taken where the file alone is what the transaction sees
 * (sqlite_still.h) and the table is clustered by the key (WITHOUT ROWID); and whatever it does not
 * know, a page, a record, a row of another organisation, a failing read, it leaves to SQLite: what
 * is wrong with a file is SQLite's to say. Until then the rows are those that SQLite would hand
 * out, in the same order, so SQLite goes on behind as many.
 * (https://www.sqlite.org/fileformat2.html#b_tree_pages)
 */

struct tree;

enum tree_result { TREE_ROW, TREE_END, TREE_LEFT };

/*
 * Over the table of w->sql->model, for rows of one organisation; the model's first `key_count`
 * fields are the key. NULL where the short cut cannot be taken.
 */
struct tree *tree_new(struct lite_conn *conn, const struct walk *w, size_t key_count,
                      int64_t org_id);
void tree_free(struct tree *t);

/* The next row, texts in *texts. After TREE_LEFT this is the answer for good. */
enum tree_result tree_next(struct tree *t, struct arena *texts, char *row);

/* How many rows it has handed out; 0 when asked again. */
size_t tree_passed(struct tree *t);

#endif
