/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_SEGMENT_H
#define CLICK_SEGMENT_H

#include "base/ctx.h"

/*
 * The files of the click journal: one `meta`, and the numbered segments.
 *
 * meta holds what never changes (number of the journal, secret, size of segments) and a
 * hint from where on records may still be needed. Whoever holds it open holds the
 * journal: a second process is refused.
 *
 * A segment is made under another name, filled with zeros, synchronized, renamed and the
 * directory synchronized, before anybody uses it: so no write into its map can fail, and
 * a number that a database has heard of is never given out a second time.
 */

#define SEGMENT_MAX_BYTES ((int64_t)1 << 30)
#define SEGMENT_MIN_BYTES 4096
#define SEGMENT_SECRET_BYTES 32

struct segment_meta {
	char magic[8];
	int64_t journal_id;
	int64_t segment_bytes;
	int64_t hint; /* a position */
	unsigned char secret[SEGMENT_SECRET_BYTES];
};

struct segment {
	int64_t number;
	char *map;
	size_t size; /* whole units that are really there */
};

struct segment_dir {
	int fd;
	int meta_fd;
	struct segment_meta meta;
};

/* Make the directory and meta where missing, and take the lock. ERR_STORAGE, ERR_CONFLICT. */
bool segment_dir_open(struct ctx *c, struct str path, int64_t segment_bytes,
		      struct segment_dir *out);
void segment_dir_close(struct segment_dir *d);
void segment_dir_hint(struct segment_dir *d, int64_t pos);

/* The numbers of all segments there are, in order, in c->arena. */
bool segment_list(struct ctx *c, const struct segment_dir *d, int64_t **out, size_t *out_count);

/* Make and map a new one; false (errno) when there is no room. */
bool segment_create(const struct segment_dir *d, int64_t number, struct segment *out);

/* Map an old one for reading; size 0 if it is empty. False (errno) if it cannot be read. */
bool segment_map(const struct segment_dir *d, int64_t number, struct segment *out);

void segment_unmap(struct segment *s);
void segment_remove(const struct segment_dir *d, struct segment *s);

#endif
