/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_LAYOUT_H
#define DB_SQLITE_LAYOUT_H

#include "db/sqlite_conn.h"
#include "db/sqlite_record.h"

/*
 * Private to src/db: how a table lies in its file, for those who read it past SQLite. The columns
 * of its key come first in a record, in their order there, then the others as they were declared.
 */

struct layout {
	uint32_t root;      /* page */
	size_t key_count;   /* without org_id, which is the first column of every key */
	struct record_shape shape;
};

/*
 * Of the model's table, with the model's first `key_count` fields as its key. False where it lies
 * in any other way, or is not there.
 */
bool layout_read(struct layout *l, struct lite_conn *conn, const struct model *m, size_t key_count);

#endif
