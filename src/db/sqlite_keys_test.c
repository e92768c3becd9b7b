/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_keys.h"
#include "db/fixture.h"
#include "db/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>

#define MANY 4000 /* several rounds of moving */

static const struct sql SQL_ADD = {
	.text = "INSERT INTO customer (org_id, id, external_key, external_id, email, name, country,"
	        " partner_id, campaign_id, link_id, signal, referred_at, invoices, churned_at,"
	        " owner_count, metadata, created_at)"
	        " VALUES ($1, $2, $3, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, '', 0)",
	.late = "customer",
	.late_key = 3,
};
static const struct sql SQL_FIND = {
	.text = "SELECT id FROM customer WHERE org_id = $1 AND @customer_key $2",
};
static const struct sql SQL_PLACED = {
	.text = "SELECT count(*) FROM customer_key", .global = true,
};
static const struct sql SQL_LISTED = {
	.text = "SELECT count(*) FROM key_new", .global = true,
};

/* Numbers all over, none twice (splitmix64: https://prng.di.unimi.it/splitmix64.c). */
static int64_t scattered(int64_t n)
{
	uint64_t x = (uint64_t)n * 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return (int64_t)((x ^ x >> 31) & INT64_MAX);
}

static bool add(struct ctx *c, int64_t id, int64_t key)
{
	return db_exec(c, &SQL_ADD, ARGS(val_int(id), val_int(key)));
}

static int64_t number(struct ctx *c, const struct sql *q)
{
	int64_t n = -1;

	OK(db_int(c, q, NO_ARGS, &n));
	return n;
}

static int64_t id_of(struct ctx *c, int64_t key)
{
	int64_t id;

	OK(db_int(c, &SQL_FIND, ARGS(val_int(key)), &id));
	return id;
}

/* 1 to `to` are found by their keys, and nothing else is. */
static void check_found(struct ctx *c, int64_t to)
{
	for (int64_t n = 1; n <= to; n++)
		EQ(id_of(c, scattered(n)), n);
	for (int64_t n = to + 1; n <= to + 50; n++)
		EQ(id_of(c, scattered(n)), 0);
}

static void check_store(struct ctx *c, struct store *s, int64_t to)
{
	OK(fixture_read(c, s, 1));
	check_found(c, to);
	fixture_rollback(c, s);
	OK(fixture_write(c, s, 1));
	check_found(c, to);
	fixture_rollback(c, s);
}

static void add_many(struct ctx *c, struct store *s, int64_t from, int64_t to)
{
	while (from <= to) {
		OK(fixture_write(c, s, 1));
		for (int i = 0; i < 50 && from <= to; i++, from++)
			OK(add(c, from, scattered(from)));
		OK(fixture_commit(c, s));
	}
}

STORE_TEST(keys_all_over_are_found_in_the_transaction_after_it_and_by_readers)
{
	OK(fixture_write(c, s, 1));
	for (int64_t n = 1; n <= 20; n++)
		OK(add(c, n, scattered(n)));
	check_found(c, 20);
	OK(fixture_commit(c, s));
	check_store(c, s, 20);
	add_many(c, s, 21, MANY);
	check_store(c, s, MANY);
}

TEST(few_of_many_keys_wait_and_the_list_is_tidied_up)
{
	struct store *s = fixture_sqlite(c, "");
	int64_t placed, listed;

	add_many(c, s, 1, MANY);
	OK(fixture_read(c, s, 1));
	placed = number(c, &SQL_PLACED);
	listed = number(c, &SQL_LISTED);
	fixture_rollback(c, s);
	OK(placed >= MANY - 256 && placed < MANY);
	OK(placed + listed >= MANY && listed < 2000);
}

TEST(keys_that_count_go_to_their_places_at_once)
{
	struct store *s = fixture_sqlite(c, "");

	OK(fixture_write(c, s, 1));
	for (int64_t n = 1; n <= 500; n++)
		OK(add(c, n, 1000000 + n));
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, 1));
	EQ(number(c, &SQL_PLACED), 499);
	EQ(number(c, &SQL_LISTED), 1);
	for (int64_t n = 1; n <= 500; n++)
		EQ(id_of(c, 1000000 + n), n);
	fixture_rollback(c, s);
}

