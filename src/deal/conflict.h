/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_CONFLICT_H
#define DEAL_CONFLICT_H

#include "customer/account.h"
#include "deal/deal.h"

/*
 * Conflicts: what a deal meets when it is registered, the first of these that is so:
 *   1. another partner's deal on the account is protected: declined;
 *   2. the account is a customer already: declined;
 *   3. the organisation had contact with it, credited to nobody, before: declined;
 *   4. the account is on the organisation's list of protected accounts: a person decides.
 */

/* What the deal's account is found by. */
void conflict_keys(struct ctx *c, const struct deal *d, struct account_keys *out);

/*
 * Set stage, conflict and reason of a deal that is to be registered. ERR_CONFLICT on "company" when
 * a deal of the same partner on the account is protected or waits already.
 */
bool conflict_find(struct ctx *c, struct deal *d);

/* The protected deal of another partner on the account, if there is one. */
bool conflict_with_deal(struct ctx *c, const struct deal *d, struct deal *out, bool *out_found);

extern const struct sql *const conflict_sql[];

#endif
