/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/log.h"
#include "db/backup.h"
#include "db/pg_store.h"

#include <stdio.h>
#include <stdlib.h>

#define SEND_BYTES 65536

/* The tables of a part with their columns, in the order they were made. */
static const char list_tables[] =
        "SELECT s.name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),"
        " string_agg(a.attname, E'\\t' ORDER BY a.attnum)"
        " FROM store_table s JOIN pg_class c ON c.relname = s.name"
        " AND c.relnamespace = current_schema()::regnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE s.part = '%s' GROUP BY s.name, c.oid ORDER BY c.oid";

static bool copy_failed(struct ctx *c, PGconn *h, const char *doing)
{
	log_event(LOG_ERROR, "postgresql failed", LOG_CSTR("doing", doing),
	          LOG_STR("reason", str_trim(str_from(PQerrorMessage(h)))));
	return db_fail(c, ERR_STORAGE);
}

static bool begin_entry(struct ctx *c, struct tar *t, const char *path, const char *names)
{
	return tar_begin(c, t, path) && tar_write(c, t, names, strlen(names))
	    && tar_write(c, t, "\n", 1);
}

/* Rows arrive one at a time; a table without rows has no entry. */
static bool copy_out(struct ctx *c, PGconn *h, const char *path, const char *names, struct tar *t)
{
	bool ok = true, begun = false;
	char *row = NULL;
	int n;

	while ((n = PQgetCopyData(h, &row, 0)) > 0) {
		ok = ok && (begun || begin_entry(c, t, path, names))
		    && tar_write(c, t, row, (size_t)n);
		begun = true;
		PQfreemem(row);
	}
	if (n == -2)
		return copy_failed(c, h, "backup");
	for (PGresult *r; (r = PQgetResult(h)) != NULL; PQclear(r))
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			ok = ok && copy_failed(c, h, "backup");
	return ok && (!begun || tar_end(c, t));
}

struct columns {
	const char *quoted; /* for SQL */
	const char *names;  /* for the entry's first line */
};

static bool dump_table(struct ctx *c, PGconn *h, const struct backup_table *table,
                       const struct columns *columns, struct tar *t)
{
	char path[TAR_NAME_MAX];
	struct str copy = arena_printf(c->arena, "COPY (SELECT %s FROM \"%s\") TO STDOUT",
	                               columns->quoted, table->name);
	PGresult *r = PQexec(h, copy.p);
	bool ok = PQresultStatus(r) == PGRES_COPY_OUT;

	PQclear(r);
	backup_path(table, path);
	return ok ? copy_out(c, h, path, columns->names, t) : copy_failed(c, h, copy.p);
}

/* Row-level security shows this organisation's rows and no others. */
static bool dump_part(struct ctx *c, PGconn *h, int64_t org_id, const PGresult *tables,
                      struct tar *t)
{
	struct backup_table table = { .org_id = org_id };
	char text[TAR_NAME_MAX];

	if (org_id != 0) {
		snprintf(text, sizeof(text), "SET LOCAL app.org_id = '%lld'", (long long)org_id);
		if (!pg_exec(c, h, text))
			return false;
		backup_folder(org_id, text);
		if (!tar_folder(c, t, text))
			return false;
	}
	for (int i = 0; i < PQntuples(tables); i++) {
		struct columns columns = { PQgetvalue(tables, i, 1), PQgetvalue(tables, i, 2) };

		snprintf(table.name, sizeof(table.name), "%s", PQgetvalue(tables, i, 0));
		if (!dump_table(c, h, &table, &columns, t))
			return false;
	}
	return true;
}

static PGresult *query(struct ctx *c, PGconn *h, const char *text)
{
	PGresult *r = PQexec(h, text);

	if (PQresultStatus(r) == PGRES_TUPLES_OK)
		return r;
	copy_failed(c, h, text);
	PQclear(r);
	return NULL;
}

static bool dump_orgs(struct ctx *c, PGconn *h, const PGresult *tables, struct tar *t)
{
	PGresult *orgs = query(c, h, "SELECT org_id FROM store_org ORDER BY org_id");
	bool ok = orgs != NULL;

	for (int i = 0; ok && i < PQntuples(orgs); i++) {
		struct arena a;
		struct ctx own = { .arena = &a };
		int64_t id = 0;

		arena_init(&a);
		ok = str_to_int(str_from(PQgetvalue(orgs, i, 0)), &id)
		    && dump_part(&own, h, id, tables, t);
		c->err = own.err;
		arena_release(&a);
	}
	PQclear(orgs);
	return ok;
}

static bool dump_all(struct ctx *c, PGconn *h, struct tar *t)
{
	PGresult *control = query(c, h, arena_printf(c->arena, list_tables, "control").p);
	PGresult *org = query(c, h, arena_printf(c->arena, list_tables, "organisation").p);
	bool ok = control && org && dump_part(c, h, 0, control, t) && dump_orgs(c, h, org, t);

	PQclear(control);
	PQclear(org);
	return ok;
}

