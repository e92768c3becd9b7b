/* SPDX-License-Identifier: Apache-2.0 */
#include "db/fixture.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

static void close_store(void *arg)
{
	store_close(arg);
}

static struct store *open_fixture(struct ctx *c, const struct store_config *config)
{
	struct store *s = store_open(c, config);

	OK(s);
	arena_defer(c->arena, close_store, s);
	OK(store_migrate(s, c, 1));
	OK(store_migrate(s, c, 2));
	return s;
}

struct store_config fixture_config_sqlite(struct ctx *c, const char *migrations)
{
	static int number;

	return (struct store_config){
		.migrations_dir = *migrations
		    ? arena_printf(c->arena, "%s/%s", UNIT_SOURCE_DIR, migrations)
		                              : STR(""),
		.data_dir = arena_printf(c->arena, "%.*s/store%d", STR_ARG(unit_dir(c)), number++),
	};
}

struct store *fixture_sqlite(struct ctx *c, const char *migrations)
{
	struct store_config config = fixture_config_sqlite(c, migrations);

	return open_fixture(c, &config);
}

struct temporary {
	const char *admin_url;
	const char *name;
};

static void admin(struct ctx *c, const char *url, const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *r = PQexec(conn, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		FAIL("%s: %s", sql, PQerrorMessage(conn));
	PQclear(r);
	PQfinish(conn);
	(void)c;
}

static void drop_database(void *arg)
{
	const struct temporary *t = arg;
	struct arena a;
	struct ctx c = { .arena = &a };

	arena_init(&a);
	admin(&c, t->admin_url,
	      arena_printf(&a, "DROP DATABASE IF EXISTS %s WITH (FORCE)", t->name).p);
	arena_release(&a);
}

/* The same URL with another database: "postgresql://user@host:port/NAME?options". */
static struct str url_with_name(struct ctx *c, struct str url, const char *name)
{
	size_t from = str_find(url, '/', sizeof("postgresql://") - 1);
	struct str head = str_slice(url, 0, from), rest = { NULL, 0 };
	size_t options = str_find(url, '?', 0);

	if (options != SIZE_MAX) {
		rest = str_slice(url, options, url.n);
		head = str_slice(url, 0, from < options ? from : options);
	}
	return arena_printf(c->arena, "%.*s/%s%.*s", STR_ARG(head), name, STR_ARG(rest));
}

bool fixture_config_postgres(struct ctx *c, const char *migrations, struct store_config *out)
{
	static int number;
	const char *url = getenv("PARTNERD_TEST_DATABASE");
	struct temporary *t = ARENA_NEW(c->arena, struct temporary);

	if (!url || !*url)
		return false;
	t->admin_url = url;
	t->name = arena_printf(c->arena, "partnerd_unit_%d_%d", (int)getpid(), number++).p;
	admin(c, url, arena_printf(c->arena, "CREATE DATABASE %s", t->name).p);
	arena_defer(c->arena, drop_database, t);
	*out = fixture_config_sqlite(c, migrations);
	out->database_url = url_with_name(c, str_from(url), t->name);
	return true;
}

struct store *fixture_postgres(struct ctx *c, const char *migrations)
{
	struct store_config config;

	return fixture_config_postgres(c, migrations, &config) ? open_fixture(c, &config) : NULL;
}

static bool begin(struct ctx *c, struct store *s, int64_t org_id, enum store_mode mode)
{
	c->org_id = org_id;
	return store_begin(s, c, org_id, mode) != NULL;
}

bool fixture_write(struct ctx *c, struct store *s, int64_t org_id)
{
	return begin(c, s, org_id, STORE_WRITE);
}

bool fixture_read(struct ctx *c, struct store *s, int64_t org_id)
{
	return begin(c, s, org_id, STORE_READ);
}

bool fixture_commit(struct ctx *c, struct store *s)
{
	return store_commit(s, c, c->db ? c->db : c->control);
}

void fixture_rollback(struct ctx *c, struct store *s)
{
	struct db *db = c->db ? c->db : c->control;

	c->db = c->control = NULL;
	store_rollback(s, db);
}
