/* SPDX-License-Identifier: Apache-2.0 */
#include "db/fixture.h"
#include "db/pg_store.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The eighteen ways in which row-level security of PostgreSQL leaks or fails
 * open, tried against the program's own tables with plain libpq, as somebody
 * would who can run SQL of his own on the server's connection.
 */

struct seat {
	PGconn *h;
	struct store *store;
};

/*
 * A fresh database with a row of organisation 1 and one of organisation 2, and a connection to it.
 */
static bool take_seat(struct ctx *c, struct seat *out)
{
	static const struct sql add = {
		.text = "INSERT INTO org_version (org_id, version) VALUES ($1, 7)",
	};
	struct store_config config;

	if (!fixture_config_postgres(c, "", &config))
		return false;
	out->store = store_open(c, &config);
	OK(out->store);
	for (int64_t org = 1; org <= 2; org++) {
		OK(store_migrate(out->store, c, org));
		OK(fixture_write(c, out->store, org));
		OK(db_exec(c, &add, NO_ARGS));
		OK(fixture_commit(c, out->store));
	}
	out->h = PQconnectdb(config.database_url.p);
	OK(PQstatus(out->h) == CONNECTION_OK);
	PQclear(PQexec(out->h, "SET client_min_messages = 'error'"));
	return true;
}

static void leave(struct seat *s)
{
	PQfinish(s->h);
	store_close(s->store);
}

/* What a statement answers: its first value, or the SQLSTATE of its error. */
static struct str ask(struct ctx *c, PGconn *h, const char *sql)
{
	PGresult *r = PQexec(h, sql);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *value = PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : PQcmdTuples(r);
	struct str got = arena_str(c->arena, str_from(state ? state : value));

	PQclear(r);
	return got;
}

/* A transaction of organisation 1 as the server's role. */
static void enter(struct ctx *c, PGconn *h)
{
	ask(c, h, "ROLLBACK");
	ask(c, h, "SET ROLE partnerd_app");
	ask(c, h, "BEGIN");
	ask(c, h, "SET LOCAL app.org_id = '1'");
}

static const char count_rows[] = "SELECT count(*) FROM org_version";

TEST(the_servers_role_sees_one_organisation_at_most)
{
	struct seat s;

	if (!take_seat(c, &s))
		return;
	EQ_STR(ask(c, s.h, count_rows), "2"); /* 3, 4: a superuser sees all: the server is none */
	ask(c, s.h, "SET ROLE partnerd_app");
	EQ_STR(ask(c, s.h, count_rows), "42704"); /* 5: no setting, no rows */
	enter(c, s.h);
	EQ_STR(ask(c, s.h, count_rows), "1"); /* 6 */
	EQ_STR(ask(c, s.h, "UPDATE org_version SET version = 8 WHERE org_id = 2"), "0");
	EQ_STR(ask(c, s.h, "DELETE FROM org_version WHERE org_id = 2"), "0");
	EQ_STR(ask(c, s.h, "COMMIT"), "");
	EQ_STR(ask(c, s.h, count_rows), "22P02"); /* 9: afterwards the setting is '', not NULL */
	enter(c, s.h);
	EQ_STR(ask(c, s.h, "UPDATE org_version SET org_id = 2"), "42501");
	enter(c, s.h);
	EQ_STR(ask(c, s.h, "INSERT INTO org_version VALUES (2, 1)"), "42501");
	enter(c, s.h);
	EQ_STR(ask(c, s.h, "DELETE FROM org_version"), "1");
	EQ_STR(ask(c, s.h, count_rows), "0");
	leave(&s);
}

TEST(the_servers_role_can_do_nothing_but_its_work)
{
	static const char *const refused[] = {
		"TRUNCATE org_version", /* 15 */
		"TRUNCATE ledger_entry",
		"UPDATE ledger_entry SET kind = 1",
		"DELETE FROM ledger_leg",
		"UPDATE event SET amount = 1",
		"DELETE FROM audit",
		"DELETE FROM control_audit",
		"ALTER TABLE org_version NO FORCE ROW LEVEL SECURITY",
		"ALTER TABLE org_version DISABLE ROW LEVEL SECURITY",
		"DROP POLICY own_rows ON org_version",
		"CREATE POLICY more ON org_version USING (true)",
		"CREATE VIEW v AS SELECT * FROM org_version", /* 11, 12, 16: nothing can be made */
		"CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint'",
		"CREATE MATERIALIZED VIEW m AS SELECT * FROM org_version",
		"CREATE TABLE t (x bigint)",
		"CREATE TRIGGER t BEFORE INSERT ON org_version"
		" EXECUTE FUNCTION suppress_redundant_updates_trigger()",
		"UPDATE migration SET number = 1",
		"DELETE FROM store_org",
		"COPY org_version TO PROGRAM 'true'",
		"CREATE ROLE x",
		"ALTER ROLE partnerd_app BYPASSRLS",
	};
	struct seat s;

	if (!take_seat(c, &s))
		return;
	for (size_t i = 0; i < LEN(refused); i++) {
		enter(c, s.h);
		struct str state = ask(c, s.h, refused[i]);

		if (!str_is(state, "42501"))
			FAIL("%s: %.*s", refused[i], STR_ARG(state));
	}
	leave(&s);
}

TEST(rows_are_checked_before_functions_of_the_statement_see_them)
{
	struct seat s;

	if (!take_seat(c, &s))
		return;
	ask(c, s.h, "CREATE FUNCTION peek(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
	            " 'BEGIN IF $1 = 2 THEN RAISE EXCEPTION ''seen''; END IF; RETURN true; END'");
	enter(c, s.h);
	EQ_STR(ask(c, s.h, "SELECT count(*) FROM org_version WHERE peek(org_id)"), "1"); /* 14 */
	leave(&s);
}

