/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LINK_FILE_IO_H
#define CLICK_LINK_FILE_IO_H

#include "click/link_table.h"

#include <stdbool.h>

/*
 * One file of links: a head that says which start of the machine wrote it, then entries
 * with checksums. Reading ends where something is damaged, as at the end.
 */

#define LINK_FILE_BOOT_BYTES 40

enum link_file_op {
	LINK_FILE_NOTHING, /* the end */
	LINK_FILE_ADD, LINK_FILE_REMOVE,
	LINK_FILE_CLEAN,   /* a log was closed by a clean stop */
	LINK_FILE_END,     /* a base is complete */
};

/* The name of this start of the machine; zeros if it has none. */
void link_file_boot(char out[LINK_FILE_BOOT_BYTES]);

struct link_out {
	int fd;          /* -1: not open */
	bool failed;     /* something could not be written */
	int64_t written;
	size_t used;
	char *buffer;
};

/* Create a file with its head; false if that fails. Close in any case. */
bool link_out_open(struct link_out *o, int dir_fd, const char *name);
void link_out_put(struct link_out *o, enum link_file_op op, const struct link_entry *link);
bool link_out_flush(struct link_out *o);
void link_out_close(struct link_out *o);

struct link_in {
	int fd;
	size_t at, have;
	char *buffer;
	char boot[LINK_FILE_BOOT_BYTES];
};

/* False (and closed) if there is no such file or it is none of links. */
bool link_in_open(struct link_in *in, int dir_fd, const char *name);

/* The texts of *out live until the next call. */
enum link_file_op link_in_next(struct link_in *in, struct link_entry *out);
void link_in_close(struct link_in *in);

#endif
