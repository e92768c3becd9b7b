/* SPDX-License-Identifier: Apache-2.0 */
#include "db/unfinished.h"
#include "db/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *mark_path(struct ctx *c, struct str data_dir)
{
	return arena_printf(c->arena, "%.*s/restoring", STR_ARG(data_dir)).p;
}

static bool cannot(struct ctx *c, struct str data_dir)
{
	return fail(c, ERR_STORAGE, NULL, "%s cannot be written: %s", mark_path(c, data_dir),
	            strerror(errno));
}

bool unfinished_begin(struct ctx *c, struct str data_dir)
{
	const char *folder = arena_cstr(c->arena, data_dir);

	mkdir(folder, 0700); /* if it is not there already */
	return folder_mark(folder, mark_path(c, data_dir)) || cannot(c, data_dir);
}

bool unfinished_end(struct ctx *c, struct str data_dir)
{
	const char *folder = arena_cstr(c->arena, data_dir);

	/* What was restored is on disk before the mark goes. */
	return (folder_sync(folder) && folder_unmark(folder, mark_path(c, data_dir)))
	    || cannot(c, data_dir);
}

bool unfinished_check(struct ctx *c, struct str data_dir)
{
	if (data_dir.n == 0 || access(mark_path(c, data_dir), F_OK) != 0)
		return true;
	return fail(c, ERR_STATE, NULL, "A restore into %.*s was never finished: delete what is in"
	            " it (and the database, if that is PostgreSQL) and restore again",
	            STR_ARG(data_dir));
}
