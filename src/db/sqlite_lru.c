/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "db/sqlite_store.h"

#include <stdlib.h>
#include <unistd.h>

#define IDLE_NS (30LL * 1000000000) /* after this a file keeps only its writer, without its caches */

static struct lite_file **slot_of(struct lite_store *s, int64_t org_id)
{
	uint64_t hash = (uint64_t)org_id * 0x9E3779B97F4A7C15u;

	return &s->slots[(hash >> 32) % LITE_SLOTS];
}

static void unlink_age(struct lite_store *s, struct lite_file *f)
{
	if (s->oldest_warm == f)
		s->oldest_warm = f->newer;
	*(f->newer ? &f->newer->older : &s->newest) = f->older;
	*(f->older ? &f->older->newer : &s->oldest) = f->newer;
	f->newer = f->older = NULL;
}

static void link_newest(struct lite_store *s, struct lite_file *f)
{
	f->older = s->newest;
	*(f->older ? &f->older->newer : &s->oldest) = f;
	s->newest = f;
	if (!s->oldest_warm)
		s->oldest_warm = f;
}

static void close_list(struct lite_conn *conn)
{
	while (conn) {
		struct lite_conn *next = conn->next;

		lite_close(conn);
		conn = next;
	}
}

static void file_free(struct lite_file *f)
{
	CHECK(f->users == 0 && !f->writer_taken);
	close_list(f->readers);
	lite_close(f->copier);
	lite_close(f->keeper);
	lite_close(f->writer); /* last, so that it can fold the WAL into the file */
	if (f->wal_fd >= 0)
		close(f->wal_fd);
	pthread_cond_destroy(&f->changed);
	pthread_cond_destroy(&f->at_rest);
	free(f);
}

/* Take a file out of the tables. */
static struct lite_file *forget(struct lite_store *s, struct lite_file *f)
{
	struct lite_file **at = slot_of(s, f->org_id);

	while (*at != f)
		at = &(*at)->next_in_slot;
	*at = f->next_in_slot;
	unlink_age(s, f);
	s->open_count--;
	return f;
}

/* The least recently used file nobody uses, when too many are open. */
static struct lite_file *pick_excess(struct lite_store *s)
{
	if (s->open_count <= s->open_max)
		return NULL;
	for (struct lite_file *f = s->oldest; f; f = f->newer)
		if (f->users == 0)
			return f;
	return NULL;
}

/* A file nobody has used for a while and that still has its caches. */
static struct lite_file *pick_idle(struct lite_store *s)
{
	struct lite_file *f = s->oldest_warm;

	if (!f || f->users > 0 || clock_mono_ns() - f->used_ns < IDLE_NS)
		return NULL;
	s->oldest_warm = f->newer;
	return f;
}

static void cool(struct lite_conn *readers, struct lite_conn *writer)
{
	close_list(readers);
	if (writer) {
		sql_cache_clear(&writer->cache);
		sqlite3_db_release_memory(writer->h);
	}
}

/*
 * Close or cool one file that is not in use. While that goes on the file looks
 * in use and its writer taken, so that nobody opens a second writer beside it.
 */
static void tend(struct lite_store *s)
{
	pthread_mutex_lock(&s->lock);
	struct lite_file *f = pick_excess(s);
	bool excess = f != NULL;

	if (!f)
		f = pick_idle(s);
	if (!f) {
		pthread_mutex_unlock(&s->lock);
		return;
	}
	struct lite_conn *readers = f->readers, *writer = f->writer;
	struct lite_conn *copier = f->copier, *keeper = f->keeper;

	f->readers = f->copier = f->keeper = NULL;
	f->reader_count = 0;
	f->writer = excess ? NULL : writer;
	f->users++;
	f->writer_taken = true;
	pthread_mutex_unlock(&s->lock);

	cool(readers, writer);
	lite_close(copier);
	lite_close(keeper);
	if (excess)
		lite_close(writer);

	pthread_mutex_lock(&s->lock);
	f->users--;
	f->writer_taken = false;
	pthread_cond_broadcast(&f->changed);
	if (excess && f->users == 0)
		file_free(forget(s, f));
	pthread_mutex_unlock(&s->lock);
}

static struct lite_file *find(struct lite_store *s, int64_t org_id)
{
	struct lite_file *f = *slot_of(s, org_id);

	while (f && f->org_id != org_id)
		f = f->next_in_slot;
	return f;
}

static struct lite_file *add(struct lite_store *s, int64_t org_id)
{
	struct lite_file *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	f->org_id = org_id;
	f->used_ns = clock_mono_ns();
	f->wal_fd = -1;
	f->due_pages = INT64_MAX;
	pthread_cond_init(&f->changed, NULL);
	pthread_cond_init(&f->at_rest, NULL);
	f->next_in_slot = *slot_of(s, org_id);
	*slot_of(s, org_id) = f;
	s->open_count++;
	return f;
}

struct lite_file *lite_file_get(struct lite_store *s, int64_t org_id)
{
	struct lite_file *f;

	pthread_mutex_lock(&s->lock);
	f = find(s, org_id);
	if (f)
		unlink_age(s, f);
	else
		f = add(s, org_id);
	link_newest(s, f);
	f->users++;
	pthread_mutex_unlock(&s->lock);
	tend(s);
	return f;
}

void lite_file_put(struct lite_store *s, struct lite_file *f)
{
	pthread_mutex_lock(&s->lock);
	CHECK(f->users > 0);
	f->users--;
	f->used_ns = clock_mono_ns();
	pthread_mutex_unlock(&s->lock);
	tend(s);
}

void lite_file_close_all(struct lite_store *s)
{
	while (s->oldest)
		file_free(forget(s, s->oldest));
}
