/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_FIXTURE_H
#define DB_FIXTURE_H

#include "db/db.h"
#include "db/store.h"
#include "unit.h"

/*
 * Tests that need a store: each gets a fresh one with organisations 1 and 2,
 * migrated, without a transaction.
 *
 *	STORE_TEST(partners_can_be_listed)
 *	{
 *		OK(fixture_write(c, s, 1));     // c->db and c->org_id
 *		…
 *		OK(fixture_commit(c, s));
 *	}
 *
 * A file that wants other migrations than the program's defines FIXTURE_MIGRATIONS
 * as their folder below the source folder, before it includes this header.
 *
 * The test runs on SQLite and, when PARTNERD_TEST_DATABASE names a PostgreSQL
 * with superuser rights, there as well: databases of their own are made and
 * dropped. The store is closed when the test ends.
 */

#ifndef FIXTURE_MIGRATIONS
#define FIXTURE_MIGRATIONS ""
#endif

#define STORE_TEST(name) \
	static void store_test_##name(struct ctx *c, struct store *s); \
	TEST(name##_on_sqlite) \
	{ \
		store_test_##name(c, fixture_sqlite(c, FIXTURE_MIGRATIONS)); \
	} \
	TEST(name##_on_postgres) \
	{ \
		struct store *s = fixture_postgres(c, FIXTURE_MIGRATIONS); \
		if (s) \
			store_test_##name(c, s); \
	} \
	static void store_test_##name(__attribute__((unused)) struct ctx *c, \
	                              __attribute__((unused)) struct store *s)

struct store *fixture_sqlite(struct ctx *c, const char *migrations);
/* NULL where there is none */
struct store *fixture_postgres(struct ctx *c, const char *migrations);

/*
 * A configuration for a new, empty store, not opened: a folder, and the url of an empty database.
 */
struct store_config fixture_config_sqlite(struct ctx *c, const char *migrations);
bool fixture_config_postgres(struct ctx *c, const char *migrations, struct store_config *out);

/* Begin for organisation org_id (0: control): sets c->org_id, and c->db or c->control. */
bool fixture_write(struct ctx *c, struct store *s, int64_t org_id);
bool fixture_read(struct ctx *c, struct store *s, int64_t org_id);

/* End the transaction that fixture_write or fixture_read began. */
bool fixture_commit(struct ctx *c, struct store *s);
void fixture_rollback(struct ctx *c, struct store *s);

#endif
