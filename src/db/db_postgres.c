/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/pg_batch.h"
#include "db/pg_store.h"

#include <stdio.h>

static const struct sql SQL_BEGIN_READ = {
	.text = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", .global = true,
};
static const struct sql SQL_BEGIN_WRITE = {
	.text = "BEGIN ISOLATION LEVEL READ COMMITTED", .global = true,
};
static const struct sql SQL_LANE = {
	.text = "SELECT pg_advisory_xact_lock($1)", .global = true,
};
static const struct sql SQL_SAVEPOINT = { .text = "SAVEPOINT part", .global = true };
static const struct sql SQL_RELEASE = { .text = "RELEASE SAVEPOINT part", .global = true };
static const struct sql SQL_UNDO = { .text = "ROLLBACK TO SAVEPOINT part", .global = true };

static struct pg_conn *conn_of(struct db *db)
{
	return ((struct pg_tx *)db)->conn;
}

static bool send_plain(struct ctx *c, struct pg_conn *conn, const struct sql *q)
{
	return pg_send(c, conn, (struct call){ .sql = q }, false);
}

/*
 * PostgreSQL keeps a plan until the table has been analyzed, so one made for an empty table would
 * walk through the first hundred thousand rows. After 1, 2, 4, 8, … transactions it plans anew.
 */
static bool plans_anew(struct ctx *c, struct pg_conn *conn)
{
	int64_t n = ++conn->transactions;

	return (n & (n - 1)) != 0 || pg_send_text(c, conn, "DISCARD PLANS");
}

/* The transaction's beginning goes out together with its first statement. */
static bool begin_late(struct ctx *c, struct pg_conn *conn)
{
	const struct pg_tx *tx = conn->org.open ? &conn->org : &conn->control;
	struct val lane = val_int(tx->db.org_id);
	char text[64];

	if (conn->begun)
		return true;
	conn->begun = true;
	if (!send_plain(c, conn, tx->db.mode == STORE_WRITE ? &SQL_BEGIN_WRITE : &SQL_BEGIN_READ))
		return false;
	if (!plans_anew(c, conn))
		return false;
	/* A literal, not set_config(): only this form is carried to the nodes of a cluster. */
	snprintf(text, sizeof(text), "SET LOCAL app.org_id = '%lld'", (long long)tx->db.org_id);
	if (tx->db.org_id != 0 && !pg_send_text(c, conn, text))
		return false;
	return tx->db.mode == STORE_READ
	    || pg_send(c, conn, (struct call){ &SQL_LANE, &lane, 1 }, false);
}

/* Before the first write of a part that can be undone alone. */
static bool savepoint_late(struct ctx *c, struct pg_conn *conn, const struct pg_stmt *s)
{
	if (s->reads || conn->parts_sent == conn->parts)
		return true;
	if (!pg_batch_flush(c, conn))
		return false;
	for (; conn->parts_sent < conn->parts; conn->parts_sent++)
		if (!send_plain(c, conn, &SQL_SAVEPOINT))
			return false;
	return true;
}

/* Everything that has to go out before the statement, and the statement itself, prepared. */
static struct pg_stmt *ready(struct db *db, struct ctx *c, struct call call)
{
	struct pg_conn *conn = conn_of(db);
	struct pg_stmt *s;

	if (!begin_late(c, conn))
		return NULL;
	s = pg_prepare(c, conn, call);
	if (!s || !savepoint_late(c, conn, s))
		return NULL;
	if (db->mode == STORE_WRITE || s->reads)
		return s;
	pg_fail(c, conn, ERR_INTERNAL, "a write in a transaction for reading", call.sql);
	return NULL;
}

static bool send_call(struct db *db, struct ctx *c, struct call call, bool keep)
{
	struct pg_conn *conn = conn_of(db);

	struct pg_stmt *s = ready(db, c, call);

	return s && pg_batch_make_way(c, conn, s, call) && pg_send(c, conn, call, keep);
}

static bool pg_exec_late(struct db *db, struct ctx *c, struct call call)
{
	struct pg_conn *conn = conn_of(db);
	struct pg_stmt *s = ready(db, c, call);
	bool kept;

	if (!s || !pg_batch_add(c, conn, s, call, &kept))
		return false;
	return kept || pg_send(c, conn, call, false);
}

static bool take_number(struct pg_conn *conn, struct ctx *c, int64_t number, struct rows *out,
                        int64_t *out_changes)
{
	PGresult *r;
	bool ok = true;

	if (!pg_receive(c, conn, number))
		return false;
	r = pg_take(conn, number);
	CHECK(r != NULL);
	if (out_changes && !str_to_int(str_from(PQcmdTuples(r)), out_changes))
		*out_changes = 0;
	if (out)
		ok = pg_rows(c, r, out);
	PQclear(r);
	return ok;
}

static bool pg_run(struct db *db, struct ctx *c, struct call call, struct rows *out,
                   int64_t *out_changes)
{
	struct pg_conn *conn = conn_of(db);

	return send_call(db, c, call, true) && take_number(conn, c, conn->sent, out, out_changes);
}

static bool pg_send_ticket(struct db *db, struct ctx *c, struct call call, struct db_ticket *out)
{
	if (!send_call(db, c, call, true))
		return false;
	out->number = conn_of(db)->sent;
	return true;
}

static bool pg_take_ticket(struct db *db, struct ctx *c, struct db_ticket *t, struct rows *out)
{
	return take_number(conn_of(db), c, t->number, out, NULL);
}

/* Preparing tells the columns; nothing runs. */
static bool pg_describe(struct db *db, struct ctx *c, const struct sql *q, struct rows *out)
{
	struct pg_conn *conn = conn_of(db);
	const struct pg_stmt *s;
	PGresult *r;
	bool ok;

	if (!begin_late(c, conn) || !(s = pg_prepare(c, conn, (struct call){ .sql = q })))
		return false;
	if (!pg_send_describe(c, conn, s, q) || !pg_receive(c, conn, conn->sent))
		return false;
	r = pg_take(conn, conn->sent);
	CHECK(r != NULL);
	ok = pg_rows(c, r, out);
	PQclear(r);
	return ok;
}

static bool pg_savepoint(struct db *db, struct ctx *c, enum savepoint_step step)
{
	struct pg_conn *conn = conn_of(db);

	if (step == SAVEPOINT_SET) {
		conn->parts++;
		return true;
	}
	CHECK(conn->parts > 0);
	if (conn->parts_sent < conn->parts--)
		return true;
	conn->parts_sent--;
	if (step == SAVEPOINT_UNDO)
		pg_batch_drop(conn);
	else if (!pg_batch_flush(c, conn))
		return false;
	return (step == SAVEPOINT_RELEASE || send_plain(c, conn, &SQL_UNDO))
	    && send_plain(c, conn, &SQL_RELEASE);
}

const struct db_driver pg_driver = {
	.asks_ahead = true,
	.run = pg_run,
	.exec = pg_exec_late,
	.send = pg_send_ticket,
	.take = pg_take_ticket,
	.describe = pg_describe,
	.savepoint = pg_savepoint,
};
