/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_PAGES_H
#define DB_SQLITE_PAGES_H

#include "db/sqlite_still.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Private to src/db: the pages of a file, several with one read. SQLite asks the kernel for each
 * by itself, and that costs more than the bytes do.
 *
 * Pages are those that the connection's transaction sees, as long as still_holds(): it is looked
 * at before each read.
 */

#define PAGES_RUN 16   /* read at once at most */
#define PAGES_SLACK 8  /* bytes behind a page, for those who read more than they need */

struct pages {
	const struct still *still;
	size_t size;    /* of a page */
	size_t usable;  /* of that; the rest is reserved */
	unsigned char *run;
	uint32_t first; /* page in the run */
	uint32_t count; /* pages in it */
};

/* False where the file cannot be read so; pages_release() either way. *out_count: that it has. */
bool pages_init(struct pages *p, const struct still *still, uint32_t *out_count);
void pages_release(struct pages *p);

/* The page, if it is among those read last; NULL if not. Holds until pages_read(). */
const unsigned char *pages_find(const struct pages *p, uint32_t number);

/* The page, read together with those behind it: `count` in all. NULL if that failed. */
const unsigned char *pages_read(struct pages *p, uint32_t number, uint32_t count);

/* One page onto `size` bytes, past the run. */
bool pages_copy(const struct pages *p, uint32_t number, unsigned char *to);

#endif
