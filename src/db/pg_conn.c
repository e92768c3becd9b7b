/* SPDX-License-Identifier: Apache-2.0 */
#include "db/pg_conn.h"
#include "base/check.h"
#include "base/log.h"
#include "db/pg_store.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#define WAIT_MS 90000 /* longer than the server's own time-out for a statement */

enum err_code pg_code(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum err_code code;
	} codes[] = {
		{ "53100", ERR_FULL },     /* disk full */
		{ "53", ERR_BUSY },        /* out of memory, too many connections */
		{ "55P03", ERR_BUSY },     /* lock time-out */
		{ "40", ERR_BUSY },        /* serialization failure, deadlock */
		{ "08", ERR_STORAGE },     /* connection */
		{ "57", ERR_STORAGE },     /* cancelled, shut down */
		{ "58", ERR_STORAGE },     /* I/O */
		{ "XX", ERR_STORAGE },     /* corrupted */
		{ "25006", ERR_INTERNAL }, /* a write in a read-only transaction */
	};

	if (!sqlstate || !*sqlstate)
		return ERR_STORAGE;
	for (size_t i = 0; i < LEN(codes); i++)
		if (str_starts(str_from(sqlstate), codes[i].prefix))
			return codes[i].code;
	return ERR_INTERNAL;
}

bool pg_fail(struct ctx *c, struct pg_conn *conn, enum err_code code, const char *what,
             const struct sql *sql)
{
	/* What the server adds as detail may hold somebody's data: it stays out of the log. */
	log_event(LOG_ERROR, "postgresql failed", LOG_STR("reason", str_trim(str_from(what))),
	          LOG_CSTR("statement", sql ? sql->text : ""), LOG_INT("org", conn->org.db.org_id),
	          LOG_STR("request", c->request_id));
	if (PQstatus(conn->h) == CONNECTION_BAD)
		code = ERR_STORAGE;
	if (!conn->failed)
		conn->failed = code;
	conn->org.db.failed = conn->control.db.failed = conn->failed;
	return db_fail(c, conn->failed);
}

static void free_stmt(void *stmt)
{
	free(stmt);
}

static void ignore_notice(void *arg, const PGresult *r)
{
	(void)arg;
	(void)r;
}

static bool configure(struct ctx *c, PGconn *h)
{
	return pg_exec(c, h, "SET ROLE " PG_ROLE "; SET client_encoding = 'UTF8';"
	                     "SET statement_timeout = '60s'; SET lock_timeout = '10s';"
	                     "SET idle_in_transaction_session_timeout = '120s'; SET jit = off;"
	                     "SET timezone = 'UTC'; SET synchronous_commit = 'on'");
}

struct pg_conn *pg_connect(struct ctx *c, struct pg_store *store, int64_t generation)
{
	struct pg_conn *conn = calloc(1, sizeof(*conn));

	CHECK(conn != NULL);
	conn->h = PQconnectdb(store->url);
	conn->store = store;
	conn->generation = generation;
	conn->cache.free_fn = free_stmt;
	conn->org.conn = conn->control.conn = conn;
	conn->org.db = conn->control.db = (struct db){ .driver = &pg_driver,
	                                               .store = &store->store };
	PQsetNoticeReceiver(conn->h, ignore_notice, NULL);
	if (PQstatus(conn->h) != CONNECTION_OK) {
		pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), NULL);
	} else if (configure(c, conn->h)) {
		if (PQsetnonblocking(conn->h, 1) == 0 && PQenterPipelineMode(conn->h))
			return conn;
		db_fail(c, ERR_STORAGE);
	}
	pg_close(conn);
	return NULL;
}

void pg_close(struct pg_conn *conn)
{
	pg_drop_kept(conn);
	free(conn->kept);
	for (size_t i = 0; i < PG_BATCHES; i++)
		arena_release(&conn->batches[i].arena);
	sql_cache_clear(&conn->cache);
	PQfinish(conn->h);
	db_release(&conn->org.db);
	db_release(&conn->control.db);
	free(conn);
}

