/* SPDX-License-Identifier: Apache-2.0 */
#include "click/segment.h"
#include "click/record.h"
#include "base/check.h"
#include "base/id.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 32
#define DIGITS 10
#define NUMBER_MAX 9999999999LL

static const char magic[8] = "pdclick1";

static void segment_name(int64_t number, const char *ending, char out[NAME_MAX_BYTES])
{
	snprintf(out, NAME_MAX_BYTES, "%0*lld.%s", DIGITS, (long long)number, ending);
}

static bool parse_name(const char *name, int64_t *out)
{
	struct str s = str_from(name);

	return s.n == DIGITS + 4 && str_ends(s, ".log")
	    && str_to_int(str_slice(s, 0, DIGITS), out) && *out >= 0;
}

static bool write_all(int fd, const void *p, size_t n, off_t at)
{
	for (const char *from = p; n > 0;) {
		ssize_t done = pwrite(fd, from, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		from += done;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static bool storage_failed(struct ctx *c, const char *what)
{
	return fail(c, ERR_STORAGE, NULL, "click journal: %s: %s", what, strerror(errno));
}

static bool meta_create(struct ctx *c, struct segment_dir *d, int64_t segment_bytes)
{
	int fd = openat(d->fd, "meta.new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	memcpy(d->meta.magic, magic, sizeof(magic));
	d->meta.journal_id = id_new();
	d->meta.segment_bytes = segment_bytes;
	randombytes_buf(d->meta.secret, sizeof(d->meta.secret));
	bool ok = fd >= 0 && write_all(fd, &d->meta, sizeof(d->meta), 0) && fsync(fd) == 0
	       && renameat(d->fd, "meta.new", d->fd, "meta") == 0 && fsync(d->fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok || storage_failed(c, "cannot create meta");
}

static bool meta_valid(const struct segment_meta *m)
{
	return memcmp(m->magic, magic, sizeof(magic)) == 0 && m->journal_id > 0 && m->hint >= 0
	    && m->segment_bytes >= SEGMENT_MIN_BYTES && m->segment_bytes <= SEGMENT_MAX_BYTES
	    && m->segment_bytes % 4096 == 0;
}

static bool meta_open(struct ctx *c, struct segment_dir *d, int64_t segment_bytes)
{
	if (faccessat(d->fd, "meta", F_OK, 0) != 0 && !meta_create(c, d, segment_bytes))
		return false;
	d->meta_fd = openat(d->fd, "meta", O_RDWR | O_CLOEXEC);
	if (d->meta_fd < 0)
		return storage_failed(c, "cannot open meta");
	if (flock(d->meta_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(c, ERR_CONFLICT, NULL, "click journal: another process works on it");
	if (pread(d->meta_fd, &d->meta, sizeof(d->meta), 0) != sizeof(d->meta)
	    || !meta_valid(&d->meta))
		return fail(c, ERR_STORAGE, NULL,
			    "click journal: meta is damaged or of another version");
	return true;
}

bool segment_dir_open(struct ctx *c, struct str path, int64_t segment_bytes,
		      struct segment_dir *out)
{
	const char *name = arena_cstr(c->arena, path);

	*out = (struct segment_dir){ .fd = -1, .meta_fd = -1 };
	if (mkdir(name, 0700) != 0 && errno != EEXIST)
		return storage_failed(c, "cannot create its directory");
	out->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd < 0)
		return storage_failed(c, "cannot open its directory");
	if (meta_open(c, out, segment_bytes))
		return true;
	segment_dir_close(out);
	return false;
}

void segment_dir_close(struct segment_dir *d)
{
	if (d->meta_fd >= 0)
		close(d->meta_fd);
	if (d->fd >= 0)
		close(d->fd);
	d->fd = d->meta_fd = -1;
	sodium_memzero(d->meta.secret, sizeof(d->meta.secret));
}

/* Only a hint: what a power failure takes of it is read once more. */
void segment_dir_hint(struct segment_dir *d, int64_t pos)
{
	if (pos == d->meta.hint)
		return;
	d->meta.hint = pos;
	(void)write_all(d->meta_fd, &pos, sizeof(pos), offsetof(struct segment_meta, hint));
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool segment_list(struct ctx *c, const struct segment_dir *d, int64_t **out, size_t *out_count)
{
	int fd = openat(d->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct buf numbers;
	int64_t number;

	if (!dir)
		return storage_failed(c, "cannot read its directory");
	buf_init(&numbers, c->arena);
	for (const struct dirent *e; (e = readdir(dir));)
		if (parse_name(e->d_name, &number))
			buf_put(&numbers, &number, sizeof(number));
		else if (str_ends(str_from(e->d_name), ".new"))
			(void)unlinkat(d->fd, e->d_name, 0); /* a killed process was making it */
	closedir(dir);
	*out_count = numbers.n / sizeof(number);
	*out = ARENA_ARRAY(c->arena, int64_t, *out_count + 1);
	if (numbers.n)
		memcpy(*out, numbers.p, numbers.n);
	qsort(*out, *out_count, sizeof(number), by_number);
	return true;
}

static bool fill_with_zeros(int fd, int64_t bytes)
{
	static const char zeros[65536];

	for (int64_t at = 0; at < bytes; at += (int64_t)sizeof(zeros)) {
		int64_t n =
			bytes - at < (int64_t)sizeof(zeros) ? bytes - at : (int64_t)sizeof(zeros);

		if (!write_all(fd, zeros, (size_t)n, at))
			return false;
	}
	return true;
}

static bool map_file(int fd, size_t size, int protection, struct segment *s)
{
	s->size = size / RECORD_UNIT * RECORD_UNIT;
	void *map = s->size ? mmap(NULL, s->size, protection, MAP_SHARED, fd, 0) : NULL;

	if (map == MAP_FAILED)
		return false;
	s->map = map;
	return true;
}

bool segment_create(const struct segment_dir *d, int64_t number, struct segment *out)
{
	char name[NAME_MAX_BYTES], new_name[NAME_MAX_BYTES];
	int64_t bytes = d->meta.segment_bytes;
	struct segment s = { .number = number };

	CHECK(number <= NUMBER_MAX);
	segment_name(number, "log", name);
	segment_name(number, "new", new_name);
	int fd = openat(d->fd, new_name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	errno = posix_fallocate(fd, 0, bytes);
	bool ok = errno == 0 && fill_with_zeros(fd, bytes) && fsync(fd) == 0
	       && renameat(d->fd, new_name, d->fd, name) == 0 && fsync(d->fd) == 0
	       && map_file(fd, (size_t)bytes, PROT_READ | PROT_WRITE, &s);
	int why = errno;

	close(fd);
	if (ok)
		*out = s;
	else
		(void)unlinkat(d->fd, new_name, 0);
	errno = why;
	return ok;
}

bool segment_map(const struct segment_dir *d, int64_t number, struct segment *out)
{
	char name[NAME_MAX_BYTES];
	struct segment s = { .number = number };
	struct stat st;

	segment_name(number, "log", name);
	int fd = openat(d->fd, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool ok = fstat(fd, &st) == 0;
	int64_t bytes =
		ok && st.st_size < d->meta.segment_bytes ? st.st_size : d->meta.segment_bytes;

	ok = ok && map_file(fd, (size_t)bytes, PROT_READ, &s);
	close(fd);
	if (ok)
		*out = s;
	return ok;
}

void segment_unmap(struct segment *s)
{
	if (s->map)
		munmap(s->map, s->size);
	s->map = NULL;
}

void segment_remove(const struct segment_dir *d, struct segment *s)
{
	char name[NAME_MAX_BYTES];

	segment_unmap(s);
	segment_name(s->number, "log", name);
	(void)unlinkat(d->fd, name, 0);
}