TEST(the_catalog_has_no_table_without_protection)
{
	static const char *const none[] = {
		/* 1, 2: every organisation table, also for its owner */
		"SELECT count(*) FROM store_table s JOIN pg_class c ON c.relname = s.name"
		" WHERE s.part = 'organisation' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
		"SELECT count(*) FROM store_table s WHERE s.part = 'organisation' AND (SELECT count(*)"
		" FROM pg_policies p WHERE p.tablename = s.name AND p.permissive = 'PERMISSIVE'"
		" AND p.cmd = 'ALL' AND p.qual LIKE '%current_setting(''app.org_id''::text)%'"
		" AND p.with_check IS NOT NULL) <> 1",
		/* tables nobody has classified */
		"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
		" AND tablename NOT IN ('migration', 'store_table', 'store_org')"
		" AND tablename NOT IN (SELECT name FROM store_table)",
		/* 7, 13: unique and foreign keys */
		"SELECT count(*) FROM store_table s JOIN pg_class c ON c.relname = s.name"
		" JOIN pg_index i ON i.indrelid = c.oid JOIN pg_attribute a ON a.attrelid = c.oid"
		" AND a.attname = 'org_id' WHERE s.part = 'organisation' AND i.indisunique"
		" AND i.indkey[0] <> a.attnum",
		/* 8, 11, 16, 17: sequences, views, partitions */
		"SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
		" AND (relkind NOT IN ('r', 'i', 't') OR relispartition)",
		/* 12 */
		"SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
		/* 4 */
		"SELECT count(*) FROM pg_roles WHERE rolname = 'partnerd_app'"
		" AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)",
		"SELECT count(*) FROM pg_tables WHERE tableowner = 'partnerd_app'",
		"SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
		" AND table_schema = current_schema()",
		"SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'partnerd_app'"
		" AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
	};
	struct seat s;

	if (!take_seat(c, &s))
		return;
	for (size_t i = 0; i < LEN(none); i++) {
		struct str n = ask(c, s.h, none[i]);

		if (!str_is(n, "0"))
			FAIL("%s: %.*s", none[i], STR_ARG(n));
	}
	leave(&s);
}

/* 10: nothing of one transaction is left on the connection for the next. */
TEST(a_connection_used_by_one_organisation_carries_nothing_to_the_next)
{
	static const struct sql count = { .text = "SELECT count(*) FROM org_version",
	                                  .global = true };
	static const struct sql setting = {
		.text = "SELECT current_setting('app.org_id', true)", .control = true, .global = true,
	};
	struct seat s;
	struct rows r;
	int64_t n;

	if (!take_seat(c, &s))
		return;
	for (int64_t org = 1; org <= 3; org++) {
		OK(fixture_read(c, s.store, org));
		OK(db_int(c, &count, NO_ARGS, &n));
		EQ(n, org <= 2 ? 1 : 0);
		OK(fixture_commit(c, s.store));
		OK(fixture_read(c, s.store, 0));
		OK(db_query(c, &setting, NO_ARGS, &r));
		EQ_STR(rows_str(&r, 0, 0), "");
		OK(fixture_commit(c, s.store));
	}
	leave(&s);
}

/* "postgresql://NAME@host…": the same place, another role. */
static struct str as_role(struct ctx *c, struct str url, const char *name)
{
	size_t at = str_find(url, '@', 0), from = sizeof("postgresql://") - 1;

	CHECK(at != SIZE_MAX);
	return arena_printf(c->arena, "%.*s%s%.*s", (int)from, url.p, name,
	                    STR_ARG(str_slice(url, at, url.n)));
}

/* 1, 18: with roles of their own, a statement that gets loose cannot become more than it is. */
TEST(the_server_can_log_in_as_a_role_that_owns_nothing)
{
	struct store_config config;
	struct store *s;
	PGconn *h;

	if (!fixture_config_postgres(c, "", &config))
		return;
	h = PQconnectdb(config.database_url.p);
	ask(c, h, "CREATE ROLE partnerd_unit_owner LOGIN CREATEROLE");
	ask(c, h, "CREATE ROLE partnerd_unit_web LOGIN");
	ask(c, h, "CREATE ROLE partnerd_app NOLOGIN");
	ask(c, h, "GRANT ALL ON SCHEMA public TO partnerd_unit_owner");
	config.migrate_url = as_role(c, config.database_url, "partnerd_unit_owner");
	config.database_url = as_role(c, config.database_url, "partnerd_unit_web");
	PQfinish(h);

	h = PQconnectdb(config.migrate_url.p);
	if (PQstatus(h) == CONNECTION_OK) { /* roles without a password may not be let in here */
		struct store_config serving = config;

		serving.migrate_url = STR("");
		FAILS(store_open(c, &serving) != NULL, ERR_STATE, "");
		s = store_open(c, &config);
		OK(s && store_migrate(s, c, 1));
		store_close(s);
		s = store_open(c, &serving); /* with nothing to migrate it needs no more */
		OK(s);
		EQ_STR(ask(c, h, count_rows), "42704"); /* the owner is bound as well */
		PQfinish(h);
		h = PQconnectdb(config.database_url.p);
		EQ_STR(ask(c, h, "SET ROLE partnerd_unit_owner"), "42501");
		EQ_STR(ask(c, h, "RESET ROLE"), "");
		EQ_STR(ask(c, h, "ALTER TABLE org_version NO FORCE ROW LEVEL SECURITY"), "42501");
		store_close(s);
	}
	PQfinish(h);
}
