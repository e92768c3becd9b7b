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

/* Failures need no answer: the WAL has everything, and whatever is wrong, the writer meets it. */
static void copy_pages(sqlite3 *h)
{
	sqlite3_wal_checkpoint_v2(h, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
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
		copy_pages(writer->h);
}

/* The first round takes so long that there is something for a second one. */
static void copy_most(struct lite_store *s, struct lite_file *f)
{
	struct arena a;
	struct ctx c = { .arena = &a };
	int64_t version;

	arena_init(&a);
	if (!f->copier)
		f->copier = lite_open(&c, lite_path(s, &c, f->org_id), true, false);
	/* It knows of the WAL when it has read something. */
	if (f->copier && lite_int(&c, f->copier, "PRAGMA user_version", &version)) {
		copy_pages(f->copier->h);
		copy_pages(f->copier->h);
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
