/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_CHECKPOINTS_H
#define VERIFY_VERIFY_CHECKPOINTS_H

#include "ledger/checkpoint.h"
#include "verify/verify.h"

/*
 * Checkpoints beside the chain: each must be signed with this data directory's key and say
 * what the entries, which pass by in order, come to.
 */

struct passing {
	struct verify *v;
	struct ctx lasting;        /* with an arena of its own */
	struct arena arena;
	struct list checkpoints;   /* struct checkpoint */
	size_t at;                 /* the next one */
	struct account_sums sums;  /* of all entries so far */
};

/* Read the checkpoints. False if they could not be read. Then passing_end() all the same. */
bool passing_begin(struct passing *p, struct verify *v);

/* The next entry of the chain. */
void passing_entry(struct passing *p, const struct entry *e);

/* After the last entry; frees. */
void passing_end(struct passing *p);

#endif
