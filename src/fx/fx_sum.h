/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FX_SUM_H
#define FX_FX_SUM_H

#include "fx/fx_rate.h"

/*
 * Sums across currencies, for people who look at a page: each amount is converted into one
 * currency by the last rates there are today. Never for the books, which keep currencies
 * apart. What has no rate is left out and said to be.
 */

#define FX_SUM_CURRENCIES 32

struct fx_sum {
	const struct currency *to;
	int64_t today;
	struct {
		const struct currency *from;
		struct fx fx;             /* .from == NULL: there is no rate */
	} known[FX_SUM_CURRENCIES];       /* looked up once */
	size_t known_count;
	int64_t day;                      /* of the oldest rate used; 0: none was needed */
	bool incomplete;                  /* something had no rate, or was too large */
};

/* Begin a sum in that currency. */
void fx_sum_begin(const struct ctx *c, struct fx_sum *s, struct str currency);

/* Is there a rate? Amounts in the sum's own currency need none. */
bool fx_sum_knows(struct ctx *c, struct fx_sum *s, struct str currency, bool *out);

/* Add to *total what the amount is in the sum's currency; nothing if there is no rate. */
bool fx_sum_add(struct ctx *c, struct fx_sum *s, struct str currency, int64_t minor,
                int64_t *total);

#endif
