/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_LEGS_H
#define VERIFY_VERIFY_LEGS_H

#include "verify/commission_sums.h"
#include "verify/verify.h"

/*
 * Legs: what the entries of each commission come to, added up while the chain passes by, so that
 * nobody has to ask for the entries of one commission after the other. claims.h compares them with
 * the commissions.
 */

/* An entry of the chain: is it balanced, and what does it say of its commission? */
void legs_pass(struct verify *v, const struct entry *e);

/* After the last entry: what approved payouts hold of each commission. False if not to be read. */
bool legs_read_items(struct verify *v);

extern const struct sql *const verify_legs_sql[];

#endif