static void refuses(struct ctx *c, struct store *s, int64_t key)
{
	OK(fixture_write(c, s, 1));
	NO(add(c, MANY + 1, key) && fixture_commit(c, s));
	fail_clear(c);
	if (c->db)
		fixture_rollback(c, s);
}

STORE_TEST(a_key_that_is_there_is_refused_wherever_it_is)
{
	add_many(c, s, 1, 1000);
	for (int64_t n = 1; n <= 1000; n += 37)
		refuses(c, s, scattered(n));
	refuses(c, s, scattered(1000));
	check_store(c, s, 1000);
}

STORE_TEST(what_is_undone_is_undone_with_its_keys)
{
	add_many(c, s, 1, 300);
	OK(fixture_write(c, s, 1));
	OK(add(c, 301, scattered(301)));
	OK(store_savepoint(c, c->db));
	OK(add(c, 302, scattered(302)));
	OK(store_savepoint_undo(c, c->db));
	check_found(c, 301);
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 1));
	OK(add(c, 302, scattered(302)));
	fixture_rollback(c, s);
	check_store(c, s, 301);
	add_many(c, s, 302, 600);
	check_store(c, s, 600);
}

static bool refuse_commit(int64_t org_id)
{
	return org_id != 1;
}

STORE_TEST(a_commit_that_fails_loses_no_key_of_others)
{
	for (int64_t n = 1; n <= 2000; n += 500) {
		add_many(c, s, n, n + 499);
		store_inject_commit(s, refuse_commit);
		OK(fixture_write(c, s, 1));
		OK(add(c, 5000, scattered(5000)));
		FAILS(fixture_commit(c, s), ERR_STORAGE, "");
		fail_clear(c);
		store_inject_commit(s, NULL);
	}
	check_store(c, s, 2000);
}

static void copy_file(struct ctx *c, const char *from, const char *to)
{
	static char block[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	ssize_t n;

	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	OK(in >= 0 && out >= 0);
	while ((n = read(in, block, sizeof(block))) > 0)
		EQ(write(out, block, (size_t)n), n);
	OK(n == 0 && close(in) == 0 && close(out) == 0);
	(void)c;
}

/* Open what a kill at this moment would have left behind. */
static struct store *open_copy(struct ctx *c, struct store *s)
{
	static const char *const tails[] = { "", "-wal" };
	struct store_config config = fixture_config_sqlite(c, "");
	struct store *copy = store_open(c, &config);

	OK(copy && store_migrate(copy, c, 1));
	store_close(copy);
	for (size_t i = 0; i < LEN(tails); i++) {
		struct lite_store to = { .store.data_dir = config.data_dir };
		struct lite_store *from = (struct lite_store *)s;

		copy_file(c, arena_printf(c->arena, "%s%s", lite_path(from, c, 1), tails[i]).p,
		          arena_printf(c->arena, "%s%s", lite_path(&to, c, 1), tails[i]).p);
	}
	copy = store_open(c, &config);
	OK(copy);
	return copy;
}

TEST(a_kill_loses_no_key_and_what_was_not_placed_goes_on)
{
	struct store *s = fixture_sqlite(c, "");

	for (int64_t n = 0; n < 3000; n += 350) {
		add_many(c, s, n + 1, n + 350);
		struct store *copy = open_copy(c, s);

		check_store(c, copy, n + 350);
		refuses(c, copy, scattered(n + 350));
		refuses(c, copy, scattered(n / 2 + 1));
		add_many(c, copy, n + 351, n + 1400);
		check_store(c, copy, n + 1400);
		store_close(copy);
	}
}

TEST(a_restored_backup_knows_its_keys)
{
	struct store_config config = fixture_config_sqlite(c, "");
	struct store *s = fixture_sqlite(c, ""), *restored;
	struct str file = arena_printf(c->arena, "%.*s/keys.tar", STR_ARG(unit_dir(c)));

	add_many(c, s, 1, 1500);
	OK(store_backup(s, c, file));
	OK(store_restore(c, &config, file));
	restored = store_open(c, &config);
	OK(restored);
	check_store(c, restored, 1500);
	refuses(c, restored, scattered(3));
	add_many(c, restored, 1501, 2500);
	check_store(c, restored, 2500);
	store_close(restored);
}
