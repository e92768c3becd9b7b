/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_BOOKS_TALLY_H
#define VERIFY_BOOKS_TALLY_H

#include "base/money.h"

/*
 * Tallies: what a file of books says of each commission, payout and balance, beside what its
 * entries come to. One table for each kind, found by two numbers, in memory of its own.
 */

#define TALLY_SUMS 4

struct tally {
	int64_t a, b;           /* an id and 0; of a balance the partner and tally_currency() */
	int64_t line;           /* where it is said; 0: nowhere */
	int64_t partner_id;
	const struct currency *currency;
	int64_t said[TALLY_SUMS], found[TALLY_SUMS];
	bool too_large;         /* a sum has left 64 bits */
};

struct tallies;

struct tallies *tallies_new(void);
void tallies_free(struct tallies *t);

/* The tally of these numbers, made where there was none. Holds until the next call. */
struct tally *tally_get(struct tallies *t, int64_t a, int64_t b);

/* The same, or NULL. */
struct tally *tally_find(struct tallies *t, int64_t a, int64_t b);

/* All there are, from 0, in the order they were made; NULL after the last. */
struct tally *tally_at(struct tallies *t, size_t i);

/* Add to what was found. */
void tally_add(struct tally *t, size_t sum, int64_t amount);

#endif
