/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_UNFINISHED_H
#define DB_UNFINISHED_H

#include "base/ctx.h"

/*
 * Private to src/db: the mark of a restore that has begun and not ended, a file in the data
 * directory. Files are restored one by one: a process that was killed meanwhile leaves some of the
 * organisations, and nobody may take them for all.
 */

/* On disk when they return; ERR_STORAGE. */
bool unfinished_begin(struct ctx *c, struct str data_dir);
bool unfinished_end(struct ctx *c, struct str data_dir);

/* ERR_STATE where the mark is. */
bool unfinished_check(struct ctx *c, struct str data_dir);

#endif