/* As the server's role, in one transaction: everything as of one moment. */
static bool dump(struct store *store, struct ctx *c, struct tar *t)
{
	struct pg_store *s = (struct pg_store *)store;
	PGconn *h = PQconnectdb(s->url);
	bool ok = PQstatus(h) == CONNECTION_OK || copy_failed(c, h, "connect");

	PQsetErrorVerbosity(h, PQERRORS_TERSE);
	ok = ok && pg_exec(c, h, "SET ROLE " PG_ROLE "; SET client_encoding = 'UTF8'")
	  && pg_exec(c, h, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") && dump_all(c, h, t);
	PQfinish(h);
	return ok;
}

/* Restoring happens as the owner, in one transaction. */
static bool is_empty(struct ctx *c, PGconn *h)
{
	struct str there;

	if (!pg_text(c, h, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
	             &there))
		return false;
	return str_is(there, "0") || fail(c, ERR_CONFLICT, NULL, "The database has tables already");
}

static struct store *begin(struct ctx *c, const struct store_config *config, size_t migration)
{
	struct pg_store *s = pg_store_new(c, config);
	bool ok = s != NULL;

	if (ok && migration > s->migrations.count)
		ok = fail(c, ERR_STATE, NULL,
		          "The backup was made by a newer version of this program");
	ok = ok && (s->restoring = pg_connect_owner(s, c)) != NULL && is_empty(c, s->restoring)
	  && pg_migrate(s, c, migration) && pg_exec(c, s->restoring, "BEGIN")
	  && pg_exec(c, s->restoring, pg_lift_policies);
	if (ok)
		return &s->store;
	if (s)
		store_close(&s->store);
	return NULL;
}

static bool add_org(struct store *store, struct ctx *c, int64_t org_id)
{
	struct pg_store *s = (struct pg_store *)store;

	return pg_exec(c, s->restoring, arena_printf(c->arena, "INSERT INTO store_org VALUES (%lld)",
	                                             (long long)org_id).p);
}

/* Names for COPY from the first line of an entry. */
static bool copy_text(struct ctx *c, PGconn *h, const char *table, struct str names,
                      struct buf *out)
{
	buf_init(out, c->arena);
	buf_printf(out, "COPY \"%s\" (", table);
	for (size_t n = 0; names.p; n++) {
		struct str name = str_cut(&names, '\t');
		char *quoted = PQescapeIdentifier(h, name.p, name.n);

		if (!quoted)
			return copy_failed(c, h, "restore");
		buf_printf(out, "%s%s", n > 0 ? ", " : "", quoted);
		PQfreemem(quoted);
	}
	buf_puts(out, ") FROM STDIN");
	return true;
}

static bool copy_in(struct ctx *c, PGconn *h, struct tar *t)
{
	char *chunk = arena_alloc(c->arena, SEND_BYTES);
	size_t n = 1;
	bool ok = true;

	while (ok && n > 0) {
		ok = tar_read(c, t, chunk, SEND_BYTES, &n);
		if (ok && n > 0 && PQputCopyData(h, chunk, (int)n) != 1)
			ok = copy_failed(c, h, "restore");
	}
	PQputCopyEnd(h, ok ? NULL : "stopped");
	for (PGresult *r; (r = PQgetResult(h)) != NULL; PQclear(r))
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			ok = ok && copy_failed(c, h, "restore");
	return ok;
}

static bool load_table(struct store *store, struct ctx *c, const struct backup_table *table,
                       struct tar *t)
{
	PGconn *h = ((struct pg_store *)store)->restoring;
	struct buf text;
	struct str line;
	bool more, ok;

	if (!tar_line(c, t, &line, &more))
		return false;
	if (!more || !copy_text(c, h, table->name, line, &text))
		return fail(c, ERR_INVALID, NULL, "The backup has a table without columns");
	PGresult *r = PQexec(h, buf_text(&text).p);

	ok = PQresultStatus(r) == PGRES_COPY_IN;
	PQclear(r);
	if (ok)
		return copy_in(c, h, t);
	copy_failed(c, h, buf_text(&text).p);
	return fail(c, ERR_INVALID, NULL, "The backup has rows for %s that do not fit",
	            table->name);
}

/* What was there before was nothing: undoing leaves nothing. */
static const char drop_tables[] =
        "ROLLBACK; DO $do$ DECLARE t record; BEGIN"
        " FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP"
        "  EXECUTE format('DROP TABLE %I CASCADE', t.tablename);"
        " END LOOP; END $do$";

static bool end(struct store *store, struct ctx *c, bool keep)
{
	struct pg_store *s = (struct pg_store *)store;
	bool ok = keep && pg_protect(c, s->restoring) && pg_exec(c, s->restoring, "COMMIT");

	if (!ok)
		pg_exec(c, s->restoring, drop_tables);
	store_close(store);
	return ok;
}

const struct backup_driver postgres_backup = {
	.dump = dump, .begin = begin, .org = add_org, .table = load_table, .end = end,
};
