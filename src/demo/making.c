/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/making.h"

#include "base/check.h"
#include "db/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH 16 /* folders open at once */

static const char mark[] = "demo.making";

/* Beside the mark, and the lock, which stays. */
static const char *const folders[] = { "org", "click" };
static const char *const files[] = { "control.db", "control.db-wal", "control.db-shm", "secret", "lock" };

static const char *path_of(struct ctx *c, struct str data_dir, const char *name)
{
	return arena_printf(c->arena, "%.*s/%s", STR_ARG(data_dir), name).p;
}

static bool cannot(struct ctx *c, const char *path)
{
	return fail(c, ERR_STORAGE, "data", "%s: %s", path, strerror(errno));
}

bool making_begin(struct ctx *c, struct str data_dir)
{
	const char *path = path_of(c, data_dir, mark);

	return folder_mark(arena_cstr(c->arena, data_dir), path) || cannot(c, path);
}

bool making_end(struct ctx *c, struct str data_dir)
{
	const char *path = path_of(c, data_dir, mark);

	return folder_unmark(arena_cstr(c->arena, data_dir), path) || cannot(c, path);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static bool remove_all(struct ctx *c, struct str data_dir)
{
	for (size_t i = 0; i < LEN(folders); i++) {
		const char *path = path_of(c, data_dir, folders[i]);

		if (nftw(path, remove_one, DEPTH, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
			return cannot(c, path);
	}
	for (size_t i = 0; i < LEN(files); i++) {
		const char *path = path_of(c, data_dir, files[i]);

		if (unlink(path) != 0 && errno != ENOENT)
			return cannot(c, path);
	}
	return making_end(c, data_dir);
}

bool making_tidy(struct ctx *c, struct str data_dir)
{
	const char *lock = path_of(c, data_dir, "partnerd.lock");
	bool ok = true;
	int fd;

	if (access(path_of(c, data_dir, mark), F_OK) != 0)
		return true;
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return cannot(c, lock);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		ok = remove_all(c, data_dir);
	close(fd);
	return ok;
}
