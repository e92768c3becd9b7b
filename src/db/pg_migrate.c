/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/log.h"
#include "db/pg_store.h"

#define LOCK_KEY "-6921436123450761847" /* an advisory lock that no organisation has */

/* Which tables there are, and of which kind. Only this layer writes to these three. */
static const char own_tables[] =
        "CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY,"
        " name TEXT NOT NULL, applied_at BIGINT NOT NULL);"
        "CREATE TABLE IF NOT EXISTS store_table (name TEXT NOT NULL PRIMARY KEY, part TEXT NOT NULL);"
        "CREATE TABLE IF NOT EXISTS store_org (org_id BIGINT NOT NULL PRIMARY KEY);"
        "GRANT SELECT ON migration, store_table TO " PG_ROLE ";"
        "GRANT SELECT, INSERT ON store_org TO " PG_ROLE;

static const char make_role[] =
        "DO $do$ BEGIN"
        " IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '" PG_ROLE "') THEN"
        "  CREATE ROLE " PG_ROLE " NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;"
        " END IF;"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;"
        " END $do$;"
        "DO $do$ BEGIN"
        " IF NOT pg_has_role(session_user, '" PG_ROLE "', 'MEMBER') THEN"
        "  EXECUTE format('GRANT " PG_ROLE " TO %I', session_user);"
        " END IF; END $do$;"
        "DO $do$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO " PG_ROLE "',"
        " current_schema()); END $do$";

/* What the migration has just made belongs to this part. */
static const char note_control[] =
        "INSERT INTO store_table SELECT tablename, 'control' FROM pg_tables"
        " WHERE schemaname = current_schema()"
        " AND tablename NOT IN ('migration', 'store_table', 'store_org') ON CONFLICT DO NOTHING";
static const char note_organisation[] =
        "INSERT INTO store_table SELECT tablename, 'organisation' FROM pg_tables"
        " WHERE schemaname = current_schema()"
        " AND tablename NOT IN ('migration', 'store_table', 'store_org') ON CONFLICT DO NOTHING";

/* The owner is bound by the policies too; a migration works on all organisations' rows. */
const char pg_lift_policies[] =
        "DO $do$ DECLARE t record; BEGIN"
        " FOR t IN SELECT name FROM store_table WHERE part = 'organisation' LOOP"
        "  EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', t.name);"
        " END LOOP; END $do$";

static const char protect_head[] =
        "DO $do$ DECLARE t record; DECLARE own CONSTANT text :="
        " '(org_id = current_setting(''app.org_id'')::bigint)'; BEGIN"
        " FOR t IN SELECT name FROM store_table WHERE part = 'organisation' LOOP"
        "  IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = current_schema()"
        "   AND tablename = t.name AND policyname = 'own_rows') THEN"
        "   EXECUTE format('CREATE POLICY own_rows ON %I USING %s WITH CHECK %s', t.name, own, own);"
        "  END IF;"
        "  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.name);"
        "  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.name);"
        " END LOOP;"
        " FOR t IN SELECT name, CASE WHEN name = ANY (ARRAY[";
static const char protect_tail[] =
        "]) THEN '' ELSE ', UPDATE, DELETE' END AS change FROM store_table LOOP"
        "  EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, " PG_ROLE "', t.name);"
        "  EXECUTE format('GRANT SELECT, INSERT %s ON %I TO " PG_ROLE "', t.change, t.name);"
        " END LOOP; END $do$";

/*
 * What would let one organisation reach or notice another's rows: tables without
 * org_id, unique and foreign keys without it, views, partitions, functions that
 * run as their owner, sequences.
 */
