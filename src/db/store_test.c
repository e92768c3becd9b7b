/* SPDX-License-Identifier: Apache-2.0 */
#include "db/store.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/db_driver.h"
#include "db/fixture.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct sql SQL_ADD = {
	.text = "INSERT INTO ledger_entry (org_id, id, kind) VALUES ($1, $2, $3)",
};
static const struct sql SQL_LEG = {
	.text = "INSERT INTO ledger_leg (org_id, entry_id, number, currency, amount)"
	        " VALUES ($1, $2, $3, $4, $5)",
};
static const struct sql SQL_COUNT = { .text = "SELECT count(*) FROM ledger_entry WHERE org_id = $1" };
static const struct sql SQL_NOTE = { .text = "INSERT INTO only_here (org_id, note) VALUES ($1, $2)" };
static const struct sql SQL_NOTES = { .text = "SELECT count(*) FROM only_here WHERE org_id = $1" };
static const struct sql SQL_CHANGE_NOTE = {
	.text = "UPDATE only_here SET note = $2 WHERE org_id = $1",
};
static const struct sql SQL_ACCOUNT = {
	.text = "INSERT INTO account (id, org_id, name) VALUES ($1, $2, $3)",
	.control = true, .global = true,
};
static const struct sql SQL_ACCOUNTS = {
	.text = "SELECT count(*) FROM account WHERE org_id = $1", .control = true,
};

static int64_t count_of(struct ctx *c, const struct sql *q)
{
	int64_t n = -1;

	OK(db_int(c, q, NO_ARGS, &n));
	return n;
}

static int64_t committed(struct ctx *c, struct store *s, int64_t org_id, const struct sql *q)
{
	int64_t n;

	OK(fixture_read(c, s, org_id));
	n = count_of(c, q);
	OK(fixture_commit(c, s));
	return n;
}

STORE_TEST(a_rollback_undoes_and_a_commit_keeps)
{
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	fixture_rollback(c, s);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
}

STORE_TEST(a_part_may_have_parts)
{
	OK(fixture_write(c, s, 1));
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(2), val_int(0))));
	OK(store_savepoint_undo(c, c->db));
	EQ(count_of(c, &SQL_COUNT), 1);
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(3), val_int(0))));
	OK(store_savepoint_release(c, c->db));
	EQ(count_of(c, &SQL_COUNT), 2);
	OK(store_savepoint_undo(c, c->db));
	EQ(count_of(c, &SQL_COUNT), 0);
	OK(store_savepoint(c, c->db));
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(4), val_int(0))));
	OK(store_savepoint_release(c, c->db));
	OK(store_savepoint_release(c, c->db));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
}

STORE_TEST(what_is_committed_early_is_seen_at_once_and_settled_later)
{
	struct store_mark first, second;
	struct db *db;

	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	db = c->db;
	OK(store_commit_early(s, c, db, &first));
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(2), val_int(0))));
	db = c->db;
	OK(store_commit_early(s, c, db, &second));
	store_settle(s, &second);
	store_settle(s, &first);
	store_tend(s, &second);
	store_tend(s, &first);
	EQ(committed(c, s, 1, &SQL_COUNT), 2);
}

STORE_TEST(a_savepoint_undoes_its_part_alone)
{
	OK(fixture_write(c, s, 1));
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(store_savepoint_release(c, c->db));
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(2), val_int(0))));
	EQ(count_of(c, &SQL_COUNT), 2);
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(3), val_int(0))));
	OK(store_savepoint_undo(c, c->db));
	EQ(count_of(c, &SQL_COUNT), 1);
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(4), val_int(0))));
	fail(c, ERR_INVALID, "amount", "kept over the undo");
	OK(store_savepoint_undo(c, c->db));
	EQ(c->err.code, ERR_INVALID);
	fail_clear(c);
	OK(store_savepoint(c, c->db));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(5), val_int(0))));
	OK(store_savepoint_release(c, c->db));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1, &SQL_COUNT), 2);
}

STORE_TEST(an_organisation_sees_only_its_own_rows)
{
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 2, &SQL_COUNT), 0);
	OK(fixture_write(c, s, 2));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0)))); /* the same id is no clash */
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 2, &SQL_COUNT), 1);
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
}

