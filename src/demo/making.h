/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEMO_MAKING_H
#define DEMO_MAKING_H

#include "base/ctx.h"

/*
 * The mark of a demo that is being made, a file in the data directory: whoever is ended meanwhile
 * leaves a half, which the next start throws away, and makes the demo anew. The demo begins only where
 * there is nothing, so all that is there with the mark is its own. ERR_STORAGE.
 */
bool making_begin(struct ctx *c, struct str data_dir);
bool making_end(struct ctx *c, struct str data_dir);

/*
 * Throw a half away: the files that the program makes, by their names, and nothing else. Does nothing
 * without the mark, or while another process works on the directory. Before anything is opened.
 */
bool making_tidy(struct ctx *c, struct str data_dir);

#endif
