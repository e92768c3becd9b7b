/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQL_TEXT_H
#define DB_SQL_TEXT_H

#include "base/buf.h"
#include "db/db.h"

/*
 * From the text of a struct sql to what a database is given: @columns becomes
 * the model's column list, and for SQLite $1 becomes ?1, because SQLite numbers
 * $n parameters by first appearance instead of by value.
 *
 * Text inside quotes is left alone. Bugs are: $0, numbers above DB_ARGS_MAX, and a
 * statement that is not global and never mentions $1.
 */

enum sql_dialect { SQL_SQLITE, SQL_POSTGRES };

/* Append the text to *out; returns the highest parameter number. */
size_t sql_text(const struct sql *q, enum sql_dialect dialect, struct buf *out);

/* Does the text name this table, as a whole word? */
bool sql_names(const char *text, const char *table);

#endif
