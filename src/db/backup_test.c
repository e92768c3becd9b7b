/* SPDX-License-Identifier: Apache-2.0 */
#include "db/backup.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"
#include "db/unfinished.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct sql SQL_ENTRY = {
	.text = "INSERT INTO ledger_entry (org_id, id, kind) VALUES ($1, $2, $3)",
};
static const struct sql SQL_LEG = {
	.text = "INSERT INTO ledger_leg (org_id, entry_id, number, currency, amount)"
	        " VALUES ($1, $2, $3, $4, $5)",
};
static const struct sql SQL_THING = {
	.text = "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review)"
	        " VALUES ($1, $2, $3, $4, 'EUR', NULL, 0, 0)",
};
static const struct sql SQL_THINGS = {
	.text = "SELECT id, slug, name, url, created_at FROM thing WHERE org_id = $1 ORDER BY id",
};
static const struct sql SQL_SUM = {
	.text = "SELECT sum(amount) FROM ledger_leg WHERE org_id = $1",
};
static const struct sql SQL_ACCOUNT = {
	.text = "INSERT INTO account (id, org_id, name) VALUES ($1, $2, $3)",
	.control = true, .global = true,
};
static const struct sql SQL_ACCOUNTS = {
	.text = "SELECT name FROM account", .control = true, .global = true,
};

/* Every byte that a text may have, and what the format escapes. */
static const char nasty[] = "tab\there\nnew\r\\N \\ \b\f\v 'quote' \"double\" ünï€😀 ${x} ;--";

static void fill(struct ctx *c, struct store *s)
{
	OK(fixture_write(c, s, 0));
	OK(db_exec(c, &SQL_ACCOUNT, ARGS(val_int(1), val_int(1), val_str(STR("Ann")))));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_THING, ARGS(val_int(INT64_MAX), val_str(STR("")), val_str(str_from(nasty)))));
	OK(db_exec(c, &SQL_THING, ARGS(val_int(2), val_str(STR("\\N")), val_str(STR("NULL")))));
	for (int64_t i = 1; i <= 100; i++) {
		OK(db_exec(c, &SQL_ENTRY, ARGS(val_int(i), val_int(-i))));
		OK(db_exec(c, &SQL_LEG, ARGS(val_int(i), val_int(1), val_str(STR("EUR")), val_int(i))));
	}
	OK(fixture_commit(c, s));
}

static void check(struct ctx *c, struct store *s)
{
	struct store_orgs orgs;
	struct rows r;
	int64_t sum;

	OK(store_orgs(s, c, &orgs));
	EQ(orgs.count, 2); /* also the one without rows */
	OK(fixture_read(c, s, 0) && db_query(c, &SQL_ACCOUNTS, NO_ARGS, &r)
	   && fixture_commit(c, s));
	EQ(r.count, 1);
	EQ_STR(rows_str(&r, 0, 0), "Ann");
	OK(fixture_read(c, s, 1) && db_query(c, &SQL_THINGS, NO_ARGS, &r)
	   && db_int(c, &SQL_SUM, NO_ARGS, &sum) && fixture_commit(c, s));
	EQ(sum, 5050);
	EQ(r.count, 2);
	EQ_STR(rows_str(&r, 0, 1), "\\N");
	EQ_STR(rows_str(&r, 0, 2), "NULL");
	EQ(rows_int(&r, 1, 0), INT64_MAX);
	EQ_STR(rows_str(&r, 1, 1), "");
	EQ_STR(rows_str(&r, 1, 2), nasty);
	EQ(rows_val(&r, 1, 3).type, VAL_NULL);
}

static struct str backup_name(struct ctx *c)
{
	static int number;

	return arena_printf(c->arena, "%.*s/backup%d.tar", STR_ARG(unit_dir(c)), number++);
}

static bool is_marked(struct ctx *c, const struct store_config *config)
{
	return access(arena_printf(c->arena, "%.*s/restoring", STR_ARG(config->data_dir)).p,
	              F_OK) == 0;
}

static void restore_and_check(struct ctx *c, const struct store_config *config, struct str file)
{
	struct store *s;

	OK(store_restore(c, config, file));
	OK(!is_marked(c, config));
	s = store_open(c, config);
	OK(s);
	check(c, s);
	store_close(s);
	FAILS(store_restore(c, config, file), ERR_CONFLICT, ""); /* it is not empty any more */
	s = store_open(c, config);
	OK(s);
	check(c, s);
	store_close(s);
}

/* As a process leaves it that was killed while it restored. */
STORE_TEST(half_a_restore_is_not_opened)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct str file = backup_name(c);

	fill(c, s);
	OK(store_backup(s, c, file));
	OK(store_restore(c, &config, file));
	OK(unfinished_begin(c, config.data_dir));
	OK(!store_open(c, &config));
	EQ(c->err.code, ERR_STATE);
	fail_clear(c);
	FAILS(store_restore(c, &config, file), ERR_CONFLICT, "");
	OK(is_marked(c, &config)); /* it was not that restore that ended */
}

STORE_TEST(a_backup_restores_into_either_database)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct str file = backup_name(c);

	fill(c, s);
	OK(store_backup(s, c, file));
	FAILS(store_backup(s, c, file), ERR_CONFLICT, "");
	restore_and_check(c, &config, file);
	if (fixture_config_postgres(c, FIXTURE_MIGRATIONS, &config))
		restore_and_check(c, &config, file);
}

static void flip_byte(const char *path, off_t at)
{
	char byte;
	int fd = open(path, O_RDWR);

	if (fd < 0 || pread(fd, &byte, 1, at) != 1)
		FAIL("cannot read");
	byte ^= 1;
	if (pwrite(fd, &byte, 1, at) != 1 || close(fd) != 0)
		FAIL("cannot write");
}