STORE_TEST(another_organisation_is_out_of_reach_even_for_sql_that_tries)
{
	static const struct sql all = {
		.text = "SELECT count(*) FROM ledger_entry", .global = true,
	};
	static const struct sql smuggle = {
		.text = "INSERT INTO only_here (org_id, note) VALUES (2, 'x')", .global = true,
	};

	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 2));
	EQ(count_of(c, &all), 0);
	if (store_is_postgres(s)) {
		int64_t n;

		c->org_id = 2;
		OK(db_changes(c, &smuggle, NO_ARGS, &n)); /* its own organisation: allowed */
	}
	fixture_rollback(c, s);
	OK(fixture_write(c, s, 1));
	if (store_is_postgres(s)) {
		int64_t n;

		NO(db_changes(c, &smuggle, NO_ARGS, &n));
		EQ(c->err.code, ERR_INTERNAL);
		fail_clear(c);
	}
	fixture_rollback(c, s);
}

STORE_TEST(using_another_organisations_transaction_is_a_bug)
{
	int64_t n;

	OK(fixture_read(c, s, 1));
	c->org_id = 2;
	DIES(db_int(c, &SQL_COUNT, NO_ARGS, &n));
	DIES(db_int(c, &SQL_ACCOUNTS, NO_ARGS, &n));
	OK(fixture_commit(c, s));
}

static void refuses(struct ctx *c, struct store *s, const struct sql *q)
{
	int64_t n;

	OK(fixture_write(c, s, 1));
	NO(db_changes(c, q, NO_ARGS, &n));
	EQ(c->err.code, ERR_INTERNAL);
	OK(!strstr(c->err.msg, "ledger"));
	fail_clear(c);
	fixture_rollback(c, s);
}

STORE_TEST(rows_of_the_ledger_are_never_changed_or_deleted)
{
	static const struct sql change = { .text = "UPDATE ledger_entry SET kind = 2 WHERE org_id = $1" };
	static const struct sql erase = { .text = "DELETE FROM ledger_entry WHERE org_id = $1" };
	static const struct sql upsert = {
		.text = "INSERT INTO ledger_entry (org_id, id, kind) VALUES ($1, 1, 1)"
		        " ON CONFLICT (org_id, id) DO UPDATE SET kind = 5",
	};
	static const struct sql drop = { .text = "DROP TABLE ledger_leg", .global = true };
	static const struct sql create = { .text = "CREATE TABLE x (y TEXT)", .global = true };

	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	refuses(c, s, &change);
	refuses(c, s, &erase);
	refuses(c, s, &upsert);
	refuses(c, s, &drop);
	refuses(c, s, &create);
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
}

STORE_TEST(a_transaction_for_reading_cannot_write)
{
	int64_t n;

	OK(fixture_read(c, s, 1));
	NO(db_changes(c, &SQL_ADD, ARGS(val_int(1), val_int(0)), &n));
	fail_clear(c);
	fixture_rollback(c, s);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
}

static bool refuse_commit(int64_t org_id)
{
	return org_id != 1;
}

STORE_TEST(a_commit_that_fails_stores_nothing_and_the_next_one_works)
{
	store_inject_commit(s, refuse_commit);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	FAILS(fixture_commit(c, s), ERR_STORAGE, "");
	OK(fixture_write(c, s, 2));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	store_inject_commit(s, NULL);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1, &SQL_COUNT), 1);
	EQ(committed(c, s, 2, &SQL_COUNT), 1);
}

STORE_TEST(a_failure_on_the_way_is_known_at_the_commit_at_the_latest)
{
	bool ok;

	OK(fixture_write(c, s, 1));
	ok = db_exec(c, &SQL_LEG, ARGS(val_int(77), val_int(1), val_str(STR("EUR")), val_int(5)));
	if (ok)
		NO(fixture_commit(c, s)); /* there is no entry 77 */
	else
		fixture_rollback(c, s);
	EQ(c->err.code, ERR_INTERNAL);
	fail_clear(c);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
}

