/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_COMMISSION_SUMS_H
#define VERIFY_COMMISSION_SUMS_H

#include "base/money.h"

/*
 * What the entries say of each commission, added up while they pass: about 64 bytes of memory for
 * each. Entries come in the order of time, as commissions' ids do, so that most are found at the
 * end or behind the one before, without a search.
 */

struct commission_sum {
	int64_t commission_id;
	int64_t partner_id;              /* 0: of no leg yet */
	const struct currency *currency;
	int64_t accrued, reversed;
	int64_t waiting;                 /* on the partner's pending account */
	int64_t allocated;               /* held by approved payouts */
	bool too_large;                  /* a sum has left 64 bits */
	bool seen;                       /* there is such a commission */
};

struct commission_sums;

struct commission_sums *commission_sums_new(void);
void commission_sums_free(struct commission_sums *s);

/* Made, all zero, where there was none. Holds until the next call. */
struct commission_sum *commission_sums_get(struct commission_sums *s, int64_t commission_id);

/* The same, or NULL. */
struct commission_sum *commission_sums_find(struct commission_sums *s, int64_t commission_id);

/* All there are, from 0; NULL after the last. */
struct commission_sum *commission_sums_at(struct commission_sums *s, size_t i);

/* Add to one of the sums. */
void commission_sum_add(struct commission_sum *sum, int64_t *to, int64_t amount);

#endif
