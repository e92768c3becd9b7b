/* SPDX-License-Identifier: Apache-2.0 */
#include "db/store.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/db_driver.h"
#include "db/fixture.h"
#include "db/sqlite_checkpoint.h"
#include "db/sqlite_store.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sql SQL_NOTE = { .text = "INSERT INTO only_here (org_id, note) VALUES ($1, $2)" };
static const struct sql SQL_NOTES = { .text = "SELECT count(*) FROM only_here WHERE org_id = $1" };

#define MB ((int64_t)1024 * 1024)
#define NOTE_MB 4
#define DUE_MB 32

static int64_t wal_mb(struct ctx *c, struct store *s)
{
	char id[ID_TEXT_MAX];
	struct stat st;

	id_format(ID_ORG, 1, id);
	EQ(stat(arena_printf(c->arena, "%.*s/org/%s.db-wal", STR_ARG(s->data_dir), id).p, &st), 0);
	return st.st_size / MB;
}

static struct str long_note(struct ctx *c)
{
	char *p = arena_alloc(c->arena, (size_t)(NOTE_MB * MB));

	memset(p, 'n', (size_t)(NOTE_MB * MB));
	return (struct str){ p, (size_t)(NOTE_MB * MB) };
}

static void write_notes(struct ctx *c, struct store *s, struct str note, int count)
{
	for (int i = 0; i < count; i++) {
		OK(fixture_write(c, s, 1));
		OK(db_exec(c, &SQL_NOTE, ARGS(val_str(note))));
		OK(fixture_commit(c, s));
	}
}

static int64_t notes(struct ctx *c)
{
	int64_t n = -1;

	OK(db_int(c, &SQL_NOTES, NO_ARGS, &n));
	return n;
}

TEST(a_wal_is_copied_beside_the_writer_and_begins_anew)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);

	write_notes(c, s, long_note(c), 4 * DUE_MB / NOTE_MB);
	OK(wal_mb(c, s) >= DUE_MB - NOTE_MB);
	OK(wal_mb(c, s) <= DUE_MB + 3 * NOTE_MB);
	OK(fixture_read(c, s, 1));
	EQ(notes(c), 4 * DUE_MB / NOTE_MB);
	store_rollback(s, c->db);
}

TEST(a_reader_keeps_what_it_sees_and_the_wal_grows_as_long)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct ctx other = { .arena = c->arena };
	struct str note = long_note(c);

	write_notes(c, s, note, 1);
	OK(fixture_read(&other, s, 1));
	EQ(notes(&other), 1);
	write_notes(c, s, note, 2 * DUE_MB / NOTE_MB);
	EQ(notes(&other), 1);
	OK(wal_mb(c, s) >= 2 * DUE_MB);
	store_rollback(s, other.db);
	write_notes(c, s, note, 2);
	/* truncated to journal_size_limit when it began anew */
	OK(wal_mb(c, s) <= 64);
}

/*
 * What a writer does while the copier is at the two places where SQLite before 3.51.3 can be
 * misled: before it locks, the writer commits and brings everything home; between its look at the
 * WAL and what it does with that, the writer commits again, and would begin the WAL anew.
 */
static struct meeting {
	struct ctx c;
	struct store *s;
	struct lite_file *f;
	struct str note;
	int (*lock)(sqlite3_file *file, int offset, int n, int flags);
	int (*unfetch)(sqlite3_file *file, sqlite3_int64 offset, void *p);
	int commits;
} meeting;

#define CHECKPOINT_LOCK 1 /* https://www.sqlite.org/walformat.html, "WAL Locks" */

static void commit_meanwhile(void)
{
	write_notes(&meeting.c, meeting.s, meeting.note, 1);
	meeting.commits++;
}

static int before_lock(sqlite3_file *file, int offset, int n, int flags)
{
	if (offset == CHECKPOINT_LOCK && (flags & SQLITE_SHM_LOCK) && meeting.commits == 0) {
		commit_meanwhile();
		sqlite3_wal_checkpoint_v2(meeting.f->writer->h, "main", SQLITE_CHECKPOINT_PASSIVE,
		                          NULL, NULL);
	}
	return meeting.lock(file, offset, n, flags);
}