STORE_TEST(the_control_data_are_read_beside_an_organisations)
{
	struct db *org, *control;
	int64_t n;

	OK(fixture_write(c, s, 0));
	OK(db_exec(c, &SQL_ACCOUNT, ARGS(val_int(5), val_int(1), val_str(STR("x")))));
	OK(fixture_commit(c, s));
	for (int first = 0; first < 2; first++) {
		c->org_id = 1;
		control = first == 0 ? store_begin(s, c, 0, STORE_READ) : NULL;
		org = store_begin(s, c, 1, STORE_WRITE);
		if (!control)
			control = store_begin(s, c, 0, STORE_READ);
		OK(org && control);
		EQ(count_of(c, &SQL_ACCOUNTS), 1);
		OK(db_exec(c, &SQL_ADD, ARGS(val_int(10 + first), val_int(0))));
		EQ(count_of(c, &SQL_ACCOUNTS), 1);
		OK(store_commit(s, c, first == 0 ? org : control));
		OK(store_commit(s, c, first == 0 ? control : org));
		OK(!c->db && !c->control);
	}
	EQ(committed(c, s, 1, &SQL_COUNT), 2);
	OK(store_begin(s, c, 1, STORE_WRITE));
	OK(store_begin(s, c, 0, STORE_READ));
	NO(db_changes(c, &SQL_ACCOUNT, ARGS(val_int(6), val_int(1), val_str(STR("y"))), &n));
	fail_clear(c);
	store_rollback(s, c->control);
	store_rollback(s, c->db);
}

STORE_TEST(all_organisations_with_data_are_known)
{
	struct store_orgs orgs;

	OK(store_migrate(s, c, 9));
	OK(store_migrate(s, c, 9));
	OK(store_orgs(s, c, &orgs));
	EQ(orgs.count, 3);
	EQ(orgs.ids[0], 1);
	EQ(orgs.ids[2], 9);
}

STORE_TEST(many_rows_in_one_transaction_all_arrive)
{
	OK(fixture_write(c, s, 1));
	for (int64_t i = 1; i <= 3000; i++) {
		OK(db_exec(c, &SQL_ADD, ARGS(val_int(i), val_int(0))));
		OK(db_exec(c, &SQL_LEG, ARGS(val_int(i), val_int(1), val_str(STR("EUR")), val_int(5))));
		if (i % 500 == 0)
			EQ(count_of(c, &SQL_COUNT), i);
	}
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1, &SQL_COUNT), 3000);
}

#define THREADS 4
#define ROUNDS 25

struct work {
	struct store *s;
	int64_t number;
	int64_t failed;
};

static void *write_and_read(void *arg)
{
	struct work *w = arg;

	for (int64_t i = 0; i < ROUNDS; i++) {
		struct arena a;
		struct ctx c = { .arena = &a, .org_id = 1 + i % 2 };
		struct str note = STR("note");
		struct db *db;
		int64_t n;

		arena_init(&a);
		db = store_begin(w->s, &c, c.org_id, STORE_WRITE);
		if (!db || !db_exec(&c, &SQL_NOTE, ARGS(val_str(note)))
		    || !store_commit(w->s, &c, db))
			w->failed++;
		db = store_begin(w->s, &c, c.org_id, STORE_READ);
		if (!db || !db_int(&c, &SQL_NOTES, NO_ARGS, &n) || n < 1
		    || !store_commit(w->s, &c, db))
			w->failed++;
		arena_release(&a);
	}
	return NULL;
}

STORE_TEST(threads_write_one_after_the_other_and_read_side_by_side)
{
	struct work work[THREADS];
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		work[i] = (struct work){ .s = s, .number = i };
		OK(pthread_create(&threads[i], NULL, write_and_read, &work[i]) == 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++)
		EQ(work[i].failed, 0);
	EQ(committed(c, s, 1, &SQL_NOTES) + committed(c, s, 2, &SQL_NOTES), THREADS * ROUNDS);
}

TEST(organisations_not_used_lately_are_closed_and_opened_again)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s;

	config.orgs_open_max = 3;
	s = store_open(c, &config);
	OK(s);
	for (int64_t org = 1; org <= 10; org++)
		OK(store_migrate(s, c, org));
	for (int64_t round = 0; round < 3; round++)
		for (int64_t org = 1; org <= 10; org++) {
			OK(fixture_write(c, s, org));
			OK(db_exec(c, &SQL_NOTE, ARGS(val_str(STR("x")))));
			OK(fixture_commit(c, s));
			EQ(committed(c, s, org, &SQL_NOTES), round + 1);
		}
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_CHANGE_NOTE, ARGS(val_str(STR("y")))));
	OK(fixture_commit(c, s));
	store_close(s);
}