bool pg_alive(struct pg_conn *conn)
{
	struct pollfd p = { .fd = PQsocket(conn->h), .events = POLLIN };

	if (conn->failed || PQstatus(conn->h) != CONNECTION_OK)
		return false;
	return poll(&p, 1, 0) == 0; /* an idle server has nothing to say but goodbye */
}

/* Wait until a result is complete, sending what is still unsent meanwhile. */
static bool wait_result(struct pg_conn *conn)
{
	while (PQisBusy(conn->h)) {
		int unsent = PQflush(conn->h);
		struct pollfd p = { .fd = PQsocket(conn->h), .events = POLLIN };

		if (unsent > 0)
			p.events |= POLLOUT;
		if (unsent < 0)
			return false;
		int n = poll(&p, 1, WAIT_MS);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0 && !PQconsumeInput(conn->h))
			return false;
	}
	return true;
}

static void keep_result(struct pg_conn *conn, PGresult *r)
{
	if (conn->kept_count == conn->kept_room) {
		conn->kept_room = conn->kept_room ? conn->kept_room * 2 : 16;
		conn->kept = realloc(conn->kept, conn->kept_room * sizeof(*conn->kept));
		CHECK(conn->kept != NULL);
	}
	conn->kept[conn->kept_count++] = (struct pg_kept){ conn->received, r };
}

/* Receive the result of the next statement: the result and the NULL that ends it. */
static bool receive_one(struct ctx *c, struct pg_conn *conn)
{
	PGresult *r = wait_result(conn) ? PQgetResult(conn->h) : NULL;
	const struct sql *sql;
	bool ok = true, keep;

	if (!r)
		return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), NULL);
	conn->received++;
	sql = conn->sql[conn->received % PG_IN_FLIGHT_MAX];
	keep = conn->keep[conn->received % PG_IN_FLIGHT_MAX];
	ExecStatusType status = PQresultStatus(r);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !conn->failed)
		ok = pg_fail(c, conn, pg_code(PQresultErrorField(r, PG_DIAG_SQLSTATE)),
		             PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), sql);
	if (keep && ok && !conn->failed)
		keep_result(conn, r);
	else
		PQclear(r);
	if (!wait_result(conn))
		return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), sql);
	PQclear(PQgetResult(conn->h));
	return ok;
}

bool pg_receive(struct ctx *c, struct pg_conn *conn, int64_t number)
{
	CHECK(number <= conn->sent);
	if (conn->failed)
		return db_fail(c, conn->failed);
	if (number <= conn->received)
		return true;
	if (!PQsendFlushRequest(conn->h))
		return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), NULL);
	while (conn->received < number)
		if (!receive_one(c, conn))
			return false;
	return true;
}

PGresult *pg_take(struct pg_conn *conn, int64_t number)
{
	for (size_t i = 0; i < conn->kept_count; i++) {
		PGresult *r = conn->kept[i].result;

		if (conn->kept[i].number != number)
			continue;
		conn->kept[i] = conn->kept[--conn->kept_count];
		return r;
	}
	return NULL;
}

void pg_drop_kept(struct pg_conn *conn)
{
	while (conn->kept_count > 0)
		PQclear(conn->kept[--conn->kept_count].result);
}

bool pg_sync(struct ctx *c, struct pg_conn *conn)
{
	bool ok = true, synced;
	PGresult *r;

	if (!PQpipelineSync(conn->h))
		return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), NULL);
	while (conn->received < conn->sent) {
		ok = receive_one(c, conn) && ok;
		if (PQstatus(conn->h) != CONNECTION_OK)
			return false;
	}
	r = wait_result(conn) ? PQgetResult(conn->h) : NULL;
	synced = r && PQresultStatus(r) == PGRES_PIPELINE_SYNC;
	PQclear(r);
	if (!synced)
		return pg_fail(c, conn, ERR_STORAGE, PQerrorMessage(conn->h), NULL);
	return ok && !conn->failed;
}
