/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_KEYED_H
#define DB_KEYED_H

#include "base/ctx.h"

/*
 * Keyed tables: events and customers, which are found by their external_key. PostgreSQL keeps a
 * unique index; on SQLite this layer keeps the keys itself (sqlite_keys.h), and here is what they
 * lead to, for those who check it.
 */

enum keyed_table { KEYED_EVENTS, KEYED_CUSTOMERS, KEYED_TABLES };

struct key_reader {
	void (*fn)(int64_t key, int64_t id, void *arg);
	void *arg;
};

/*
 * Tell of each key and of the id it leads to, in no order. *out_any is false, and nothing is
 * told, where the database keeps them itself.
 */
bool keyed_each(struct ctx *c, enum keyed_table table, const struct key_reader *to, bool *out_any);

#endif
