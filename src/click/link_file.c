/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_file.h"
#include "click/link_file_io.h"
#include "base/check.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 48
#define LOG_MAX_BYTES ((int64_t)32 << 20) /* then a new base is due */

struct link_file {
	struct link_table *table;
	int dir_fd;
	char boot[LINK_FILE_BOOT_BYTES];
	pthread_mutex_t log_lock; /* taken with the table locked, never the other way round */
	/* fd -1: not followed, because nothing on disk is to be believed */
	struct link_out log;
	int64_t generation;       /* of the log */

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool due, stop;
	bool keeps;               /* the thread runs */
	bool guards;              /* only forgets the files at the first change */
};

/* ---- names */

static void file_name(int64_t generation, const char *ending, char out[NAME_BYTES])
{
	snprintf(out, NAME_BYTES, "links-%010lld.%s", (long long)generation, ending);
}

static bool parse_name(const char *name, const char *ending, int64_t *out)
{
	struct str s = str_from(name);

	return s.n == 6 + 10 + 1 + strlen(ending) && str_starts(s, "links-") && str_ends(s, ending)
	    && str_to_int(str_slice(s, 6, 10), out) && *out >= 0;
}

/* Into the table; *out_last is how the file ends. False if it is not there. */
static bool read_file(struct link_file *f, const char *name, enum link_file_op *out_last,
                      bool *out_same_boot)
{
	struct link_entry e;
	struct link_in in;
	enum link_file_op op;

	*out_last = LINK_FILE_NOTHING;
	if (!link_in_open(&in, f->dir_fd, name))
		return false;
	*out_same_boot = f->boot[0] && memcmp(in.boot, f->boot, sizeof(f->boot)) == 0;
	while ((op = link_in_next(&in, &e)) != LINK_FILE_NOTHING) {
		*out_last = op;
		if (op == LINK_FILE_ADD)
			(void)link_table_add(f->table, &e);
		else if (op == LINK_FILE_REMOVE)
			(void)link_table_remove(f->table, &e);
	}
	link_in_close(&in);
	return true;
}

/* ---- which files there are */

struct found {
	int64_t base, last; /* generations; -1: none */
};

