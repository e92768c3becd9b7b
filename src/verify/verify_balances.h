/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_BALANCES_H
#define VERIFY_VERIFY_BALANCES_H

#include "ledger/ledger.h"
#include "verify/books_tally.h"
#include "verify/verify.h"

/*
 * Balances beside the legs: what entries, passing by, come to for each partner in each currency,
 * compared with the balances that are kept. Pending and payable are the partner's own accounts;
 * what is in payouts and paid are accounts of the organisation, by whose payout the entry is.
 */

struct balances {
	struct verify *v;
	struct tallies *sums;    /* by partner and currency */
	struct tallies *payouts; /* their partners */
};

/* Read whose payouts there are. False if that could not be read. Then balances_end() all the same. */
bool balances_begin(struct balances *b, struct verify *v);

/* The next entry. */
void balances_entry(struct balances *b, const struct entry *e);

/* Compare, after the last entry. False if the balances could not be read. */
bool balances_check(struct balances *b);

void balances_end(struct balances *b);

extern const struct sql *const verify_balances_sql[];

#endif
