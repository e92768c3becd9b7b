/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATEMENT_PRINT_H
#define RESTATE_RESTATEMENT_PRINT_H

#include "restate/restatement.h"

/*
 * A run with its totals and a line for each partner, as the API answers it and as the command line
 * shows it: the largest difference first, at most some partners.
 */

bool restatement_json(struct ctx *c, struct buf *b, const struct restatement *run);
bool restatement_text(struct ctx *c, struct buf *b, const struct restatement *run);

#endif