TEST(an_organisation_without_data_cannot_be_opened)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);

	OK(!store_begin(s, c, 77, STORE_READ));
	EQ(c->err.code, ERR_NOT_FOUND);
	OK(!store_begin(s, c, 77, STORE_WRITE));
	EQ(c->err.code, ERR_NOT_FOUND);
}

/* The first is "not there" for good; the other may be there again soon. */
TEST(a_file_that_cannot_be_reached_is_not_one_that_is_missing)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	char id[ID_TEXT_MAX];
	const char *path;

	OK(!fixture_read(c, s, 77));
	EQ(c->err.code, ERR_NOT_FOUND);
	fail_clear(c);
	id_format(ID_ORG, 77, id);
	path = arena_printf(c->arena, "%.*s/org/%s.db", STR_ARG(s->data_dir), id).p;
	EQ(symlink(path, path), 0); /* a circle */
	OK(!fixture_read(c, s, 77));
	EQ(c->err.code, ERR_STORAGE);
	fail_clear(c);
}

TEST(a_data_directory_belongs_to_one_process)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = store_open(c, &config);

	OK(s && store_migrate(s, c, 1));
	OK(!store_open(c, &config));
	EQ(c->err.code, ERR_CONFLICT);
	fail_clear(c);

	config.read_only = true; /* but it may be looked at */
	struct store *looking = store_open(c, &config);

	OK(looking);
	EQ(committed(c, looking, 1, &SQL_NOTES), 0);
	OK(!store_begin(looking, c, 1, STORE_WRITE));
	store_close(looking);
	store_close(s);
}

/* Fill a note of some kilobytes in a transaction of its own; what came back as stored is stored. */
static bool add_note(struct ctx *c, struct store *s, struct str note)
{
	if (!fixture_write(c, s, 1))
		return false;
	if (db_exec(c, &SQL_NOTE, ARGS(val_str(note))))
		return fixture_commit(c, s);
	struct err e = c->err;

	fixture_rollback(c, s);
	c->err = e;
	return false;
}

/* Files may not grow any more: the nearest a test comes to a full disk. */
TEST(when_files_cannot_grow_writes_fail_reads_go_on_and_nothing_that_was_stored_is_lost)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct rlimit before, small;
	char text[8000];
	struct str note = { text, sizeof(text) };
	int64_t stored = 0;

	memset(text, 'x', sizeof(text));
	OK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && getrlimit(RLIMIT_FSIZE, &before) == 0);
	small = (struct rlimit){ .rlim_cur = 600000, .rlim_max = before.rlim_max };
	OK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	for (int i = 0; i < 300; i++)
		stored += add_note(c, s, note);
	int64_t seen = committed(c, s, 1, &SQL_NOTES);

	OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	OK(stored > 10 && stored < 300);
	OK(c->err.code == ERR_STORAGE || c->err.code == ERR_FULL);
	fail_clear(c);
	EQ(seen, stored);
	OK(add_note(c, s, note)); /* without a restart */
	EQ(committed(c, s, 1, &SQL_NOTES), stored + 1);
}

/* As the administrator of the database server, end all connections of this process's databases. */
static void cut_connections(struct ctx *c)
{
	PGconn *h = PQconnectdb(getenv("PARTNERD_TEST_DATABASE"));

	PQclear(PQexec(h, arena_printf(c->arena, "SELECT pg_terminate_backend(pid)"
	                               " FROM pg_stat_activity WHERE datname LIKE"
	                               " 'partnerd\\_unit\\_%d\\_%%'", (int)getpid()).p));
	PQfinish(h);
}

STORE_TEST(after_a_lost_connection_the_next_transaction_works)
{
	int64_t n;

	if (!store_is_postgres(s))
		return;
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(1), val_int(0))));
	EQ(count_of(c, &SQL_COUNT), 1);
	cut_connections(c);
	FAILS(fixture_commit(c, s), ERR_STORAGE, "");
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
	cut_connections(c); /* while it idles in the pool */
	usleep(100000);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
	OK(fixture_read(c, s, 1));
	cut_connections(c);
	NO(db_int(c, &SQL_COUNT, NO_ARGS, &n));
	EQ(c->err.code, ERR_STORAGE);
	NO(db_int(c, &SQL_COUNT, NO_ARGS, &n));
	fixture_rollback(c, s);
	fail_clear(c);
	EQ(committed(c, s, 1, &SQL_COUNT), 0);
}
