/* SPDX-License-Identifier: Apache-2.0 */
#include "db/tar.h"
#include "base/buf.h"
#include "base/check.h"
#include "db/folder.h"
#include "db/tar_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_failed(struct ctx *c)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return fail(c, ERR_FULL, NULL, "There is no room left for the backup");
	return fail(c, ERR_STORAGE, NULL, "The backup cannot be written: %s", strerror(errno));
}

struct tar *tar_create(struct ctx *c, struct str path)
{
	struct tar *t = calloc(1, sizeof(*t));
	int fd;

	CHECK(t != NULL);
	arena_init(&t->arena);
	buf_init(&t->sums, &t->arena);
	t->path = arena_cstr(&t->arena, path);
	t->part = arena_printf(&t->arena, "%.*s.part", STR_ARG(path)).p;
	t->writing = true;
	if (access(t->path, F_OK) == 0) {
		fail(c, ERR_CONFLICT, NULL, "There is a file %s already", t->path);
		goto out;
	}
	fd = open(t->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && (t->f = fdopen(fd, "w")) != NULL)
		return t;
	write_failed(c);
	if (fd >= 0)
		close(fd);
out:
	tar_free(t);
	return NULL;
}

static bool put(struct ctx *c, struct tar *t, const void *p, size_t n)
{
	return n == 0 || fwrite(p, 1, n, t->f) == n || write_failed(c);
}

/* Numbers are octal texts; sizes too long for that are big-endian behind a byte 0x80. */
static void put_number(char *field, size_t n, uint64_t value)
{
	if (n == 12 && value >= (uint64_t)1 << 33) {
		for (size_t i = n - 1; i > 0; i--, value >>= 8)
			field[i] = (char)(value & 0xFF);
		field[0] = (char)0x80;
		return;
	}
	snprintf(field, n, "%0*llo", (int)n - 1, (unsigned long long)value);
}

static struct tar_header header_of(const char *name, uint64_t size, bool folder)
{
	struct tar_header h = { 0 };
	unsigned sum = 0;

	CHECK(strlen(name) < sizeof(h.name));
	memcpy(h.name, name, strlen(name));
	put_number(h.mode, sizeof(h.mode), folder ? 0700 : 0600);
	put_number(h.uid, sizeof(h.uid), 0);
	put_number(h.gid, sizeof(h.gid), 0);
	put_number(h.size, sizeof(h.size), size);
	put_number(h.mtime, sizeof(h.mtime), 0);
	h.type = folder ? '5' : '0';
	memcpy(h.magic, "ustar", 6);
	memcpy(h.version, "00", 2);
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof(h.checksum), "%06o", sum);
	h.checksum[7] = ' ';
	return h;
}

bool tar_begin(struct ctx *c, struct tar *t, const char *name)
{
	struct tar_header h = { 0 };

	CHECK(t->writing && !t->in_entry && strlen(name) < sizeof(t->name));
	memcpy(t->name, name, strlen(name) + 1);
	t->in_entry = true;
	t->size = 0;
	crypto_hash_sha256_init(&t->hash);
	return put(c, t, &h, sizeof(h)); /* the true one comes when the size is known */
}

bool tar_write(struct ctx *c, struct tar *t, const void *p, size_t n)
{
	CHECK(t->in_entry);
	t->size += n;
	crypto_hash_sha256_update(&t->hash, p, n);
	return put(c, t, p, n);
}

static bool put_at(struct ctx *c, struct tar *t, const struct tar_header *h, off_t at)
{
	if (fflush(t->f) != 0 || fseeko(t->f, at, SEEK_SET) != 0)
		return write_failed(c);
	return put(c, t, h, sizeof(*h))
	    && (fseeko(t->f, 0, SEEK_END) == 0 || write_failed(c));
}

bool tar_end(struct ctx *c, struct tar *t)
{
	static const char zeros[TAR_BLOCK];
	struct tar_header h = header_of(t->name, t->size, false);
	size_t padding = (TAR_BLOCK - t->size % TAR_BLOCK) % TAR_BLOCK;
	off_t at = ftello(t->f) - (off_t)t->size - (off_t)sizeof(h);

	CHECK(t->in_entry);
	t->in_entry = false;
	tar_note_sum(t);
	return put(c, t, zeros, padding) && put_at(c, t, &h, at);
}

bool tar_folder(struct ctx *c, struct tar *t, const char *name)
{
	struct tar_header h = header_of(name, 0, true);

	CHECK(t->writing && !t->in_entry);
	return put(c, t, &h, sizeof(h));
}

bool tar_finish(struct ctx *c, struct tar *t)
{
	static const char zeros[2 * TAR_BLOCK];
	struct str sums = buf_text(&t->sums);
	bool ok = tar_begin(c, t, TAR_CHECKSUMS) && tar_write(c, t, sums.p, sums.n)
	       && tar_end(c, t) && put(c, t, zeros, sizeof(zeros));

	if (!ok)
		return false;
	if (fflush(t->f) != 0 || fsync(fileno(t->f)) != 0 || rename(t->part, t->path) != 0)
		return write_failed(c);
	t->finished = true;
	return folder_sync(dirname(arena_cstr(c->arena, str_from(t->path)))) || write_failed(c);
}

void tar_free(struct tar *t)
{
	if (!t)
		return;
	if (t->f)
		fclose(t->f);
	if (t->writing && t->f && !t->finished)
		unlink(t->part);
	free(t->line);
	arena_release(&t->arena);
	free(t);
}
