/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_BOOKS_H
#define VERIFY_BOOKS_H

#include "base/buf.h"
#include "base/ctx.h"
#include "db/db.h"

/*
 * Books: the ledger of an organisation, or the statement of one partner, as a file that proves
 * itself: JSON lines, described for those who read it in docs/BOOKS.md.
 *
 *     header, payouts, commissions, entries with the checkpoints between them, balances, end
 *
 * Writing reads pages of rows, one after the other, and keeps none of them; all of it is of one
 * moment if it runs in one read transaction. Checking needs nothing but the file, and takes
 * nothing in it on trust; it keeps some sums for each commission, payout and partner.
 */

#define BOOKS_LINE_MAX ((size_t)1 << 20)

/* The names of the lines ("object"), in the order in which they may come. */
enum books_part {
	BOOKS_HEADER, BOOKS_PAYOUT, BOOKS_COMMISSION, BOOKS_ENTRY, BOOKS_CHECKPOINT, BOOKS_BALANCE,
	BOOKS_END, BOOKS_PARTS
};

extern const char *const books_names[];

/* Of whom: what the end's signature is about. */
struct books_about {
	int64_t org_id;
	int64_t partner_id; /* 0: the whole ledger */
};

/* The text that is signed at the end, over the hash of all lines before. */
struct str books_end_text(struct arena *a, const struct books_about *about, int64_t lines,
                          struct str hash);

/*
 * Write the file of partner_id (0: of the whole ledger) to an open file. ERR_NOT_FOUND for an
 * unknown partner, ERR_FULL when it cannot be written.
 */
bool books_write(struct ctx *c, int64_t partner_id, int fd);

extern const struct sql *const books_sql[];

/* What was checked. */
struct books_report {
	struct books_about about;
	struct str public_key;   /* the one the signatures were held against */
	int64_t lines, entries, commissions, checkpoints;
	int64_t findings;
};

/*
 * Check a file from beginning to end; each finding is a line in *out and begins with "line N:".
 * public_key: where it comes from elsewhere, or "" to use the file's own. False with ERR_STORAGE
 * if the file cannot be read.
 */
bool books_check(struct ctx *c, int fd, struct str public_key, struct buf *out,
                 struct books_report *report);

/* The same of a text in memory. */
void books_check_text(struct ctx *c, struct str text, struct str public_key, struct buf *out,
                      struct books_report *report);

#endif
