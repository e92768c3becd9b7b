/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include "base/ctx.h"

/*
 * Where the data is: opens, hands out and closes connections. Thread-safe.
 * Organisation 0 means the control data.
 *
 * SQLite: `control.db` and one file per organisation, `org/<id>.db`, under the
 * data directory; WAL, to disk with every commit; one read-write connection per file,
 * handed to one thread at a time; readers open read-only; files of organisations
 * not used lately are closed (LRU). The ledger and event tables refuse UPDATE
 * and DELETE by triggers and by the authorizer.
 *
 * PostgreSQL: one database. migrate_url is the owner's: it makes and owns the
 * tables, and makes the role `partnerd_app`, which owns nothing, cannot log in,
 * cannot bypass row-level security, and has no UPDATE or DELETE on ledger and
 * event tables. Connections of the server log in as database_url says and SET
 * ROLE partnerd_app; every transaction begins with SET LOCAL app.org_id = '<n>'.
 * With one URL for both this is convenient (and said in the log): RESET ROLE
 * would undo it. With a plain role in database_url there is nothing to go back to.
 *
 * An organisation's transaction and, in the same ctx, one for reading the control
 * data share a connection on PostgreSQL if nothing has run in either yet.
 */

struct db;
struct store;

struct store_config {
	struct str data_dir;      /* always needed: journal, socket, keys */
	struct str database_url;  /* "" means SQLite files in data_dir */
	/* PostgreSQL: a role that may create tables; "" means database_url */
	struct str migrate_url;
	struct str migrations_dir; /* "" means the migrations inside the program */
	/* no lock, no migration, only STORE_READ: beside a running server */
	bool read_only;
	bool advise;              /* say in the log what could be set up better: for servers */
	int64_t orgs_open_max;    /* SQLite: files open at once; 0: 1000 */
	int64_t connections_max;  /* PostgreSQL; 0: 16 */
};

enum store_mode { STORE_READ, STORE_WRITE };

/*
 * Open the store and bring the control data up to date (migrate). NULL on failure with c->err.
 * The SQLite store takes a lock on data_dir; ERR_CONFLICT when another process has it.
 */
struct store *store_open(struct ctx *c, const struct store_config *config);
void store_close(struct store *s);
bool store_is_postgres(const struct store *s);

/* Bring the data of one organisation (0: control) up to date; creates what is missing. */
bool store_migrate(struct store *s, struct ctx *c, int64_t org_id);

/* The organisations that have data (store_migrate has run for them), ascending; ids in c->arena. */
struct store_orgs {
	int64_t *ids;
	size_t count;
};
bool store_orgs(struct store *s, struct ctx *c, struct store_orgs *out);

/*
 * Hand out a connection with a transaction open on the organisation's data; NULL with c->err.
 * STORE_WRITE waits while another thread holds the writer of the same organisation.
 * Sets c->db (organisation) or c->control (organisation 0).
 */
struct db *store_begin(struct store *s, struct ctx *c, int64_t org_id, enum store_mode mode);

/*
 * Commit and give the connection back. False with ERR_STORAGE or ERR_FULL: it is not known to be
 * stored, and may be all the same (the database's answer to the COMMIT was lost). So nobody may be
 * told that it is, nor that it is not; repeating the work is safe where it carries the id of an
 * event or an Idempotency-Key.
 */
bool store_commit(struct store *s, struct ctx *c, struct db *db);

/*
 * The same in two steps: after the first the next transaction may begin and sees everything, after
 * the second it is on disk, and those who wait for it may be told. So the disk works while the
 * next transaction runs, and several commits share one flush. A mark must be settled, and then
 * tended, when nobody waits for it any more: what is left to do may take a while. Should the
 * disk refuse what SQLite has committed already, the process ends: the next one reads what is
 * really there.
 */
struct store_mark {
	void *file; /* NULL: there is nothing to wait for */
	int64_t number;
};
bool store_commit_early(struct store *s, struct ctx *c, struct db *db, struct store_mark *out);
void store_settle(struct store *s, const struct store_mark *mark);
void store_tend(struct store *s, struct store_mark *mark);

void store_rollback(struct store *s, struct db *db);

/*
 * More reading transactions that see exactly what c->db sees, for other threads: each becomes the
 * ->db of one of `to`, STORE_TWINS_MAX at most, and is given back with store_twins_end. c->db is
 * begun anew for that, so this comes before anything is read. All ->db are NULL where there can be
 * none (c->db writes; PostgreSQL; others commit all the time): then one thread has to do.
 */
#define STORE_TWINS_MAX 4
bool store_twins(struct ctx *c, struct ctx *to, size_t count);
void store_twins_end(struct ctx *to, size_t count);

/*
 * A part of a transaction that can be undone alone; a part may have parts (2 deep at most). Free
 * on PostgreSQL until the part writes.
 * An undo keeps the error at hand; it fails when the whole transaction is lost: roll back then.
 */
bool store_savepoint(struct ctx *c, struct db *db);
bool store_savepoint_release(struct ctx *c, struct db *db);
bool store_savepoint_undo(struct ctx *c, struct db *db);

/*
 * A copy of everything, with the server's key (`secret` in the data directory), into one new file,
 * mode 0600: a tar archive of tables, the same for both databases (see backup.h). And back into an
 * empty data directory or database, all or nothing: ERR_CONFLICT when it is not empty, ERR_INVALID
 * when the file is damaged. Not a store's method: nothing may have the target open.
 */
bool store_backup(struct store *s, struct ctx *c, struct str to_file);
bool store_restore(struct ctx *c, const struct store_config *config, struct str from_file);

/* Called instead of a COMMIT; returns false to make it fail. Tests only. */
void store_inject_commit(struct store *s, bool (*fn)(int64_t org_id));

#endif
