/* SPDX-License-Identifier: Apache-2.0 */
#include "db/pg_store.h"
#include "base/check.h"
#include "base/log.h"
#include "db/pg_batch.h"

#include <stdatomic.h>
#include <stdlib.h>

#define CONNECTIONS_DEFAULT 16

static const struct sql SQL_COMMIT = { .text = "COMMIT", .global = true };
static const struct sql SQL_ROLLBACK = { .text = "ROLLBACK", .global = true };
static const struct sql SQL_ORG_ADD = {
	.text = "INSERT INTO store_org (org_id) VALUES ($1) ON CONFLICT DO NOTHING",
	.control = true, .global = true,
};
static const struct sql SQL_ORGS = {
	.text = "SELECT org_id FROM store_org ORDER BY org_id", .control = true, .global = true,
};
static const struct sql SQL_VERSION = {
	.text = "SELECT max(number) FROM migration", .control = true, .global = true,
};
static const struct sql SQL_SAFE = {
	.text = "SELECT count(*) FROM pg_roles WHERE rolname = current_user"
	        " AND (rolsuper OR rolbypassrls)",
	.control = true, .global = true,
};
static const struct sql SQL_POWERS = {
	.text = "SELECT count(*) FROM pg_roles WHERE rolname = session_user"
	        " AND (rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_tables"
	        " WHERE tableowner = session_user AND schemaname = current_schema()))",
	.control = true, .global = true,
};

static const struct store_driver pg_store_driver;

static struct pg_store *store_of(struct store *s)
{
	return (struct pg_store *)s;
}

/*
 * The connection of the context's other transaction, if both can share it: the
 * control data are then read inside the organisation's transaction.
 */
static struct pg_conn *shared(struct store *s, struct ctx *c, int64_t org_id, enum store_mode mode)
{
	struct pg_tx *other = (struct pg_tx *)(org_id == 0 ? c->db : c->control);

	if (!other || other->db.store != s)
		return NULL;
	if (org_id == 0)
		return mode == STORE_READ && !other->conn->control.open ? other->conn : NULL;
	return other->db.mode == STORE_READ && !other->conn->begun && !other->conn->org.open
	             ? other->conn : NULL;
}

static struct db *pg_begin(struct store *store, struct ctx *c, int64_t org_id, enum store_mode mode)
{
	struct pg_store *s = store_of(store);
	struct pg_conn *conn = shared(store, c, org_id, mode);
	struct pg_tx *tx;

	if (s->read_only && mode == STORE_WRITE) {
		fail(c, ERR_STORAGE, NULL, "The data was opened for reading only");
		return NULL;
	}
	if (!conn)
		conn = pg_pool_get(s, c);
	if (!conn)
		return NULL;
	tx = org_id == 0 ? &conn->control : &conn->org;
	tx->open = true;
	tx->db.failed = conn->failed;
	return &tx->db;
}

static bool send_end(struct ctx *c, struct pg_conn *conn, const struct sql *q)
{
	return pg_send(c, conn, (struct call){ .sql = q }, true) && pg_sync(c, conn);
}

/* COMMIT answers ROLLBACK, without an error, when the transaction had failed before. */
static bool send_commit(struct ctx *c, struct pg_conn *conn)
{
	PGresult *r;
	bool ok;

	if (!pg_batch_flush(c, conn) || !send_end(c, conn, &SQL_COMMIT))
		return false;
	r = pg_take(conn, conn->sent);
	ok = r && strcmp(PQcmdStatus(r), "COMMIT") == 0;
	PQclear(r);
	return ok || pg_fail(c, conn, ERR_STORAGE, "the transaction was rolled back", &SQL_COMMIT);
}

/* Give the connection back when both of its transactions are over. */
static void give_back(struct pg_store *s, struct pg_conn *conn)
{
	conn->begun = false;
	conn->parts = conn->parts_sent = 0;
	pg_drop_kept(conn);
	pg_batch_drop(conn);
	if (!conn->org.open && !conn->control.open)
		pg_pool_put(s, conn);
}

static void undo(struct store *store, struct pg_tx *tx)
{
	struct pg_conn *conn = tx->conn;
	struct arena a;
	struct ctx c = { .arena = &a };

	tx->open = false;
	if (tx == &conn->control && conn->org.open)
		return;
	arena_init(&a);
	if (conn->begun && !conn->failed)
		send_end(&c, conn, &SQL_ROLLBACK);
	arena_release(&a);
	give_back(store_of(store), conn);
}

static void pg_rollback(struct store *store, struct db *db)
{
	undo(store, (struct pg_tx *)db);
}

