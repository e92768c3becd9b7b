/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"
#include "db/fixture.h"

#include <sys/stat.h>

static void write_file(struct ctx *c, struct str dir, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(c->arena, "%.*s/%s", STR_ARG(dir), name).p, "w");

	OK(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static struct str folder(struct ctx *c)
{
	static int number;
	struct str dir = arena_printf(c->arena, "%.*s/m%d", STR_ARG(unit_dir(c)), number++);

	OK(mkdir(dir.p, 0700) == 0);
	return dir;
}

STORE_TEST(the_programs_own_migrations_apply)
{
	static const struct sql q = { .text = "SELECT count(*) FROM ledger_entry WHERE org_id = $1" };
	int64_t n;

	OK(fixture_read(c, s, 1));
	OK(db_int(c, &q, NO_ARGS, &n));
	EQ(n, 0);
	OK(fixture_commit(c, s));
	OK(store_migrate(s, c, 0)); /* again: nothing to do */
	OK(store_migrate(s, c, 1));
}

TEST(sections_and_dialects_are_told_apart)
{
	struct str dir = folder(c);
	struct migrations m;

	write_file(c, dir, "0001_first.sql",
	           "-- about\n\n-- control\nA;\n-- sqlite\nB;\n-- postgres\nC;\n-- any\nD @clustered;\n"
	           "-- organisation\n-- a remark\nE;\n");
	write_file(c, dir, "readme.txt", "x");
	OK(migrations_load(c, c->arena, dir, SQL_SQLITE, &m));
	EQ(m.count, 1);
	EQ_STR(m.items[0].name, "first");
	EQ_STR(m.items[0].text[MIGRATE_CONTROL], "A;\nB;\nD WITHOUT ROWID;\n");
	EQ_STR(m.items[0].text[MIGRATE_ORG], "E;\n");
	OK(migrations_load(c, c->arena, dir, SQL_POSTGRES, &m));
	EQ_STR(m.items[0].text[MIGRATE_CONTROL], "A;\nC;\nD ;\n");
}

TEST(a_gap_in_the_numbers_and_sql_outside_of_a_section_are_refused)
{
	struct str gap = folder(c), loose = folder(c);
	struct migrations m;

	write_file(c, gap, "0001_a.sql", "-- control\n");
	write_file(c, gap, "0003_b.sql", "-- control\n");
	FAILS(migrations_load(c, c->arena, gap, SQL_SQLITE, &m), ERR_INTERNAL, "");
	write_file(c, loose, "0001_a.sql", "CREATE TABLE x (y TEXT);\n-- control\n");
	FAILS(migrations_load(c, c->arena, loose, SQL_SQLITE, &m), ERR_INTERNAL, "");
}

struct hole {
	const char *sql;
	bool on_sqlite; /* SQLite keeps organisations in separate files: not all of these matter */
};

static const struct hole holes[] = {
	{ "CREATE TABLE x (id BIGINT NOT NULL);", true },
	{ "CREATE TABLE x (org_id BIGINT);", true },
	{ "CREATE TABLE x (org_id BIGINT NOT NULL, email TEXT NOT NULL UNIQUE);", false },
	{ "CREATE TABLE x (org_id BIGINT NOT NULL, id BIGINT NOT NULL PRIMARY KEY);", false },
	{ "CREATE TABLE x (org_id BIGINT NOT NULL);\nCREATE VIEW y AS SELECT 1 AS one;", false },
	{ "CREATE TABLE nonsense (", true },
};

static void try_hole(struct ctx *c, const struct hole *h, struct store_config config)
{
	struct store *s;

	config.migrations_dir = folder(c);
	write_file(c, config.migrations_dir, "0001_hole.sql",
	           arena_printf(c->arena, "-- control\n-- organisation\n%s\n", h->sql).p);
	s = store_open(c, &config);
	if (s) {
		NO(store_migrate(s, c, 1)); /* SQLite: organisations come later */
		store_close(s);
	}
	EQ(c->err.code, ERR_INTERNAL);
	fail_clear(c);
}

TEST(a_migration_that_would_mix_organisations_is_refused)
{
	for (size_t i = 0; i < LEN(holes); i++) {
		struct store_config config = fixture_config_sqlite(c, "");

		if (holes[i].on_sqlite)
			try_hole(c, &holes[i], config);
		if (fixture_config_postgres(c, "", &config))
			try_hole(c, &holes[i], config);
	}
}

static void upgrade(struct ctx *c, struct store_config config)
{
	static const struct sql insert = { .text = "INSERT INTO a (org_id, n) VALUES ($1, 1)" };
	static const struct sql sum = { .text = "SELECT sum(n + more) FROM a WHERE org_id = $1" };
	struct store *s;
	int64_t n;

	config.migrations_dir = folder(c);
	write_file(c, config.migrations_dir, "0001_a.sql",
	           "-- control\n-- organisation\n"
	           "CREATE TABLE a (org_id BIGINT NOT NULL, n BIGINT NOT NULL);\n");
	s = store_open(c, &config);
	OK(s && store_migrate(s, c, 1));
	OK(fixture_write(c, s, 1) && db_exec(c, &insert, NO_ARGS) && fixture_commit(c, s));
	store_close(s);

	write_file(c, config.migrations_dir, "0002_b.sql",
	           "-- control\nCREATE TABLE b (id BIGINT NOT NULL);\n-- organisation\n"
	           "ALTER TABLE a ADD COLUMN more BIGINT NOT NULL DEFAULT 0;\nUPDATE a SET more = 10;\n");
	s = store_open(c, &config);
	OK(s);
	OK(fixture_read(c, s, 1) && db_int(c, &sum, NO_ARGS, &n) && fixture_commit(c, s));
	EQ(n, 11);
	store_close(s);

	OK(remove(arena_printf(c->arena, "%.*s/0002_b.sql",
	                       STR_ARG(config.migrations_dir)).p) == 0);
	OK(!store_open(c, &config));
	EQ(c->err.code, ERR_STATE);
	fail_clear(c);
}

TEST(data_of_an_older_version_are_brought_up_to_date_and_newer_ones_refused)
{
	struct store_config config = fixture_config_sqlite(c, "");

	upgrade(c, config);
	if (fixture_config_postgres(c, "", &config))
		upgrade(c, config);
}
