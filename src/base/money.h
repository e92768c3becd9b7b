/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Money: int64_t minor units (…_minor) and an ISO 4217 currency; never floating point.
 *
 * Rates are parts per million (…_ppm): 25 % is 250 000. Rounding is half away
 * from zero on the last minor unit; intermediate values have 128 bits. Amounts
 * that come from outside are limited to MONEY_MAX_MINOR, so that sums of many
 * stay far from overflow.
 */

#define PPM_ONE 1000000LL
#define MONEY_MAX_MINOR 1000000000000000LL /* 10^15: ten trillion dollars */

struct currency {
	char code[4];    /* ISO 4217 alphabetic, upper case */
	int exponent;    /* digits after the decimal point: JPY 0, USD 2, BHD 3 */
	const char *name;
};

/*
 * The currency of a code (upper or lower case), or NULL. Pointers are equal for equal currencies.
 */
const struct currency *currency_find(struct str code);

/* The whole table, in the order of codes. */
const struct currency *currency_list(size_t *out_count);

/* amount * rate / PPM_ONE, rounded. |rate| <= 10^12; the result must fit or it is a bug. */
int64_t money_percent(int64_t amount_minor, int64_t rate_ppm);

/* a * b / c in 128 bits, rounded half away from zero; c > 0; overflow is a bug. */
int64_t money_muldiv(int64_t a, int64_t b, int64_t c);

/*
 * Divide total (any sign) in proportion to weights >= 0 with a positive sum, by
 * largest remainder, ties to the earlier part: the parts add up to total exactly.
 */
void money_allocate(int64_t total_minor, const int64_t *weights, size_t count, int64_t *out_parts);

/* "1234.5" in USD is 123450. Refuses more decimals than the currency has, and text around it. */
bool money_parse(struct str s, const struct currency *cur, int64_t *out_minor);

/* "1234.50", machine form without separators; "1,234.50 USD" for people. */
struct str money_plain(struct arena *a, int64_t minor, const struct currency *cur);
struct str money_text(struct arena *a, int64_t minor, const struct currency *cur);

/* The same, written into a text: for hot paths. */
void buf_money_plain(struct buf *b, int64_t minor, const struct currency *cur);
void buf_money(struct buf *b, int64_t minor, const struct currency *cur);
void buf_percent(struct buf *b, int64_t ppm); /* without the sign: "12.5" */

/* A percentage as text with at most four decimals: "12.5" is 125000 ppm; and back ("12.5"). */
bool percent_parse(struct str s, int64_t *out_ppm);
struct str percent_text(struct arena *a, int64_t ppm);

#endif
