/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_FX_H
#define RULES_FX_H

#include "base/money.h"

/*
 * Exchange rates as the European Central Bank publishes them: one euro is so many units.
 *
 * A rate is an integer scaled by FX_SCALE; the euro's own is FX_SCALE. Which day's rate
 * counts (the last one published on or before the event) is the caller's to look up; here
 * it is only frozen and applied, in 128 bits, with one rounding.
 */

#define FX_SCALE 100000000LL /* 10^8 */

struct fx {
	const struct currency *from, *to; /* from == NULL: there is no rate */
	int64_t from_rate, to_rate;       /* units per euro, scaled */
	int32_t day;                      /* days since the epoch: when it was published */
};

/* "1.0876" as a scaled rate. False for anything but a positive decimal below 10^9. */
bool fx_rate_parse(struct str s, int64_t *out_rate);

/* A rate as the bank wrote it: 108760000 is "1.0876". */
void fx_rate_put(struct buf *b, int64_t rate);

/* False if the result would pass MONEY_MAX_MINOR. */
bool fx_convert(const struct fx *fx, int64_t amount_minor, int64_t *out_minor);

#endif
