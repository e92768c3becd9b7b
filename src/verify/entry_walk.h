/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_ENTRY_WALK_H
#define VERIFY_ENTRY_WALK_H

#include "db/cursor.h"
#include "ledger/ledger.h"
#include "verify/verify.h"

/*
 * A walk over the ledger in the order of its entries' ids: two cursors side by side, one over
 * the entries and one over the legs, so that no leg is asked for.
 */

struct leg_row {
	int64_t entry_id, number;
	struct leg leg;
};

struct entry_walk {
	struct verify *v;
	struct cursor entries, legs;
	struct leg_row ahead;            /* the leg that is next */
	bool more;                       /* there is one */
	const struct currency *currency; /* of the last leg */
};

/* False if they could not be read; entry_walk_end() either way. */
bool entry_walk_begin(struct entry_walk *w, struct verify *v);

/*
 * The next entry with its legs; texts hold until the next. Legs of an entry that is not there
 * are found (verify_found) when they are passed, the last ones behind the last entry.
 */
bool entry_walk_next(struct entry_walk *w, struct entry *e, bool *out_found);

void entry_walk_end(struct entry_walk *w);

extern const struct sql *const entry_walk_sql[];

#endif