static struct found look(struct link_file *f, int64_t remove_below)
{
	struct found found = { -1, -1 };
	int fd = openat(f->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int64_t g;

	for (const struct dirent *e; dir && (e = readdir(dir));) {
		bool base = parse_name(e->d_name, "base", &g);

		if (!base && !parse_name(e->d_name, "log", &g) && !parse_name(e->d_name, "tmp", &g))
			continue;
		if (g < remove_below)
			(void)unlinkat(f->dir_fd, e->d_name, 0);
		if (base && g > found.base)
			found.base = g;
		if (g > found.last)
			found.last = g;
	}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * A newest log without a byte: the process was killed while it began that log, so nothing is in
 * it yet. Whether the logs before it count is theirs to say.
 */
static void forget_empty(struct link_file *f, struct found *found)
{
	char name[NAME_BYTES];
	struct stat st;

	file_name(found->last, "log", name);
	if (found->last > found->base && fstatat(f->dir_fd, name, &st, 0) == 0 && st.st_size == 0
	    && unlinkat(f->dir_fd, name, 0) == 0)
		found->last--;
}

/* Base and logs into the table; true if nothing can be missing. */
static bool restore(struct link_file *f, struct found found)
{
	char name[NAME_BYTES];
	enum link_file_op last;
	bool trusted, same_boot;

	if (found.base < 0)
		return false;
	file_name(found.base, "base", name);
	trusted = read_file(f, name, &last, &same_boot) && last == LINK_FILE_END;
	for (int64_t g = found.base; g <= found.last; g++) {
		file_name(g, "log", name);
		trusted = read_file(f, name, &last, &same_boot)
		       && (same_boot || last == LINK_FILE_CLEAN) && trusted;
	}
	return trusted;
}

/* ---- a new base */

static void put_link(void *arg, const struct link_entry *e)
{
	link_out_put(arg, LINK_FILE_ADD, e);
}

/* All links into a file of their own; the table may rearrange itself meanwhile. */
static bool write_links(struct link_file *f, const char *name, struct link_out *o)
{
	while (link_out_open(o, f->dir_fd, name)) {
		if (link_table_each(f->table, put_link, o))
			return true;
		link_out_close(o);
	}
	return false;
}

static bool write_base(struct link_file *f, int64_t generation)
{
	static const struct link_entry nothing;
	char name[NAME_BYTES], tmp[NAME_BYTES];
	struct link_out o;

	file_name(generation, "base", name);
	file_name(generation, "tmp", tmp);
	bool ok = write_links(f, tmp, &o);

	if (ok) {
		link_out_put(&o, LINK_FILE_END, &nothing);
		ok = link_out_flush(&o) && fsync(o.fd) == 0
		  && renameat(f->dir_fd, tmp, f->dir_fd, name) == 0 && fsync(f->dir_fd) == 0;
	}
	if (!ok)
		(void)unlinkat(f->dir_fd, tmp, 0);
	link_out_close(&o);
	return ok;
}

/* ---- following the changes */

/* A log that lacks a change must not be believed, and without a base nothing is. */
static void give_up(struct link_file *f)
{
	link_out_close(&f->log);
	(void)look(f, INT64_MAX);
	log_event(LOG_WARN, "links cannot be kept on disk; the next start reads the databases");
}

static void wake_up(struct link_file *f)
{
	pthread_mutex_lock(&f->lock);
	f->due = true;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
}

/* With the table locked. */
static void changed(void *arg, const struct link_entry *e, bool removed)
{
	struct link_file *f = arg;

	pthread_mutex_lock(&f->log_lock);
	int64_t before = f->log.written;

	if (f->guards) {
		(void)look(f, INT64_MAX);
		f->guards = false;
	}
	if (f->log.fd >= 0) {
		link_out_put(&f->log, removed ? LINK_FILE_REMOVE : LINK_FILE_ADD, e);
		if (!link_out_flush(&f->log))
			give_up(f);
		else if (before < LOG_MAX_BYTES && f->log.written >= LOG_MAX_BYTES)
			wake_up(f);
	}
	pthread_mutex_unlock(&f->log_lock);
}

/* From now on changes go to a fresh log; the old one counts until a base replaces it. */
static bool next_log(struct link_file *f)
{
	char name[NAME_BYTES];
	struct link_out fresh;

	file_name(f->generation + 1, "log", name);
	bool ok = link_out_open(&fresh, f->dir_fd, name) && fsync(f->dir_fd) == 0;

	if (!ok) {
		link_out_close(&fresh);
		return false;
	}
	pthread_mutex_lock(&f->log_lock);
	link_out_close(&f->log);
	f->log = fresh;
	f->generation++;
	pthread_mutex_unlock(&f->log_lock);
	return true;
}

static void rebase(struct link_file *f)
{
	if (next_log(f) && write_base(f, f->generation))
		(void)look(f, f->generation);
	else
		log_event(LOG_WARN, "links could not be written to disk");
}

static void *keep(void *arg)
{
	struct link_file *f = arg;

	pthread_mutex_lock(&f->lock);
	while (!f->stop) {
		if (!f->due) {
			pthread_cond_wait(&f->wake, &f->lock);
			continue;
		}
		f->due = false;
		pthread_mutex_unlock(&f->lock);
		rebase(f);
		pthread_mutex_lock(&f->lock);
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

void link_file_rebase(struct link_file *f)
{
	if (f)
		wake_up(f);
}

/* ---- life */

static struct link_file *file_new(struct ctx *c, struct str dir, struct link_table *t)
{
	int fd = open(arena_cstr(c->arena, dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		fail(c, ERR_STORAGE, NULL, "links: %.*s: %s", STR_ARG(dir), strerror(errno));
		return NULL;
	}
	struct link_file *f = calloc(1, sizeof(*f));

	CHECK(f);
	f->table = t;
	f->dir_fd = fd;
	f->log.fd = -1;
	pthread_mutex_init(&f->log_lock, NULL);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->wake, NULL);
	link_file_boot(f->boot);
	return f;
}

struct link_file *link_file_open(struct ctx *c, struct str dir, struct link_table *t,
                                 bool *out_trusted)
{
	struct link_file *f = file_new(c, dir, t);

	if (!f)
		return NULL;
	struct found found = look(f, 0);

	forget_empty(f, &found);
	f->generation = found.last;
	*out_trusted = restore(f, found) && next_log(f);
	if (!*out_trusted)
		(void)look(f, INT64_MAX);
	link_table_on_change(t, changed, f);
	f->keeps = true;
	CHECK(pthread_create(&f->thread, NULL, keep, f) == 0);
	return f;
}

struct link_file *link_file_guard(struct ctx *c, struct str dir, struct link_table *t)
{
	struct link_file *f = file_new(c, dir, t);

	if (f) {
		f->guards = true;
		link_table_on_change(t, changed, f);
	}
	return f;
}

void link_file_close(struct link_file *f)
{
	static const struct link_entry nothing;

	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_signal(&f->wake);
	pthread_mutex_unlock(&f->lock);
	if (f->keeps)
		pthread_join(f->thread, NULL);
	link_table_on_change(f->table, NULL, NULL);
	if (f->log.fd >= 0) {
		link_out_put(&f->log, LINK_FILE_CLEAN, &nothing);
		(void)(link_out_flush(&f->log) && fsync(f->log.fd));
	}
	link_out_close(&f->log);
	pthread_mutex_destroy(&f->log_lock);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->wake);
	close(f->dir_fd);
	free(f);
}
