/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/store.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

#include <pthread.h>

static const struct sql SQL_ADD = {
	.text = "INSERT INTO ledger_entry (org_id, id, kind) VALUES ($1, $2, $3)",
};
static const struct sql SQL_COUNT = { .text = "SELECT count(*) FROM ledger_entry WHERE org_id = $1" };

static int64_t count_of(struct ctx *c)
{
	int64_t n = -1;

	OK(db_int(c, &SQL_COUNT, NO_ARGS, &n));
	return n;
}

/* Commits to organisation 1 without an end. */
static _Atomic bool enough;

static void *commit_always(void *store)
{
	struct arena arena;
	struct ctx own = { .arena = &arena }, *c = &own;

	arena_init(&arena);
	for (int64_t id = 1; !enough; id++) {
		CHECK(fixture_write(c, store, 1));
		CHECK(db_exec(c, &SQL_ADD, ARGS(val_int(id), val_int(0))));
		CHECK(fixture_commit(c, store));
	}
	arena_release(&arena);
	return NULL;
}

STORE_TEST(twins_see_exactly_what_the_first_reader_sees)
{
	struct ctx twins[2] = { *c, *c };
	pthread_t thread;
	int seen_by_all = 0;

	enough = false;
	EQ(pthread_create(&thread, NULL, commit_always, s), 0);
	for (int i = 0; i < 50; i++) {
		OK(fixture_read(c, s, 1));
		OK(store_twins(c, twins, 2));
		EQ(twins[0].db == NULL, twins[1].db == NULL);
		if (twins[0].db) {
			int64_t seen = count_of(c);

			EQ(count_of(&twins[0]), seen);
			EQ(count_of(&twins[1]), seen);
			seen_by_all++;
		}
		store_twins_end(twins, 2);
		OK(twins[0].db == NULL && twins[1].db == NULL);
		OK(fixture_commit(c, s));
	}
	enough = true;
	pthread_join(thread, NULL);
	OK(store_is_postgres(s) ? seen_by_all == 0 : seen_by_all > 0);
}

STORE_TEST(a_writer_has_no_twin)
{
	struct ctx twin = *c;

	OK(fixture_write(c, s, 1));
	OK(store_twins(c, &twin, 1));
	OK(twin.db == NULL);
	store_twins_end(&twin, 1);
	fixture_rollback(c, s);
}