static int after_look(sqlite3_file *file, sqlite3_int64 offset, void *p)
{
	if (meeting.commits == 1)
		commit_meanwhile();
	return meeting.unfetch(file, offset, p);
}

static void meet(struct ctx *c, struct store *s, struct lite_file *f)
{
	sqlite3_io_methods *m = &f->copier->still.methods;

	meeting = (struct meeting){ { .arena = c->arena }, s, f, STR("short"), m->xShmLock,
		                    m->xUnfetch, 0 };
	m->xShmLock = before_lock;
	m->xUnfetch = after_look;
}

static void copy_now(struct store *s, struct lite_file *f)
{
	f->copied = COPIED_NOTHING;
	f->due_pages = 0;
	lite_checkpoint_most((struct lite_store *)s, f);
	f->copied = COPIED_NOTHING;
}

static void check_file(struct ctx *c, struct store *s)
{
	sqlite3_stmt *check;
	sqlite3 *h;

	EQ(sqlite3_open_v2(lite_path((struct lite_store *)s, c, 1), &h, SQLITE_OPEN_READONLY, NULL),
	   SQLITE_OK);
	EQ(sqlite3_prepare_v2(h, "PRAGMA integrity_check", -1, &check, NULL), SQLITE_OK);
	EQ(sqlite3_step(check), SQLITE_ROW);
	EQ_STR(str_from((const char *)sqlite3_column_text(check, 0)), "ok");
	sqlite3_finalize(check);
	sqlite3_close(h);
}

TEST(a_writer_that_meets_the_copier_loses_nothing)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct lite_file *f = lite_file_get((struct lite_store *)s, 1);

	write_notes(c, s, STR("short"), 1);
	copy_now(s, f); /* opens what it needs */
	write_notes(c, s, long_note(c), 1);
	meet(c, s, f);
	copy_now(s, f);
	EQ(meeting.commits, 2);
	write_notes(c, s, long_note(c), 2);
	copy_now(s, f);
	write_notes(c, s, STR("short"), 3);
	lite_file_put((struct lite_store *)s, f);
	check_file(c, s);
	OK(fixture_read(c, s, 1));
	EQ(notes(c), 9);
	store_rollback(s, c->db);
}

static int no_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return SQLITE_IOERR_FSYNC;
}

/* Asked again, the system would say that all is well. */
TEST(pages_that_a_sync_did_not_bring_home_end_the_program)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct lite_file *f = lite_file_get((struct lite_store *)s, 1);
	int status = 0;
	pid_t child;

	write_notes(c, s, STR("short"), 1);
	copy_now(s, f);
	write_notes(c, s, STR("short"), 1);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		OK(freopen("/dev/null", "w", stderr));
		f->copier->still.methods.xSync = no_sync;
		copy_now(s, f);
		_exit(0);
	}
	EQ(waitpid(child, &status, 0), child);
	OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	lite_file_put((struct lite_store *)s, f);
}

static struct store *open_with_org(struct ctx *c, const struct store_config *config)
{
	struct store *s = store_open(c, config);

	OK(s && store_migrate(s, c, 1));
	return s;
}

/* What it would write behind pages that are not on the disk would be lost with them. */
TEST(what_a_killed_process_left_in_a_wal_goes_home_before_anything_is_written)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct lite_file *f;
	struct store *s;
	pid_t child = fork();

	if (child == 0) {
		s = open_with_org(c, &config);
		write_notes(c, s, long_note(c), 1);
		_exit(0);
	}
	EQ(waitpid(child, NULL, 0), child);
	s = store_open(c, &config);
	OK(s);
	OK(wal_mb(c, s) >= NOTE_MB);
	write_notes(c, s, STR("short"), 1);
	f = lite_file_get((struct lite_store *)s, 1);
	OK(f->wal_pages < 10);
	lite_file_put((struct lite_store *)s, f);
	OK(fixture_read(c, s, 1));
	EQ(notes(c), 2);
	store_rollback(s, c->db);
	store_close(s);
}
