/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/backup.h"
#include "db/sqlite_store.h"

#include <stdio.h>
#include <unistd.h>

static const char list_tables[] =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        " AND name NOT IN ('migration', 'event_key', 'customer_key',"
        " 'key_new') ORDER BY rowid";

static struct val column_val(sqlite3_stmt *st, int i)
{
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_NULL:
		return (struct val){ .type = VAL_NULL };
	case SQLITE_INTEGER:
		return val_int(sqlite3_column_int64(st, i));
	default:
		break;
	}
	const char *p = (const char *)sqlite3_column_text(st, i);

	return val_str((struct str){ p, (size_t)sqlite3_column_bytes(st, i) });
}

static bool write_names(struct ctx *c, struct tar *t, sqlite3_stmt *st)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (int i = 0; i < sqlite3_column_count(st); i++)
		buf_printf(&b, "%s%s", i > 0 ? "\t" : "", sqlite3_column_name(st, i));
	buf_char(&b, '\n');
	return tar_write(c, t, buf_text(&b).p, b.n);
}

static bool write_row(struct ctx *c, struct tar *t, sqlite3_stmt *st, struct buf *line)
{
	line->n = 0;
	for (int i = 0; i < sqlite3_column_count(st); i++) {
		if (i > 0)
			buf_char(line, '\t');
		tsv_put(line, column_val(st, i));
	}
	buf_char(line, '\n');
	return tar_write(c, t, line->p, line->n);
}

/* A table without rows has no entry. */
static bool dump_rows(struct ctx *c, struct lite_conn *conn, sqlite3_stmt *st, const char *path,
                      struct tar *t)
{
	int rc = sqlite3_step(st);
	struct buf line;
	bool ok = true;

	if (rc == SQLITE_ROW) {
		buf_init(&line, c->arena);
		ok = tar_begin(c, t, path) && write_names(c, t, st);
		for (; ok && rc == SQLITE_ROW; rc = sqlite3_step(st))
			ok = write_row(c, t, st, &line);
		ok = ok && tar_end(c, t);
	}
	if (ok && rc != SQLITE_DONE)
		ok = lite_fail(c, conn, rc, "backup");
	return ok;
}

