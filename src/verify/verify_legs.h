/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_LEGS_H
#define VERIFY_VERIFY_LEGS_H

#include "verify/commission_sums.h"
#include "verify/verify.h"

/*
 * Legs: what the entries of each commission come to, added up while the chain passes by, so that
 * nobody has to ask for the entries of one commission after the other.
 */

/* An entry of the chain: is it balanced, and what does it say of its commission? */
void legs_pass(struct verify *v, const struct entry *e);

/*
 * After the last entry: compare what the commissions' rows say with what has passed, and find
 * entries about commissions that are not there. False if the rows could not be read.
 */
bool legs_check(struct verify *v);

extern const struct sql *const verify_legs_sql[];

#endif
