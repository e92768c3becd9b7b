/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_BOOKS_CHECK_H
#define VERIFY_BOOKS_CHECK_H

#include "ledger/checkpoint.h"
#include "verify/books.h"
#include "verify/books_tally.h"

#include <jansson.h>
#include <sodium.h>

/*
 * Private to the check of books: what is known after so many lines.
 *
 * A function that reads a line fails by fail() when the line is not well formed; what is well
 * formed and wrong is a finding, and reading goes on.
 */

struct books_check {
	struct ctx c;              /* with an arena that is emptied after each line */
	struct arena kept;
	struct buf *out;
	struct books_report *report;
	struct str public_key;     /* from elsewhere, or "" */
	int64_t line;              /* the one at hand, from 1 */
	enum books_part part;      /* the furthest one so far */
	bool hopeless, ended;
	crypto_generichash_state hash;
	struct tallies *payouts, *commissions, *balances;
	struct account_sums sums;
	int64_t entry_id, number;  /* of the last entry */
	char entry_hash[LEDGER_HASH_LENGTH + 1];
	char day[11];              /* of the last checkpoint */
};

/* What tallies of each kind sum up. */
enum { COMMISSION_AMOUNT, COMMISSION_TAKEN, COMMISSION_WAITING };
enum { PAYOUT_TAKEN, PAYOUT_SETTLED, PAYOUT_GIVEN_BACK };
enum { BALANCE_PENDING, BALANCE_PAYABLE, BALANCE_IN_PAYOUT, BALANCE_PAID };

void books_found(struct books_check *k, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

/* What a line says: books_line.c. */
bool books_read_payout(struct books_check *k, const json_t *o);
bool books_read_commission(struct books_check *k, const json_t *o);
bool books_read_balance(struct books_check *k, const json_t *o);

/* What is posted, and what is signed: books_entry.c. */
bool books_read_entry(struct books_check *k, const json_t *o);
bool books_read_checkpoint(struct books_check *k, const json_t *o);

/* After the last line: what was said beside what entries come to. books_line.c. */
void books_compare(struct books_check *k);

/* A currency by its exact code; the second key of a balance's tally. */
bool books_currency(struct ctx *c, const json_t *o, const struct currency **out);
int64_t books_currency_key(const struct currency *cur);

#endif
