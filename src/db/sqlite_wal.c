/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_wal.h"
#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define VFS_NAME "partnerd"
#define GATHER_BYTES (64 * 1024)
#define FRAME_HEAD_BYTES 24

struct wal {
	sqlite3_file file;   /* first: what SQLite knows */
	sqlite3_file *real;  /* the system's, in the same memory behind this */
	char *held;          /* bytes that wait to be written at held_at; NULL: none */
	int held_size;
	sqlite3_int64 held_at;
	bool committing;     /* the last write was the head of a frame that commits */
};

static sqlite3_vfs own, *system_vfs;

static struct wal *wal_of(sqlite3_file *file)
{
	return (struct wal *)file;
}

static int flush(struct wal *w)
{
	int rc = SQLITE_OK;

	if (w->held_size > 0)
		rc = w->real->pMethods->xWrite(w->real, w->held, w->held_size, w->held_at);
	w->held_size = 0;
	return rc;
}

/* The transaction is complete: it needs no memory any more. */
static int flush_last(struct wal *w)
{
	int rc = flush(w);

	free(w->held);
	w->held = NULL;
	return rc;
}

static void hold(struct wal *w, const void *bytes, int size, sqlite3_int64 at)
{
	if (!w->held)
		w->held = malloc(GATHER_BYTES);
	CHECK(w->held != NULL);
	if (w->held_size == 0)
		w->held_at = at;
	memcpy(w->held + w->held_size, bytes, (size_t)size);
	w->held_size += size;
}

static bool is_commit_head(const void *bytes, int size)
{
	static const char none[4];

	return size == FRAME_HEAD_BYTES && memcmp((const char *)bytes + 4, none, 4) != 0;
}

/*
 * A head that commits is held for its page. With nothing held it may come alone, when SQLite
 * corrects the checksums of a transaction: then nothing needs to follow it.
 */
static int wal_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
	struct wal *w = wal_of(file);
	bool last = w->committing, follows = w->held_size > 0 && at == w->held_at + w->held_size;
	int rc = SQLITE_OK;

	if (!follows || size > GATHER_BYTES - w->held_size)
		rc = flush(w);
	if (rc != SQLITE_OK)
		return rc;
	w->committing = is_commit_head(bytes, size);
	last |= w->committing && w->held_size == 0;
	if (size > GATHER_BYTES)
		return w->real->pMethods->xWrite(w->real, bytes, size, at);
	hold(w, bytes, size, at);
	return last ? flush_last(w) : SQLITE_OK;
}

static int wal_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
	struct wal *w = wal_of(file);
	int rc = flush(w);

	return rc != SQLITE_OK ? rc : w->real->pMethods->xRead(w->real, bytes, size, at);
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct wal *w = wal_of(file);
	int rc = flush(w);

	return rc != SQLITE_OK ? rc : w->real->pMethods->xTruncate(w->real, size);
}

static int wal_sync(sqlite3_file *file, int flags)
{
	struct wal *w = wal_of(file);
	int rc = flush(w);

	return rc != SQLITE_OK ? rc : w->real->pMethods->xSync(w->real, flags);
}

static int wal_file_size(sqlite3_file *file, sqlite3_int64 *out)
{
	struct wal *w = wal_of(file);
	int rc = flush(w);

	return rc != SQLITE_OK ? rc : w->real->pMethods->xFileSize(w->real, out);
}

static int wal_close(sqlite3_file *file)
{
	struct wal *w = wal_of(file);

	free(w->held); /* never committed */
	return w->real->pMethods->xClose(w->real);
}

static int wal_lock(sqlite3_file *file, int level)
{
	return wal_of(file)->real->pMethods->xLock(wal_of(file)->real, level);
}

static int wal_unlock(sqlite3_file *file, int level)
{
	return wal_of(file)->real->pMethods->xUnlock(wal_of(file)->real, level);
}

static int wal_check_lock(sqlite3_file *file, int *out)
{
	return wal_of(file)->real->pMethods->xCheckReservedLock(wal_of(file)->real, out);
}

static int wal_control(sqlite3_file *file, int op, void *arg)
{
	return wal_of(file)->real->pMethods->xFileControl(wal_of(file)->real, op, arg);
}

static int wal_sector_size(sqlite3_file *file)
{
	return wal_of(file)->real->pMethods->xSectorSize(wal_of(file)->real);
}

static int wal_characteristics(sqlite3_file *file)
{
	return wal_of(file)->real->pMethods->xDeviceCharacteristics(wal_of(file)->real);
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = wal_close,
	.xRead = wal_read,
	.xWrite = wal_write,
	.xTruncate = wal_truncate,
	.xSync = wal_sync,
	.xFileSize = wal_file_size,
	.xLock = wal_lock,
	.xUnlock = wal_unlock,
	.xCheckReservedLock = wal_check_lock,
	.xFileControl = wal_control,
	.xSectorSize = wal_sector_size,
	.xDeviceCharacteristics = wal_characteristics,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                    int *out_flags)
{
	struct wal *w = wal_of(file);
	int rc;

	(void)vfs;
	if (!(flags & SQLITE_OPEN_WAL))
		return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
	*w = (struct wal){ .real = (sqlite3_file *)(void *)(w + 1) };
	rc = system_vfs->xOpen(system_vfs, name, w->real, flags, out_flags);
	if (w->real->pMethods)
		w->file.pMethods = &methods;
	return rc;
}

static void set_up(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	CHECK(system_vfs != NULL);
	own = *system_vfs;
	own.zName = VFS_NAME;
	own.szOsFile = (int)sizeof(struct wal) + system_vfs->szOsFile;
	own.xOpen = vfs_open;
	CHECK(sqlite3_vfs_register(&own, 0) == SQLITE_OK);
}

const char *wal_vfs(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	CHECK(pthread_once(&once, set_up) == 0);
	return VFS_NAME;
}

bool wal_is_written(sqlite3 *h)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control(h, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	return !file || file->pMethods != &methods || wal_of(file)->held_size == 0;
}
