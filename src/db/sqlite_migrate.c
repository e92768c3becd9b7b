/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/log.h"
#include "db/sqlite_conn.h"
#include "db/sqlite_stats.h"

static const char record_table[] =
        "CREATE TABLE IF NOT EXISTS migration ("
        " number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/* Tables a statement could use to reach another organisation's rows, were they in one database. */
static const char count_without_org[] =
        "SELECT count(*) FROM sqlite_schema AS t"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        " AND t.name NOT IN ('migration', 'event_key', 'customer_key', 'key_new')"
        " AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name)"
        " WHERE name = 'org_id' AND type = 'BIGINT' AND \"notnull\" = 1)";

static bool protect(struct ctx *c, struct lite_conn *conn, const char *table)
{
	static const char *const what[] = { "UPDATE", "DELETE" };
	int64_t there;
	struct str q = arena_printf(c->arena,
	        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'", table);

	if (!lite_int(c, conn, q.p, &there) || there == 0)
		return c->err.code == ERR_NONE;
	for (size_t i = 0; i < 2; i++) {
		struct str sql = arena_printf(c->arena,
		        "CREATE TRIGGER IF NOT EXISTS %s_no_%s BEFORE %s ON %s"
		        " BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END",
		        table, i == 0 ? "update" : "delete", what[i], table);

		if (!lite_run(c, conn, sql.p))
			return false;
	}
	return true;
}

static bool check_tables(struct ctx *c, struct lite_conn *conn, const struct migration *m)
{
	int64_t bad = 0;

	for (size_t i = 0; db_append_only[i]; i++)
		if (!protect(c, conn, db_append_only[i]))
			return false;
	if (conn->db.org_id != 0 && !lite_int(c, conn, count_without_org, &bad))
		return false;
	return bad == 0 || fail(c, ERR_INTERNAL, NULL,
	                        "Migration %lld has an organisation table without org_id BIGINT NOT NULL",
	                        (long long)m->number);
}

static bool apply(struct ctx *c, struct lite_conn *conn, const struct migration *m)
{
	struct str record = arena_printf(c->arena,
	        "INSERT INTO migration (number, name, applied_at) VALUES (%lld, '%.*s', %lld);"
	        "PRAGMA user_version = %lld",
	        (long long)m->number, STR_ARG(m->name), (long long)clock_now_ms(),
	        (long long)m->number);

	if (!lite_run(c, conn, "BEGIN IMMEDIATE"))
		return false;
	if (lite_run(c, conn, record_table)
	    && lite_run(c, conn, m->text[conn->db.org_id == 0 ? MIGRATE_CONTROL : MIGRATE_ORG])
	    && check_tables(c, conn, m) && (conn->db.org_id == 0 || lite_stats(c, conn))
	    && lite_run(c, conn, record.p) && lite_run(c, conn, "COMMIT"))
		return true;

	struct err e = c->err;

	if (!sqlite3_get_autocommit(conn->h))
		lite_run(c, conn, "ROLLBACK");
	c->err = e;
	log_event(LOG_ERROR, "migration failed", LOG_INT("number", m->number),
	          LOG_INT("org", conn->db.org_id));
	return false;
}

bool lite_migrate(struct ctx *c, struct lite_conn *conn, const struct migrations *all, size_t to)
{
	int64_t version;

	fail_clear(c);
	if (!lite_int(c, conn, "PRAGMA user_version", &version))
		return false;
	if (version > (int64_t)all->count)
		return fail(c, ERR_STATE, NULL,
		            "The data was written by a newer version of this program");
	for (size_t i = (size_t)version; i < to; i++)
		if (!apply(c, conn, &all->items[i]))
			return false;
	return true;
}
