/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_TAR_H
#define DB_TAR_H

#include "base/ctx.h"

/*
 * Archives in the ustar format (POSIX.1-2001, pax "Extended tar format", section
 * "ustar Interchange Format"), written and read as a stream.
 *
 * Only what backups need: plain files, folders, names up to 99 bytes. Sizes are
 * filled in when an entry ends, so its length need not be known before; from
 * 8 GiB on they use GNU tar's base-256 form. Every entry's SHA-256 is computed
 * on the way. The last entry, `checksums`, lists them all in the format of
 * sha256sum(1): after `tar -xf FILE`, `sha256sum -c checksums` verifies a backup
 * without this program.
 */

#define TAR_NAME_MAX 100
#define TAR_CHECKSUMS "checksums"

struct tar;

struct tar_entry {
	char name[TAR_NAME_MAX];
	int64_t size;
	bool folder;
};

/*
 * Write a new archive: first under `path`.part, mode 0600; tar_finish puts it in
 * place, synced to disk. ERR_CONFLICT when the file exists, ERR_FULL, ERR_STORAGE.
 */
struct tar *tar_create(struct ctx *c, struct str path);
bool tar_begin(struct ctx *c, struct tar *t, const char *name);
bool tar_write(struct ctx *c, struct tar *t, const void *p, size_t n);
bool tar_end(struct ctx *c, struct tar *t);
bool tar_folder(struct ctx *c, struct tar *t, const char *name);
bool tar_finish(struct ctx *c, struct tar *t);

/* Free; an archive that was not finished is removed. NULL is fine. */
void tar_free(struct tar *t);

/* Read an archive. tar_verify reads it whole: ERR_INVALID unless it is complete and unharmed. */
struct tar *tar_open(struct ctx *c, struct str path);
bool tar_verify(struct ctx *c, struct tar *t);

/* Back to the first entry. */
bool tar_rewind(struct ctx *c, struct tar *t);

/* The next entry; what is left of the one before is skipped. *out_more is false at the end. */
bool tar_next(struct ctx *c, struct tar *t, struct tar_entry *out, bool *out_more);

/*
 * The next line of the entry without its newline, until the next call; *out_more false at its end.
 */
bool tar_line(struct ctx *c, struct tar *t, struct str *out, bool *out_more);

/* Up to n bytes of the entry; 0 at its end. */
bool tar_read(struct ctx *c, struct tar *t, void *p, size_t n, size_t *out_n);

#endif
