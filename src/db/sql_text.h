/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQL_TEXT_H
#define DB_SQL_TEXT_H

#include "base/buf.h"
#include "db/db.h"

/*
 * From the text of a struct sql to what a database is given: @columns becomes
 * the model's column list, and for SQLite $1 becomes ?1, because SQLite numbers
 * $n parameters by first appearance instead of by value. `@event_key $2` is the condition that
 * event.external_key is $2, in the way that finds it (see sqlite_keys.h); so for all of sql_keyed.
 *
 * Text inside quotes is left alone. Bugs are: $0, numbers above DB_ARGS_MAX, and a
 * statement that is not global and never mentions $1.
 */

enum sql_dialect { SQL_SQLITE, SQL_POSTGRES };

/* Tables with an external_key that is unique in an organisation; ends with NULL. */
extern const char *const sql_keyed[];

/* Append the text to *out; returns the highest parameter number. */
size_t sql_text(const struct sql *q, enum sql_dialect dialect, struct buf *out);

/* Does the text name this table, as a whole word? */
bool sql_names(const char *text, const char *table);

#endif
