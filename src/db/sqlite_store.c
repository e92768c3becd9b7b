/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_store.h"
#include "base/check.h"
#include "base/log.h"
#include "db/folder.h"
#include "db/sqlite_checkpoint.h"
#include "db/sqlite_wal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_MAX_DEFAULT 1000
#define READERS_KEPT 8 /* per file */

static const struct store_driver lite_store_driver;

static struct lite_store *store_of(struct store *s)
{
	return (struct lite_store *)s;
}

const char *lite_path(struct lite_store *s, struct ctx *c, int64_t org_id)
{
	char id[ID_TEXT_MAX];

	if (org_id == 0)
		return arena_printf(c->arena, "%.*s/control.db", STR_ARG(s->store.data_dir)).p;
	id_format(ID_ORG, org_id, id);
	return arena_printf(c->arena, "%.*s/org/%s.db", STR_ARG(s->store.data_dir), id).p;
}

/* Wait for the file's writer and take it. */
static void take_writer(struct lite_store *s, struct lite_file *f)
{
	pthread_mutex_lock(&s->lock);
	while (f->writer_taken)
		pthread_cond_wait(&f->changed, &s->lock);
	f->writer_taken = true;
	pthread_mutex_unlock(&s->lock);
}

static void give_writer(struct lite_store *s, struct lite_file *f)
{
	pthread_mutex_lock(&s->lock);
	f->writer_taken = false;
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&s->lock);
}

static bool no_such_org(struct ctx *c)
{
	return fail(c, ERR_NOT_FOUND, NULL, "There is no such organisation");
}

/* What cannot be reached now may be there again soon. */
static void no_such_file(struct ctx *c, const struct lite_file *f, int error)
{
	if (error == ENOENT) {
		no_such_org(c);
		return;
	}
	log_event(LOG_ERROR, "a file cannot be reached", LOG_INT("org", f->org_id),
	          LOG_CSTR("reason", strerror(error)));
	db_fail(c, ERR_STORAGE);
}

static struct lite_conn *open_conn(struct lite_store *s, struct ctx *c, struct lite_file *f,
                                   bool writer)
{
	const char *path = lite_path(s, c, f->org_id);

	if (access(path, F_OK) != 0) {
		no_such_file(c, f, errno);
		return NULL;
	}
	struct lite_conn *conn = lite_open(c, path, writer, false);

	if (conn) {
		conn->file = f;
		conn->db.store = &s->store;
		conn->db.org_id = f->org_id;
	}
	return conn;
}

/*
 * A new writer: from here on commits only reach the WAL, and lite_settle brings them to disk.
 * SQLite's locks are not on that file, so closing a descriptor of it harms nothing.
 */
static bool open_writer(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	const char *path = arena_printf(c->arena, "%s-wal", lite_path(s, c, f->org_id)).p;
	struct lite_conn *conn = open_conn(s, c, f, true);
	int fd;

	if (!conn)
		return false;
	if ((f->ready || lite_migrate(c, conn, &s->migrations, s->migrations.count))
	    && (f->ready || lite_checkpoint_first(c, conn)) && keys_open(c, conn)
	    && lite_run(c, conn, "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE; COMMIT")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			lite_settled_by(s, f, fd);
			lite_checkpoint_watch(conn);
			f->writer = conn;
			return true;
		}
		fail(c, ERR_STORAGE, NULL, "%s cannot be opened: %s", path, strerror(errno));
	}
	lite_close(conn);
	return false;
}

/* With the writer taken: have it open, and the file up to date. */
static bool ready_writer(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	if (!f->writer && !open_writer(s, c, f))
		return false;
	pthread_mutex_lock(&s->lock);
	f->ready = true;
	pthread_mutex_unlock(&s->lock);
	return true;
}

/* Before the first reader: the writer migrates; a store that only reads can just look. */
static bool ready_file(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	bool ok;

	pthread_mutex_lock(&s->lock);
	ok = f->ready || s->read_only;
	pthread_mutex_unlock(&s->lock);
	if (ok)
		return true;
	take_writer(s, f);
	ok = ready_writer(s, c, f);
	give_writer(s, f);
	return ok;
}

static struct lite_conn *take_reader(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	struct lite_conn *conn;
	int64_t version = 0;

	if (!ready_file(s, c, f))
		return NULL;
	pthread_mutex_lock(&s->lock);
	conn = f->readers;
	if (conn) {
		f->readers = conn->next;
		f->reader_count--;
	}
	pthread_mutex_unlock(&s->lock);
	if (conn || !(conn = open_conn(s, c, f, false)))
		return conn;
	if (!keys_open(c, conn) || !lite_int(c, conn, "PRAGMA user_version", &version)
	    || (s->read_only && version != (int64_t)s->migrations.count
	        && !fail(c, ERR_STATE, NULL, "The data belongs to another version of this program"))) {
		lite_close(conn);
		return NULL;
	}
	return conn;
}

