/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_conn.h"
#include "base/check.h"
#include "base/log.h"
#include "db/sqlite_wal.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define BUSY_MS 2000
#define WRITER_CACHE "PRAGMA cache_size=-131072" /* KB; readers have SQLite's own 2 MB */

const char *const db_append_only[] = {
	"ledger_entry", "ledger_leg", "ledger_checkpoint", "event", "audit", "control_audit",
	"deal_history", "deal_share", NULL,
};

bool db_is_append_only(struct str table)
{
	return names_find(db_append_only, table) >= 0;
}

/* What a statement may do when prepared; SQLite asks for every part of it. */
static int authorize(void *arg, int action, const char *a, const char *b, const char *schema,
                     const char *trigger)
{
	const struct lite_conn *conn = arg;

	(void)b;
	(void)schema;
	(void)trigger;
	if (conn->trusted)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_INSERT:
		return strncmp(a, "sqlite_", 7) == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return strncmp(a, "sqlite_", 7) == 0 || db_is_append_only(str_from(a)) ? SQLITE_DENY
		                                                                        : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static enum err_code code_of(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_AUTH:
	case SQLITE_READONLY:
	case SQLITE_TOOBIG:
	case SQLITE_RANGE:
	case SQLITE_MISUSE:
		return ERR_INTERNAL;
	default:
		return ERR_STORAGE;
	}
}

bool lite_fail(struct ctx *c, struct lite_conn *conn, int rc, const char *doing)
{
	enum err_code code = code_of(rc);

	log_event(LOG_ERROR, "sqlite failed", LOG_CSTR("doing", doing), LOG_INT("code", rc),
	          LOG_CSTR("reason", conn->h ? sqlite3_errmsg(conn->h) : sqlite3_errstr(rc)),
	          LOG_INT("org", conn->db.org_id), LOG_STR("request", c->request_id));
	if (code == ERR_STORAGE || code == ERR_FULL)
		conn->db.failed = code;
	return db_fail(c, code);
}

static void free_stmt(void *stmt)
{
	sqlite3_finalize(stmt);
}

bool lite_run(struct ctx *c, struct lite_conn *conn, const char *sql)
{
	bool before = conn->trusted;

	conn->trusted = true;
	int rc = sqlite3_exec(conn->h, sql, NULL, NULL, NULL);
	conn->trusted = before;
	return rc == SQLITE_OK || lite_fail(c, conn, rc, sql);
}

bool lite_int(struct ctx *c, struct lite_conn *conn, const char *sql, int64_t *out)
{
	bool before = conn->trusted;
	sqlite3_stmt *s = NULL;

	conn->trusted = true;
	int rc = sqlite3_prepare_v2(conn->h, sql, -1, &s, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	conn->trusted = before;
	*out = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_finalize(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE || lite_fail(c, conn, rc, sql);
}

static bool configure(struct ctx *c, struct lite_conn *conn)
{
	static const char both[] = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
	                           "PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;"
	                           "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
	                           "PRAGMA cell_size_check=ON; PRAGMA secure_delete=FAST;"
	                           "PRAGMA journal_size_limit=67108864;";

	still_watch(&conn->still, conn->h);
	sqlite3_extended_result_codes(conn->h, 1);
	sqlite3_busy_timeout(conn->h, BUSY_MS);
	sqlite3_limit(conn->h, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(conn->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(conn->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_set_authorizer(conn->h, authorize, conn);
	sqlite3_create_function(conn->h, LITE_WALKED, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, conn,
	                        lite_walked, NULL, NULL);
	if (conn->writer && !lite_run(c, conn, "PRAGMA journal_mode=WAL;" WRITER_CACHE))
		return false;
	sqlite3_wal_autocheckpoint(conn->h, 0);
	return lite_run(c, conn, both);
}

/* Without memory statistics threads do not meet at one lock for every allocation. */
static void configure_library(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Nobody else's to read, whatever the directory allows; its WAL gets the same mode from SQLite. */
static void make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd); /* if not, SQLite says why */
}

struct lite_conn *lite_open(struct ctx *c, const char *path, bool writer, bool create)
{
	int flags = writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct lite_conn *conn = calloc(1, sizeof(*conn));

	CHECK(conn != NULL && pthread_once(&once, configure_library) == 0);
	conn->db.driver = &lite_driver;
	conn->writer = writer;
	conn->cache.free_fn = free_stmt;
	flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
	flags |= create ? SQLITE_OPEN_CREATE : 0;
	if (create)
		make_private(path);
	int rc = sqlite3_open_v2(path, &conn->h, flags, writer ? wal_vfs() : NULL);
	if (rc == SQLITE_OK ? !configure(c, conn) : !lite_fail(c, conn, rc, "open")) {
		lite_close(conn);
		return NULL;
	}
	return conn;
}

void lite_close(struct lite_conn *conn)
{
	if (!conn)
		return;
	sql_cache_clear(&conn->cache);
	int rc = sqlite3_close(conn->h);
	CHECK(rc == SQLITE_OK); /* every statement was in the cache */
	db_release(&conn->db);
	free(conn);
}
