/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_wal.h"
#include "unit.h"

#include <stdlib.h>

static void run(sqlite3 *h, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(h, sql, NULL, NULL, &why) != SQLITE_OK)
		FAIL("%s: %s", sql, why);
}

static int64_t number(sqlite3 *h, const char *sql)
{
	sqlite3_stmt *s;
	int64_t n;

	EQ(sqlite3_prepare_v2(h, sql, -1, &s, NULL), SQLITE_OK);
	EQ(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

static sqlite3 *open_as(const char *path, const char *vfs)
{
	sqlite3 *h;

	EQ(sqlite3_open_v2(path, &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), SQLITE_OK);
	return h;
}

/* So small a cache that pages of a transaction are written before it ends, and again. */
static sqlite3 *open_writer(struct ctx *c, const char **out_path)
{
	sqlite3 *h;

	*out_path = arena_printf(c->arena, "%.*s/wal.db", STR_ARG(unit_dir(c))).p;
	h = open_as(*out_path, wal_vfs());
	run(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=4;"
	       "CREATE TABLE t (id INTEGER PRIMARY KEY, text BLOB)");
	return h;
}

#define FILL(from, to) \
	"WITH RECURSIVE n(i) AS (SELECT " from " UNION ALL SELECT i + 1 FROM n WHERE i < " to ")" \
	" INSERT INTO t SELECT i, randomblob(700) FROM n;"

TEST(what_is_committed_is_in_the_wal_before_others_see_it)
{
	const char *path;
	sqlite3 *h = open_writer(c, &path), *other = open_as(path, NULL);

	for (int i = 1; i <= 20; i++) {
		run(h, "INSERT INTO t (text) VALUES ('one')");
		OK(wal_is_written(h));
		EQ(number(other, "SELECT count(*) FROM t"), i);
	}
	run(h, "BEGIN;" FILL("100", "2000") "UPDATE t SET text = randomblob(701) WHERE id % 7 = 0;"
	       "UPDATE t SET text = randomblob(702) WHERE id % 5 = 0; COMMIT");
	OK(wal_is_written(h));
	EQ(number(other, "SELECT count(*) FROM t"), 20 + 1901);
	EQ(number(other, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	sqlite3_close(other);
	sqlite3_close(h);
}

TEST(what_is_rolled_back_leaves_nothing_behind)
{
	const char *path;
	sqlite3 *h = open_writer(c, &path), *other = open_as(path, NULL);

	for (int i = 0; i < 5; i++) {
		run(h, "BEGIN;" FILL("1000", "1500") "ROLLBACK");
		EQ(number(other, "SELECT count(*) FROM t"), i);
		run(h, "INSERT INTO t (text) VALUES ('one')");
		EQ(number(other, "SELECT count(*) FROM t"), i + 1);
	}
	run(h, "BEGIN;" FILL("10", "20") "SAVEPOINT part;" FILL("100", "900")
	       "ROLLBACK TO part; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	EQ(number(other, "SELECT count(*) FROM t"), 5 + 11);
	EQ(number(other, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	sqlite3_close(other);
	sqlite3_close(h);
}