static void give_reader(struct lite_store *s, struct lite_file *f, struct lite_conn *conn)
{
	pthread_mutex_lock(&s->lock);
	if (conn && !conn->db.failed && f->reader_count < READERS_KEPT) {
		conn->next = f->readers;
		f->readers = conn;
		f->reader_count++;
		conn = NULL;
	}
	pthread_mutex_unlock(&s->lock);
	lite_close(conn);
}

/* Give the connection back; after a failure it is closed, and opened anew when next needed. */
static void give_back(struct lite_store *s, struct lite_conn *conn)
{
	struct lite_file *f = conn->file;

	if (!conn->writer) {
		give_reader(s, f, conn);
	} else {
		if (conn->db.failed) {
			f->writer = NULL;
			lite_close(conn);
		}
		give_writer(s, f);
	}
	lite_file_put(s, f);
}

static struct db *begin_write(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	if (s->read_only) {
		fail(c, ERR_STORAGE, NULL, "The data was opened for reading only");
		return NULL;
	}
	take_writer(s, f);
	if (!ready_writer(s, c, f)) {
		give_writer(s, f);
		return NULL;
	}
	f->writer->db.failed = ERR_NONE;
	if (lite_run(c, f->writer, "BEGIN IMMEDIATE"))
		return &f->writer->db;
	if (f->writer->db.failed) {
		lite_close(f->writer);
		f->writer = NULL;
	}
	give_writer(s, f);
	return NULL;
}

static struct db *begin_read(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	struct lite_conn *conn = take_reader(s, c, f);

	if (!conn)
		return NULL;
	conn->db.failed = ERR_NONE;
	if (lite_run(c, conn, "BEGIN"))
		return &conn->db;
	give_reader(s, f, conn);
	return NULL;
}

static struct db *lite_begin(struct store *store, struct ctx *c, int64_t org_id,
                             enum store_mode mode)
{
	struct lite_store *s = store_of(store);
	struct lite_file *f = lite_file_get(s, org_id);
	struct db *db = mode == STORE_WRITE ? begin_write(s, c, f) : begin_read(s, c, f);

	if (!db)
		lite_file_put(s, f);
	return db;
}

