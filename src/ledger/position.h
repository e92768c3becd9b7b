/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_POSITION_H
#define LEDGER_POSITION_H

#include "base/buf.h"
#include "base/ctx.h"
#include "db/db.h"

/*
 * How far the ledger has come: an object of the API whose figures are derived from the ledger
 * says with `ledger_position` up to which entry, by its number. Whoever has two versions of an
 * object, from messages that overtook each other say, takes the one with the higher position;
 * whoever adds up the exported ledger up to that entry gets the same figures.
 *
 * A commission: the newest entry about it or about a payout that took some of it. A payout or a
 * run: about the payout, or one of the run. A balance: the newest of the ledger.
 */

struct position {
	int64_t commission_id, payout_id, run_id; /* one of them; none: the ledger's */
};

/* The number of the entry; 0: there is none yet. */
bool position_find(struct ctx *c, struct position of, int64_t *out_number);

/* Append it as the member "ledger_position", null for none; nothing for who sees no money. */
bool position_put(struct ctx *c, struct position of, struct buf *b);

extern const struct sql *const position_sql[];

#endif