static bool has_data(struct ctx *c, const struct store_config *config)
{
	return access(arena_printf(c->arena, "%.*s/control.db", STR_ARG(config->data_dir)).p,
	              F_OK) == 0;
}

TEST(a_damaged_or_shortened_backup_is_refused)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct str file = backup_name(c);
	struct stat st;

	fill(c, s);
	OK(store_backup(s, c, file));
	OK(stat(file.p, &st) == 0);
	for (off_t at = 0; at < st.st_size - 1024; at += st.st_size / 37) {
		char byte;
		int fd = open(file.p, O_RDONLY);
		bool used = pread(fd, &byte, 1, at) == 1 && byte != 0; /* padding is not content */

		close(fd);
		if (!used)
			continue;
		flip_byte(file.p, at);
		NO(store_restore(c, &config, file));
		EQ(c->err.code, ERR_INVALID);
		NO(has_data(c, &config));
		flip_byte(file.p, at);
	}
	fail_clear(c);
	for (off_t size = st.st_size - 1; size > 0; size -= st.st_size / 11) {
		OK(truncate(file.p, size) == 0);
		if (size < st.st_size - 1024)
			FAILS(store_restore(c, &config, file), ERR_INVALID, "");
	}
	FAILS(store_restore(c, &config, STR("/nonexistent/file")), ERR_NOT_FOUND, "");
}

/* An archive that is sound as an archive, with the given table in it. */
static struct str forge(struct ctx *c, const char *path, const char *lines)
{
	struct str file = backup_name(c), about = STR(BACKUP_VERSION "\nmigration 1\n");
	struct tar *t = tar_create(c, file);

	OK(t && tar_begin(c, t, "about") && tar_write(c, t, about.p, about.n) && tar_end(c, t));
	OK(tar_begin(c, t, path) && tar_write(c, t, lines, strlen(lines)) && tar_end(c, t));
	OK(tar_finish(c, t));
	tar_free(t);
	return file;
}

static void refuses_forgeries(struct ctx *c, const struct store_config *config)
{
	static const struct {
		const char *path, *lines;
	} forgeries[] = {
		{ "control/account.tsv", "id\torg_id\tname\n1\t1\n" },
		{ "control/account.tsv", "id\torg_id\tnothing\n1\t1\tx\n" },
		{ "control/account.tsv", "id\torg_id\tname) SELECT 1; --\n1\t1\tx\n" },
		{ "control/account.tsv", "id\torg_id\tname\n1\t1\tx\n1\t1\ty\n" },
		{ "control/nothing.tsv", "id\n1\n" },
		{ "control/a;b.tsv", "id\n1\n" },
		{ "../../etc/passwd", "x\n" },
	};

	for (size_t i = 0; i < LEN(forgeries); i++) {
		NO(store_restore(c, config, forge(c, forgeries[i].path, forgeries[i].lines)));
		OK(c->err.code == ERR_INVALID || c->err.code == ERR_INTERNAL
		   || c->err.code == ERR_STORAGE);
		fail_clear(c);
		NO(has_data(c, config));
	}
	OK(store_restore(c, config, forge(c, "control/account.tsv", "id\torg_id\tname\n1\t1\tx\n")));
}

TEST(a_forged_backup_is_refused_and_leaves_nothing_behind)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);

	refuses_forgeries(c, &config);
	if (fixture_config_postgres(c, FIXTURE_MIGRATIONS, &config))
		refuses_forgeries(c, &config);
}

TEST(the_servers_key_travels_with_the_backup)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS), other;
	struct store *s = store_open(c, &config);
	struct str file = backup_name(c);
	char text[16] = "";
	FILE *f;

	OK(s);
	f = fopen(arena_printf(c->arena, "%.*s/secret", STR_ARG(config.data_dir)).p, "w");
	OK(f && fputs("0123456789", f) >= 0 && fclose(f) == 0);
	OK(store_backup(s, c, file));
	store_close(s);
	other = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	OK(store_restore(c, &other, file));
	f = fopen(arena_printf(c->arena, "%.*s/secret", STR_ARG(other.data_dir)).p, "r");
	OK(f && fgets(text, sizeof(text), f) && fclose(f) == 0);
	EQ_STR(text, "0123456789");
}

TEST(values_survive_the_text_format)
{
	struct buf b;
	struct str line;

	buf_init(&b, c->arena);
	tsv_put(&b, val_int(INT64_MIN));
	buf_char(&b, '\t');
	tsv_put(&b, (struct val){ .type = VAL_NULL });
	buf_char(&b, '\t');
	tsv_put(&b, val_str(str_from(nasty)));
	line = buf_text(&b);
	OK(!memchr(line.p, '\n', line.n));
	EQ_STR(tsv_take(c->arena, &line).s, "-9223372036854775808");
	EQ(tsv_take(c->arena, &line).type, VAL_NULL);
	EQ_STR(tsv_take(c->arena, &line).s, nasty);
	OK(!line.p);
}

TEST(only_names_of_tables_and_organisations_are_taken_from_a_backup)
{
	struct backup_table t;

	OK(backup_parse_path("control/account.tsv", &t) && t.org_id == 0);
	EQ_STR(t.name, "account");
	NO(backup_parse_path("control/Account.tsv", &t));
	NO(backup_parse_path("control/a b.tsv", &t));
	NO(backup_parse_path("control/.tsv", &t));
	NO(backup_parse_path("org/account.tsv", &t));
	NO(backup_parse_path("org/prt_0000000000001/account.tsv", &t));
	NO(backup_parse_path("/control/account.tsv", &t));
	EQ(backup_parse_folder("org/../"), 0);
	EQ(backup_parse_folder("control/"), 0);
}