static void lite_rollback(struct store *store, struct db *db)
{
	struct lite_conn *conn = (struct lite_conn *)db;

	conn->trusted = true;
	if (!sqlite3_get_autocommit(conn->h)
	    && sqlite3_exec(conn->h, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		db->failed = ERR_STORAGE;
	conn->trusted = false;
	give_back(store_of(store), conn);
}

static bool commit(struct ctx *c, struct lite_conn *conn)
{
	struct lite_keys keys = conn->keys;

	if ((conn->writer && !keys_place(c, conn, &keys)) || !lite_run(c, conn, "COMMIT"))
		return false;
	CHECK(wal_is_written(conn->h));
	conn->keys = keys;
	return true;
}

/* A failed COMMIT may have reached the disk: say so, drop the connection, let SQLite recover. */
static bool lite_commit(struct store *store, struct ctx *c, struct db *db, struct store_mark *out)
{
	struct lite_conn *conn = (struct lite_conn *)db;

	if (db->failed) {
		db_fail(c, db->failed);
	} else if (db->mode == STORE_WRITE && store->inject_commit
	           && !store->inject_commit(db->org_id)) {
		db->failed = ERR_STORAGE;
		db_fail(c, ERR_STORAGE);
	} else if (commit(c, conn)) {
		if (db->mode == STORE_WRITE) {
			lite_mark(store_of(store), conn->file, out);
			lite_checkpoint_finish(store_of(store), conn);
		}
		give_back(store_of(store), conn);
		return true;
	} else {
		db->failed = c->err.code;
	}
	lite_rollback(store, db);
	return false;
}

static bool sync_folder(struct ctx *c, const char *path)
{
	return folder_sync(path)
	    || fail(c, ERR_STORAGE, NULL, "The folder %s cannot be written", path);
}

static bool make_folder(struct ctx *c, const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return true;
	return fail(c, errno == ENOSPC ? ERR_FULL : ERR_STORAGE, NULL,
	            "The folder %s cannot be made: %s", path, strerror(errno));
}

/* Create the file if it is not there; the folder is synced so that it stays. */
static bool create_file(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	const char *path = lite_path(s, c, f->org_id);
	const char *folder = f->org_id == 0
	                           ? arena_cstr(c->arena, s->store.data_dir)
	                           : arena_printf(c->arena, "%.*s/org", STR_ARG(s->store.data_dir)).p;
	struct lite_conn *conn;

	if (access(path, F_OK) == 0)
		return true;
	conn = lite_open(c, path, true, true);
	if (!conn)
		return false;
	conn->db.org_id = f->org_id;
	bool ok = lite_migrate(c, conn, &s->migrations, s->migrations.count);

	lite_close(conn);
	return ok && sync_folder(c, folder);
}

static bool lite_store_migrate(struct store *store, struct ctx *c, int64_t org_id)
{
	struct lite_store *s = store_of(store);
	struct lite_file *f = lite_file_get(s, org_id);
	bool ok;

	take_writer(s, f);
	ok = create_file(s, c, f) && ready_writer(s, c, f);
	give_writer(s, f);
	lite_file_put(s, f);
	return ok;
}

static int by_id(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static bool lite_orgs(struct store *store, struct ctx *c, struct store_orgs *out)
{
	DIR *dir = opendir(arena_printf(c->arena, "%.*s/org", STR_ARG(store->data_dir)).p);
	struct dirent *e;
	struct buf ids;
	int64_t id;

	if (!dir)
		return fail(c, ERR_STORAGE, NULL, "The folder of organisations cannot be read");
	buf_init(&ids, c->arena);
	while ((e = readdir(dir)) != NULL) {
		struct str name = str_from(e->d_name);

		if (str_ends(name, ".db") && id_parse(ID_ORG, str_slice(name, 0, name.n - 3), &id))
			buf_put(&ids, &id, sizeof(id));
	}
	closedir(dir);
	out->count = ids.n / sizeof(id);
	out->ids = ARENA_ARRAY(c->arena, int64_t, out->count);
	if (out->count > 0)
		memcpy(out->ids, ids.p, out->count * sizeof(id));
	qsort(out->ids, out->count, sizeof(id), by_id);
	return true;
}

static void lite_store_close(struct store *store)
{
	struct lite_store *s = store_of(store);

	lite_file_close_all(s);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	pthread_mutex_destroy(&s->lock);
	arena_release(&s->arena);
	free(s);
}

/* One process per data directory. The lock goes when the process does. */
static bool lock_folder(struct ctx *c, struct lite_store *s)
{
	const char *path = arena_printf(c->arena, "%.*s/lock", STR_ARG(s->store.data_dir)).p;

	s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return fail(c, ERR_STORAGE, NULL, "%s cannot be opened: %s", path, strerror(errno));
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(c, ERR_CONFLICT, NULL, "Another process uses the data directory %.*s",
		            STR_ARG(s->store.data_dir));
	return true;
}

static bool prepare_folder(struct ctx *c, struct lite_store *s)
{
	const char *dir = arena_cstr(c->arena, s->store.data_dir);

	if (s->read_only)
		return access(dir, R_OK) == 0 || no_such_org(c);
	return make_folder(c, dir) && make_folder(c, arena_printf(c->arena, "%s/org", dir).p)
	    && sync_folder(c, dir) && lock_folder(c, s);
}

struct lite_store *lite_store_new(struct ctx *c, const struct store_config *config)
{
	struct lite_store *s = calloc(1, sizeof(*s));

	CHECK(s != NULL && config->data_dir.n > 0);
	s->store.driver = &lite_store_driver;
	s->store.data_dir = arena_str(&s->arena, config->data_dir);
	s->read_only = config->read_only;
	s->lock_fd = -1;
	s->open_max = config->orgs_open_max > 0 ? (size_t)config->orgs_open_max : OPEN_MAX_DEFAULT;
	pthread_mutex_init(&s->lock, NULL);
	if (prepare_folder(c, s)
	    && migrations_load(c, &s->arena, config->migrations_dir, SQL_SQLITE, &s->migrations))
		return s;
	lite_store_close(&s->store);
	return NULL;
}

struct store *sqlite_store_open(struct ctx *c, const struct store_config *config)
{
	struct lite_store *s = lite_store_new(c, config);

	if (!s)
		return NULL;
	s->store.migration_count = s->migrations.count;
	if (s->read_only || lite_store_migrate(&s->store, c, 0))
		return &s->store;
	lite_store_close(&s->store);
	return NULL;
}

static const struct store_driver lite_store_driver = {
	.close = lite_store_close,
	.migrate = lite_store_migrate,
	.orgs = lite_orgs,
	.begin = lite_begin,
	.commit = lite_commit,
	.rollback = lite_rollback,
	.settle = lite_settle,
	.tend = lite_tend,
};
