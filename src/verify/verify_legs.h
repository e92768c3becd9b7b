/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_LEGS_H
#define VERIFY_VERIFY_LEGS_H

#include "verify/books_tally.h"
#include "verify/verify.h"

/*
 * Legs: what the entries of each commission come to, added up while the chain passes by, so that
 * nobody has to ask for the entries of one commission after the other.
 */

/* An entry of the chain: is it balanced, and what does it say of its commission? */
void legs_pass(struct verify *v, const struct entry *e);

/* What approved payouts hold of each commission. False if it could not be read. */
bool legs_read_items(struct verify *v);

/* What the commissions' rows say. */
struct legs_claim {
	int64_t id, partner_id, status, holds, amount, reversed, allocated;
	struct str currency;
};

/* Compare with the entries that have passed. */
void legs_compare(struct verify *v, const struct legs_claim *claim);

/* After the last commission: entries about commissions that are not there. */
void legs_end(struct verify *v);

extern const struct sql *const verify_legs_sql[];

#endif
