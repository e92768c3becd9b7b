/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_checkpoint.h"
#include "db/sqlite_store.h"

#define DUE_PAGES 8000   /* 32 MB: pages that change often are copied seldom */
#define AGAIN_PAGES 1000 /* more, when not all could be copied */

static int note_pages(void *writer, sqlite3 *h, const char *name, int pages)
{
	(void)h;
	(void)name;
	((struct lite_conn *)writer)->wal_pages = pages;
	return SQLITE_OK;
}

void lite_checkpoint_watch(struct lite_conn *writer)
{
	sqlite3_wal_hook(writer->h, note_pages, writer);
}

static bool is_unsynced(int rc)
{
	return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

/* What can be copied beside readers and a writer; never waits. */
static int copy_wal(sqlite3 *h)
{
	return sqlite3_wal_checkpoint_v2(h, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/*
 * Most failures need no answer: the WAL has everything, and whatever is wrong, the writer meets it.
 * But pages that a sync did not bring to disk would pass for copied at the next one.
 */
static void copy_pages(const struct lite_file *f, sqlite3 *h)
{
	int rc = copy_wal(h);

	if (is_unsynced(rc))
		lite_give_up(f, sqlite3_errstr(rc));
}

bool lite_checkpoint_first(struct ctx *c, struct lite_conn *writer)
{
	int rc = copy_wal(writer->h);

	return !is_unsynced(rc) || lite_fail(c, writer, rc, "copy the WAL");
}

void lite_checkpoint_finish(struct lite_store *s, struct lite_conn *writer)
{
	struct lite_file *f = writer->file;
	bool finish;

	pthread_mutex_lock(&s->lock);
	f->wal_pages = writer->wal_pages;
	finish = f->copied == COPIED_MOST;
	if (finish)
		f->copied = COPIED_NOTHING;
	if (f->wal_pages < DUE_PAGES)
		f->due_pages = DUE_PAGES;
	pthread_mutex_unlock(&s->lock);
	if (finish)
		copy_pages(f, writer->h);
}

static bool open_both(struct lite_store *s, struct ctx *c, struct lite_file *f)
{
	const char *path = lite_path(s, c, f->org_id);

	if (!f->keeper)
		f->keeper = lite_open(c, path, false, false);
	if (!f->copier)
		f->copier = lite_open(c, path, true, false);
	return f->keeper && f->copier;
}

/*
 * From here to let_go() the WAL is not begun anew, for somebody reads from it. Not so where all is
 * home already: then readers read the file alone, and there is nothing to copy.
 */
static bool hold(struct ctx *c, struct lite_conn *keeper)
{
	int64_t version;

	return lite_run(c, keeper, "BEGIN") && lite_int(c, keeper, "PRAGMA user_version", &version)
	    && !still_holds(&keeper->still);
}

static void let_go(struct ctx *c, struct lite_conn *keeper)
{
	if (!sqlite3_get_autocommit(keeper->h))
		lite_run(c, keeper, "COMMIT");
}

static void copy_held(struct ctx *c, struct lite_file *f)
{
	int64_t version;

	/* The copier knows of the WAL when it has read something. */
	if (hold(c, f->keeper) && lite_int(c, f->copier, "PRAGMA user_version", &version))
		copy_pages(f, f->copier->h);
	let_go(c, f->keeper);
}

/* The first round takes so long that there is something for a second one. */
static void copy_most(struct lite_store *s, struct lite_file *f)
{
	struct arena a;
	struct ctx c = { .arena = &a };

	arena_init(&a);
	if (open_both(s, &c, f)) {
		copy_held(&c, f);
		copy_held(&c, f);
	}
	arena_release(&a);
}

void lite_checkpoint_most(struct lite_store *s, struct lite_file *f)
{
	bool due;

	pthread_mutex_lock(&s->lock);
	due = f->copied == COPIED_NOTHING && f->wal_pages >= f->due_pages;
	if (due) {
		f->copied = COPYING;
		f->due_pages = f->wal_pages + AGAIN_PAGES;
	}
	pthread_mutex_unlock(&s->lock);
	if (!due)
		return;
	copy_most(s, f);
	pthread_mutex_lock(&s->lock);
	f->copied = COPIED_MOST;
	pthread_mutex_unlock(&s->lock);
}
