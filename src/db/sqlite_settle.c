/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/log.h"
#include "db/sqlite_checkpoint.h"
#include "db/sqlite_store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lite_mark(struct lite_store *s, struct lite_file *f, struct store_mark *out)
{
	pthread_mutex_lock(&s->lock);
	f->users++;
	*out = (struct store_mark){ f, ++f->committed };
	pthread_mutex_unlock(&s->lock);
}

void lite_give_up(const struct lite_file *f, const char *reason)
{
	log_event(LOG_ERROR, "the disk refused a commit", LOG_INT("org", f->org_id),
	          LOG_CSTR("reason", reason));
	abort();
}

/* With the lock: sync what has been committed so far, without it. */
static void sync_file(struct lite_store *s, struct lite_file *f)
{
	int64_t committed = f->committed;
	int fd = f->wal_fd;

	f->settling = true;
	pthread_mutex_unlock(&s->lock);
	while (fdatasync(fd) != 0)
		if (errno != EINTR)
			lite_give_up(f, strerror(errno));
	pthread_mutex_lock(&s->lock);
	f->settling = false;
	f->settled = committed;
	pthread_cond_broadcast(&f->at_rest);
}

void lite_settle(struct store *store, const struct store_mark *mark)
{
	struct lite_store *s = (struct lite_store *)store;
	struct lite_file *f = mark->file;

	pthread_mutex_lock(&s->lock);
	while (f->settled < mark->number) {
		if (f->settling)
			pthread_cond_wait(&f->at_rest, &s->lock);
		else
			sync_file(s, f);
	}
	pthread_mutex_unlock(&s->lock);
}

void lite_tend(struct store *store, const struct store_mark *mark)
{
	struct lite_store *s = (struct lite_store *)store;

	lite_checkpoint_most(s, mark->file);
	lite_file_put(s, mark->file);
}

/*
 * The file's last writer was closed or failed. Its commits that are not settled yet are in the
 * same WAL, or SQLite has brought them into the database file when it closed that.
 */
void lite_settled_by(struct lite_store *s, struct lite_file *f, int wal_fd)
{
	pthread_mutex_lock(&s->lock);
	while (f->settling)
		pthread_cond_wait(&f->at_rest, &s->lock);
	if (f->wal_fd >= 0)
		close(f->wal_fd);
	f->wal_fd = wal_fd;
	pthread_mutex_unlock(&s->lock);
}
