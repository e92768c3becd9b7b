/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_TAR_FILE_H
#define DB_TAR_FILE_H

#include "base/buf.h"
#include "db/tar.h"

#include <sodium.h>
#include <stdio.h>

/* Private to tar.c (writing) and tar_read.c (reading). */

#define TAR_BLOCK 512

/* One block, as POSIX lays it out. */
struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100],
	        magic[6], version[2], owner[32], group[32], major[8], minor[8], prefix[155], pad[12];
};

struct tar {
	struct arena arena;
	FILE *f;
	const char *path, *part;
	bool writing, finished, in_entry;
	char name[TAR_NAME_MAX];
	uint64_t size;                 /* of the entry: written so far, or in total */
	uint64_t left;                 /* reading: of the entry */
	uint64_t padding;              /* reading: after the entry */
	crypto_hash_sha256_state hash; /* of the entry */
	struct buf sums;               /* what `checksums` says */
	char *line;
	size_t line_room;
};

/* Add the finished entry's hash to t->sums. */
void tar_note_sum(struct tar *t);

#endif