static const char find_holes[] =
        "WITH org AS (SELECT c.oid, c.relname, a.attnum FROM store_table s"
        "  JOIN pg_class c ON c.relname = s.name AND c.relnamespace = current_schema()::regnamespace"
        "  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'"
        "   AND a.atttypid = 'bigint'::regtype AND a.attnotnull"
        "  WHERE s.part = 'organisation')"
        " SELECT string_agg(hole, '; ') FROM ("
        " SELECT relname || ' has no org_id BIGINT NOT NULL' AS hole FROM org WHERE attnum IS NULL"
        " UNION ALL SELECT 'unique key without org_id: ' || i.indexrelid::regclass"
        "  FROM org JOIN pg_index i ON i.indrelid = org.oid"
        "  WHERE i.indisunique AND NOT org.attnum = ANY (i.indkey)"
        " UNION ALL SELECT 'foreign key without org_id: ' || k.conname"
        "  FROM org JOIN pg_constraint k ON k.conrelid = org.oid"
        "  WHERE k.contype = 'f' AND NOT org.attnum = ANY (k.conkey)"
        " UNION ALL SELECT 'not a plain table: ' || c.relname FROM pg_class c"
        "  WHERE c.relnamespace = current_schema()::regnamespace"
        "  AND (c.relkind IN ('v', 'm', 'f', 'p', 'S') OR c.relispartition)"
        " UNION ALL SELECT 'runs as its owner: ' || p.proname FROM pg_proc p"
        "  WHERE p.pronamespace = current_schema()::regnamespace AND p.prosecdef) holes";

PGconn *pg_connect_owner(struct pg_store *s, struct ctx *c)
{
	PGconn *h = PQconnectdb(s->migrate_url);

	PQsetErrorVerbosity(h, PQERRORS_TERSE); /* details may hold somebody's data */
	if (PQstatus(h) == CONNECTION_OK
	    && pg_exec(c, h, "SET client_min_messages = 'error'; SET timezone = 'UTC';"
	                     "SET client_encoding = 'UTF8'"))
		return h;
	if (PQstatus(h) != CONNECTION_OK)
		log_event(LOG_ERROR, "postgresql failed",
		          LOG_STR("reason", str_trim(str_from(PQerrorMessage(h)))));
	PQfinish(h);
	fail(c, ERR_STORAGE, NULL, "The database cannot be reached");
	return NULL;
}

/* PostgreSQL's own words name the right that is missing, and nobody's data. */
static bool is_about_rights(struct ctx *c, const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	if (!state || strcmp(state, "42501") != 0)
		return false;
	fail(c, ERR_STATE, NULL, "PostgreSQL: %s. Tables are made by the role of migrate_database; see"
	                         " PostgreSQL in docs/OPERATIONS.md",
	     PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
	return true;
}

bool pg_exec(struct ctx *c, PGconn *h, const char *text)
{
	PGresult *r = PQexec(h, text);
	ExecStatusType status = PQresultStatus(r);
	enum err_code code = pg_code(PQresultErrorField(r, PG_DIAG_SQLSTATE));
	bool denied = is_about_rights(c, r);

	PQclear(r);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
		return true;
	log_event(LOG_ERROR, "postgresql failed",
	          LOG_STR("reason", str_trim(str_from(PQerrorMessage(h)))),
	          LOG_CSTR("statement", text));
	return !denied && db_fail(c, code);
}

bool pg_text(struct ctx *c, PGconn *h, const char *query, struct str *out)
{
	PGresult *r = PQexec(h, query);
	bool ok = PQresultStatus(r) == PGRES_TUPLES_OK;

	*out = STR("");
	if (ok && PQntuples(r) > 0)
		*out = arena_str(c->arena, str_from(PQgetvalue(r, 0, 0)));
	PQclear(r);
	if (ok)
		return true;
	log_event(LOG_ERROR, "postgresql failed",
	          LOG_STR("reason", str_trim(str_from(PQerrorMessage(h)))),
	          LOG_CSTR("statement", query));
	return db_fail(c, ERR_STORAGE);
}

bool pg_protect(struct ctx *c, PGconn *h)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, protect_head);
	for (size_t i = 0; db_append_only[i]; i++)
		buf_printf(&b, "%s'%s'", i > 0 ? ", " : "", db_append_only[i]);
	buf_puts(&b, protect_tail);
	return pg_exec(c, h, buf_text(&b).p);
}

static bool check_holes(struct ctx *c, PGconn *h, const struct migration *m)
{
	struct str holes;

	if (!pg_text(c, h, find_holes, &holes))
		return false;
	return holes.n == 0 || fail(c, ERR_INTERNAL, NULL, "Migration %lld: %.*s",
	                            (long long)m->number, STR_ARG(holes));
}

