/* SPDX-License-Identifier: Apache-2.0 */
#include "db/keyed.h"

#include "db/db_driver.h"

bool keyed_each(struct ctx *c, enum keyed_table table, const struct key_reader *to, bool *out_any)
{
	struct db *db = c->db;

	*out_any = db->driver->keys != NULL;
	return !*out_any || db->driver->keys(db, c, table, to);
}
