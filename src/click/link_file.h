/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LINK_FILE_H
#define CLICK_LINK_FILE_H

#include "click/link_table.h"
#include "base/ctx.h"

/*
 * The link table on disk, so that a server that starts answers clicks before it has read
 * a million links from its databases. The databases stay the authority: the file is
 * compared with them while clicks are already answered (see link_table_sweep_begin).
 *
 * Two kinds of files in DATA/click, numbered by generation: links-N.base holds all links
 * at one time and is complete when it has that name; links-N.log holds every change since
 * that base was begun, each written before the change is answered. A base with all logs
 * from its number on gives the table. What a killed process wrote is there; after a power
 * failure (another boot, no mark of a clean stop) the files are loaded but not trusted.
 */

struct link_file;

/*
 * Fill the table from the files in a directory, then follow its changes. *out_trusted: the table is
 * what it was when the last server ended. Damaged or missing files are no failure; NULL only
 * when the directory cannot be written (ERR_STORAGE): then the table works without.
 */
struct link_file *link_file_open(struct ctx *c, struct str dir, struct link_table *t,
                                 bool *out_trusted);

/*
 * For commands that run without a server: the first change removes the files, so that the next
 * server reads the databases. NULL as above.
 */
struct link_file *link_file_guard(struct ctx *c, struct str dir, struct link_table *t);

/* Write a new base in the background: after a sweep, and by itself when the log has grown. */
void link_file_rebase(struct link_file *f);

/* Mark a clean stop, stop following. The table stays as it is. */
void link_file_close(struct link_file *f);

#endif
