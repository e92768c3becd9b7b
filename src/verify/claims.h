/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_CLAIMS_H
#define VERIFY_CLAIMS_H

#include "base/money.h"
#include "commission/commission.h"
#include "verify/verify.h"

/*
 * Claims: what the commissions' rows say of amounts, status and payouts, kept while the replay
 * passes them, to be compared with what the entries say once both are known. So the table, the
 * largest but one, is read once. 64 bytes of memory for each.
 */

struct claims;

struct claims *claims_new(void);
void claims_free(struct claims *all);

/* The walk begins again. */
void claims_clear(struct claims *all);

/* A row; its currency, or NULL where there is none of that name. */
void claims_add(struct claims *all, const struct commission *m, const struct currency *currency);

/*
 * Compare them with what entries have come to (v->commissions), and find entries about commissions
 * that are not there.
 */
void claims_check(struct verify *v, struct claims *all);

#endif