static bool apply(struct ctx *c, PGconn *h, const struct migration *m)
{
	struct str record = arena_printf(c->arena,
	                                 "INSERT INTO migration VALUES (%lld, '%.*s', %lld)",
	        (long long)m->number, STR_ARG(m->name), (long long)clock_now_ms());

	if (pg_exec(c, h, "BEGIN") && pg_exec(c, h, pg_lift_policies)
	    && pg_exec(c, h, m->text[MIGRATE_CONTROL]) && pg_exec(c, h, note_control)
	    && pg_exec(c, h, m->text[MIGRATE_ORG]) && pg_exec(c, h, note_organisation)
	    && check_holes(c, h, m) && pg_protect(c, h) && pg_exec(c, h, record.p)
	    && pg_exec(c, h, "COMMIT"))
		return true;
	log_event(LOG_ERROR, "migration failed", LOG_INT("number", m->number),
	          LOG_CSTR("reason", c->err.msg));
	return false;
}

/* The role that the server logs in as may become the role it works as. */
static bool admit_server(struct pg_store *s, struct ctx *c, PGconn *owner)
{
	PGconn *h;
	struct str name;
	bool ok;

	if (strcmp(s->url, s->migrate_url) == 0)
		return true;
	h = PQconnectdb(s->url);
	ok = PQstatus(h) == CONNECTION_OK
	    || fail(c, ERR_STORAGE, NULL, "The database cannot be reached");
	ok = ok && pg_text(c, h, "SELECT CASE WHEN pg_has_role(session_user, '" PG_ROLE "', 'MEMBER')"
	                         " THEN '' ELSE quote_ident(session_user) END", &name);
	PQfinish(h);
	if (!ok || name.n == 0)
		return ok;
	return pg_exec(c, owner, arena_printf(c->arena, "GRANT " PG_ROLE " TO %.*s", STR_ARG(name)).p);
}

static bool migrate_with(struct pg_store *s, struct ctx *c, PGconn *h, size_t to)
{
	struct str version;
	int64_t done;

	if (!pg_exec(c, h, "SELECT pg_advisory_lock(" LOCK_KEY ")") || !pg_exec(c, h, make_role)
	    || !pg_exec(c, h, own_tables)
	    || !pg_text(c, h, "SELECT coalesce(max(number), 0) FROM migration", &version)
	    || !str_to_int(version, &done))
		return false;
	if (done > (int64_t)s->migrations.count)
		return fail(c, ERR_STATE, NULL,
		            "The data was written by a newer version of this program");
	for (size_t i = (size_t)done; i < to; i++)
		if (!apply(c, h, &s->migrations.items[i]))
			return false;
	return admit_server(s, c, h);
}

/*
 * The role that serves owns nothing, and needs nothing when all tables are there: commands work
 * without the owner's address. *out_done: there is nothing to do for it.
 */
static bool look_as_server(struct pg_store *s, struct ctx *c, PGconn *h, bool *out_done)
{
	struct str foreign, version = STR("");
	int64_t number = 0;

	if (!pg_text(c, h, "SELECT coalesce((SELECT NOT pg_has_role(session_user, relowner, 'USAGE')"
	                   " AND CASE WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '" PG_ROLE
	                   "') THEN pg_has_role(session_user, '" PG_ROLE "', 'USAGE') ELSE false END"
	                   " FROM pg_class WHERE oid = to_regclass('migration')), false)::text",
	             &foreign)
	    || (str_is(foreign, "true")
	        && !pg_text(c, h, "SELECT coalesce(max(number), 0) FROM migration", &version)))
		return false;
	*out_done = str_to_int(version, &number) && number == (int64_t)s->migrations.count;
	return true;
}

bool pg_migrate(struct pg_store *s, struct ctx *c, size_t to)
{
	PGconn *h = pg_connect_owner(s, c);
	bool done = false, ok;

	if (!h)
		return false;
	ok = strcmp(s->url, s->migrate_url) != 0 || look_as_server(s, c, h, &done);
	ok = ok && (done || migrate_with(s, c, h, to));
	PQfinish(h);
	return ok;
}
