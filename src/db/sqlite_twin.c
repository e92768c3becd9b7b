/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_conn.h"

#define TRIES 200

/*
 * Begin anew, and see what there is now. What SQLite calls the data's version is a number of the
 * connection that changes whenever somebody else has committed since it last looked
 * (https://www.sqlite.org/pragma.html#pragma_data_version); asking for it fixes what the
 * transaction sees.
 */
static bool look(struct ctx *c, struct lite_conn *conn, int64_t *out_version)
{
	return lite_run(c, conn, "COMMIT; BEGIN")
	    && lite_int(c, conn, "PRAGMA data_version", out_version);
}

static bool look_all(struct ctx *c, const struct twins *all)
{
	int64_t version;

	for (size_t i = 0; i < all->count; i++)
		if (!look(c, (struct lite_conn *)all->dbs[i], &version))
			return false;
	return true;
}

/* What one sees before and after the others have looked, and nothing in between, is the same. */
bool lite_twin(struct db *one, struct ctx *c, const struct twins *others, bool *out_same)
{
	struct lite_conn *conn = (struct lite_conn *)one;
	int64_t before, after;

	*out_same = false;
	for (int i = 0; i < TRIES && !*out_same; i++) {
		if (!look(c, conn, &before) || !look_all(c, others) || !look(c, conn, &after))
			return false;
		*out_same = before == after;
	}
	return true;
}