static bool pg_commit(struct store *store, struct ctx *c, struct db *db, struct store_mark *out)
{
	struct pg_tx *tx = (struct pg_tx *)db;
	struct pg_conn *conn = tx->conn;
	bool ok;

	(void)out; /* PostgreSQL answers when it is on disk */
	if (tx == &conn->control && conn->org.open) {
		tx->open = false;
		return !conn->failed || db_fail(c, conn->failed);
	}
	if (db->mode == STORE_WRITE && store->inject_commit && !store->inject_commit(db->org_id)) {
		undo(store, tx);
		return db_fail(c, ERR_STORAGE);
	}
	ok = conn->failed ? db_fail(c, conn->failed) : !conn->begun || send_commit(c, conn);
	if (!ok) {
		struct err e = c->err;

		undo(store, tx);
		c->err = e;
		return false;
	}
	tx->open = false;
	give_back(store_of(store), conn);
	return true;
}

/* One statement outside of any transaction, on a connection of its own. */
static bool run_alone(struct pg_store *s, struct ctx *c, const struct sql *q, struct args args,
                      struct rows *out)
{
	struct pg_conn *conn = pg_pool_get(s, c);
	bool ok;

	if (!conn)
		return false;
	ok = pg_send(c, conn, (struct call){ q, args.v, args.n }, true) && pg_sync(c, conn);
	if (ok) {
		PGresult *r = pg_take(conn, conn->sent);

		ok = !out || pg_rows(c, r, out);
		PQclear(r);
	}
	give_back(s, conn);
	return ok;
}

static bool pg_store_migrate(struct store *store, struct ctx *c, int64_t org_id)
{
	struct pg_store *s = store_of(store);

	if (org_id == 0)
		return pg_migrate(s, c, s->migrations.count);
	return run_alone(s, c, &SQL_ORG_ADD, ARGS(val_int(org_id)), NULL);
}

static bool pg_orgs(struct store *store, struct ctx *c, struct store_orgs *out)
{
	struct rows r;

	if (!run_alone(store_of(store), c, &SQL_ORGS, NO_ARGS, &r))
		return false;
	out->count = r.count;
	out->ids = ARENA_ARRAY(c->arena, int64_t, r.count);
	for (size_t i = 0; i < r.count; i++)
		out->ids[i] = rows_int(&r, i, 0);
	return true;
}

static void pg_store_close(struct store *store)
{
	struct pg_store *s = store_of(store);

	pg_pool_close(s);
	PQfinish(s->restoring);
	pthread_cond_destroy(&s->freed);
	pthread_mutex_destroy(&s->lock);
	arena_release(&s->arena);
	free(s);
}

/* The role the server works as must not be able to step around row-level security. */
static bool check_role(struct pg_store *s, struct ctx *c)
{
	struct rows unsafe, powers, version;

	if (!run_alone(s, c, &SQL_SAFE, NO_ARGS, &unsafe)
	    || !run_alone(s, c, &SQL_POWERS, NO_ARGS, &powers)
	    || !run_alone(s, c, &SQL_VERSION, NO_ARGS, &version))
		return false;
	if (rows_int(&unsafe, 0, 0) != 0)
		return fail(c, ERR_DENIED, NULL, "The role %s could step around row-level security",
		            PG_ROLE);
	if (rows_int(&version, 0, 0) != (int64_t)s->migrations.count)
		return fail(c, ERR_STATE, NULL,
		            "The data belongs to another version of this program");
	if (rows_int(&powers, 0, 0) != 0 && s->advise)
		log_event(LOG_WARN, "the server logs in as a role that owns the tables;"
		                    " give it a plain role and the owner's URL for migrations only");
	return true;
}

struct pg_store *pg_store_new(struct ctx *c, const struct store_config *config)
{
	struct pg_store *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->store = (struct store){ .driver = &pg_store_driver, .is_postgres = true };
	s->store.data_dir = arena_str(&s->arena, config->data_dir);
	s->url = arena_cstr(&s->arena, config->database_url);
	s->migrate_url = config->migrate_url.n > 0 ? arena_cstr(&s->arena, config->migrate_url)
	    : s->url;
	s->read_only = config->read_only;
	s->advise = config->advise;
	s->open_max = config->connections_max > 0 ? config->connections_max : CONNECTIONS_DEFAULT;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->freed, NULL);
	if (migrations_load(c, &s->arena, config->migrations_dir, SQL_POSTGRES, &s->migrations))
		return s;
	pg_store_close(&s->store);
	return NULL;
}

struct store *postgres_store_open(struct ctx *c, const struct store_config *config)
{
	struct pg_store *s = pg_store_new(c, config);

	if (!s)
		return NULL;
	s->store.migration_count = s->migrations.count;
	if ((s->read_only || pg_migrate(s, c, s->migrations.count)) && check_role(s, c))
		return &s->store;
	pg_store_close(&s->store);
	return NULL;
}

static const struct store_driver pg_store_driver = {
	.close = pg_store_close,
	.migrate = pg_store_migrate,
	.orgs = pg_orgs,
	.begin = pg_begin,
	.commit = pg_commit,
	.rollback = pg_rollback,
};