static bool dump_table(struct ctx *c, struct lite_conn *conn, const char *name, struct tar *t)
{
	struct backup_table table = { .org_id = conn->db.org_id };
	char path[TAR_NAME_MAX];
	sqlite3_stmt *st;
	struct str q = arena_printf(c->arena, "SELECT * FROM \"%s\"", name);

	snprintf(table.name, sizeof(table.name), "%s", name);
	backup_path(&table, path);
	int rc = sqlite3_prepare_v2(conn->h, q.p, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return lite_fail(c, conn, rc, q.p);
	bool ok = dump_rows(c, conn, st, path, t);

	sqlite3_finalize(st);
	return ok;
}

static bool dump_tables(struct ctx *c, struct lite_conn *conn, struct tar *t)
{
	const char *names[256];
	sqlite3_stmt *st;
	size_t n = 0;

	int rc = sqlite3_prepare_v2(conn->h, list_tables, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return lite_fail(c, conn, rc, list_tables);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		CHECK(n < LEN(names));
		names[n++] = arena_cstr(c->arena,
		                        str_from((const char *)sqlite3_column_text(st, 0)));
	}
	sqlite3_finalize(st);
	if (rc != SQLITE_DONE)
		return lite_fail(c, conn, rc, list_tables);
	for (size_t i = 0; i < n; i++)
		if (!dump_table(c, conn, names[i], t))
			return false;
	return true;
}

/* One file in one read transaction: as of one moment. */
static bool dump_file(struct store *s, struct ctx *c, int64_t org_id, struct tar *t)
{
	struct arena a;
	struct ctx own = { .arena = &a, .org_id = org_id, .request_id = c->request_id };
	struct db *db;
	char folder[TAR_NAME_MAX];
	bool ok = true;

	arena_init(&a);
	db = store_begin(s, &own, org_id, STORE_READ);
	if (db && org_id != 0) {
		backup_folder(org_id, folder);
		ok = tar_folder(&own, t, folder);
	}
	ok = db && ok && dump_tables(&own, (struct lite_conn *)db, t);
	if (db)
		store_rollback(s, db);
	c->err = own.err;
	arena_release(&a);
	return ok;
}

/* The control data first: an organisation made meanwhile is then at worst one too many. */
static bool dump(struct store *s, struct ctx *c, struct tar *t)
{
	struct store_orgs orgs;

	if (!dump_file(s, c, 0, t) || !store_orgs(s, c, &orgs))
		return false;
	for (size_t i = 0; i < orgs.count; i++)
		if (!dump_file(s, c, orgs.ids[i], t))
			return false;
	return true;
}

/* Restoring: one file at a time is open for writing, in one transaction. */
static bool finish_file(struct lite_store *s, struct ctx *c)
{
	struct lite_conn *conn = s->restoring;
	int64_t wrong = 0;
	bool ok = true;

	if (!conn)
		return true;
	s->restoring = NULL;
	ok = lite_int(c, conn, "SELECT count(*) FROM pragma_foreign_key_check", &wrong);
	if (ok && wrong != 0)
		ok = fail(c, ERR_INVALID, NULL, "The backup contradicts itself");
	ok = ok && keys_rebuild(c, conn) && lite_run(c, conn, "COMMIT");
	lite_close(conn);
	return ok;
}

static bool start_file(struct store *store, struct ctx *c, int64_t org_id)
{
	struct lite_store *s = (struct lite_store *)store;

	if (!finish_file(s, c))
		return false;
	if (org_id != 0 && !store_migrate(store, c, org_id))
		return false;
	lite_file_close_all(s);
	s->restoring = lite_open(c, lite_path(s, c, org_id), true, false);
	if (!s->restoring)
		return false;
	s->restoring->db.org_id = org_id;
	return lite_run(c, s->restoring, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
}

/* The INSERT for the columns that the entry's first line names, each checked against the table. */
static sqlite3_stmt *prepare_insert(struct ctx *c, struct lite_conn *conn, const char *table,
                                    struct str names)
{
	sqlite3_stmt *st = NULL;
	struct buf b, marks;
	size_t n = 0;

	buf_init(&b, c->arena);
	buf_init(&marks, c->arena);
	buf_printf(&b, "INSERT INTO \"%s\" (", table);
	while (names.p) {
		struct str name = str_cut(&names, '\t');

		if (str_find(name, '"', 0) != SIZE_MAX)
			return NULL;
		buf_printf(&b, "%s\"%.*s\"", n > 0 ? ", " : "", STR_ARG(name));
		buf_puts(&marks, n > 0 ? ", ?" : "?");
		n++;
	}
	buf_printf(&b, ") VALUES (%.*s)", STR_ARG(buf_text(&marks)));
	conn->trusted = true;
	sqlite3_prepare_v2(conn->h, buf_text(&b).p, -1, &st, NULL);
	conn->trusted = false;
	return st;
}

static bool invalid_row(struct ctx *c, const char *table)
{
	return fail(c, ERR_INVALID, NULL, "The backup has a row for %s that does not fit", table);
}

/* A column of type BIGINT turns the text into an integer by itself. */
static bool insert_row(struct ctx *c, struct lite_conn *conn, sqlite3_stmt *st, struct str line)
{
	int count = sqlite3_bind_parameter_count(st), i = 0;
	struct arena a;

	arena_init(&a);
	for (; line.p && i < count; i++) {
		struct val v = tsv_take(&a, &line);

		if (v.type == VAL_NULL)
			sqlite3_bind_null(st, i + 1);
		else
			sqlite3_bind_text64(st, i + 1, v.s.p, v.s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	}
	arena_release(&a);
	if (i != count || line.p)
		return fail(c, ERR_INVALID, NULL,
		            "The backup has a row with other columns than its table");
	int rc = sqlite3_step(st);

	sqlite3_reset(st);
	return rc == SQLITE_DONE || lite_fail(c, conn, rc, "restore");
}

static bool insert_rows(struct ctx *c, struct lite_conn *conn, const struct backup_table *table,
                        struct tar *t)
{
	struct str line;
	sqlite3_stmt *st;
	bool more, ok;

	if (!tar_line(c, t, &line, &more) || !more)
		return more ? false : invalid_row(c, table->name);
	st = prepare_insert(c, conn, table->name, line);
	if (!st)
		return invalid_row(c, table->name);
	while ((ok = tar_line(c, t, &line, &more)) && more)
		if (!insert_row(c, conn, st, line)) {
			ok = false;
			break;
		}
	sqlite3_finalize(st);
	return ok;
}

static bool load_table(struct store *store, struct ctx *c, const struct backup_table *table,
                       struct tar *t)
{
	struct lite_store *s = (struct lite_store *)store;

	if ((!s->restoring || s->restoring->db.org_id != table->org_id)
	    && !start_file(store, c, table->org_id))
		return false;
	return insert_rows(c, s->restoring, table, t);
}

/* Only migrations up to the backup's are applied; the next start applies the rest. */
static struct store *begin(struct ctx *c, const struct store_config *config, size_t migration)
{
	struct store_config own = *config;
	struct lite_store *s;

	own.read_only = false;
	s = lite_store_new(c, &own);
	if (!s)
		return NULL;
	if (access(lite_path(s, c, 0), F_OK) == 0)
		fail(c, ERR_CONFLICT, NULL, "The data directory has data already");
	else if (migration > s->migrations.count)
		fail(c, ERR_STATE, NULL, "The backup was made by a newer version of this program");
	else {
		s->migrations.count = migration;
		if (store_migrate(&s->store, c, 0))
			return &s->store;
	}
	store_close(&s->store);
	return NULL;
}

static void remove_file(struct lite_store *s, struct ctx *c, int64_t org_id)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	const char *path = lite_path(s, c, org_id);

	for (size_t i = 0; i < LEN(tails); i++)
		unlink(arena_printf(c->arena, "%s%s", path, tails[i]).p);
}

static void remove_all(struct lite_store *s, struct ctx *c)
{
	struct store_orgs orgs;

	if (s->restoring)
		lite_close(s->restoring);
	s->restoring = NULL;
	lite_file_close_all(s);
	if (store_orgs(&s->store, c, &orgs))
		for (size_t i = 0; i < orgs.count; i++)
			remove_file(s, c, orgs.ids[i]);
	remove_file(s, c, 0);
	unlink(arena_printf(c->arena, "%.*s/" BACKUP_SECRET, STR_ARG(s->store.data_dir)).p);
}

static bool end(struct store *store, struct ctx *c, bool keep)
{
	struct lite_store *s = (struct lite_store *)store;
	bool ok = keep && finish_file(s, c);

	if (!ok)
		remove_all(s, c);
	store_close(store);
	return ok;
}

static bool start_org(struct store *store, struct ctx *c, int64_t org_id)
{
	return start_file(store, c, org_id);
}

const struct backup_driver sqlite_backup = {
	.dump = dump, .begin = begin, .org = start_org, .table = load_table, .end = end,
};
