/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_still.h"

#include <stddef.h>
#include <stdint.h>

#define READ_LOCK_0 3 /* of the eight locks on the shared memory; behind write, checkpoint, recover */

static struct still *still_of(const sqlite3_file *file)
{
	return (struct still *)(uintptr_t)file->pMethods;
}

static int note_lock(sqlite3_file *file, int offset, int n, int flags)
{
	struct still *s = still_of(file);
	int rc = s->below->xShmLock(file, offset, n, flags);

	if (rc == SQLITE_OK && offset == READ_LOCK_0 && (flags & SQLITE_SHM_SHARED))
		s->locked = (flags & SQLITE_SHM_LOCK) != 0;
	return rc;
}

/* The first version of the functions has none for locks: then it is never known. */
void still_watch(struct still *s, sqlite3 *h)
{
	sqlite3_file *file = NULL;

	*s = (struct still){ .h = h };
	if (sqlite3_file_control(h, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
	    || !file || !file->pMethods || file->pMethods->iVersion < 2)
		return;
	s->file = file;
	s->below = file->pMethods;
	s->methods = *file->pMethods;
	s->methods.xShmLock = note_lock;
	file->pMethods = &s->methods;
}

bool still_holds(const struct still *s)
{
	return s->locked && sqlite3_txn_state(s->h, "main") == SQLITE_TXN_READ;
}
