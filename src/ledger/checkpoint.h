/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "ledger/ledger.h"

/*
 * Checkpoints: once a day the end of the ledger's chain is signed, so that whoever keeps a
 * checkpoint, or only the public key, can tell later that nothing before it was changed.
 *
 * A checkpoint of a day (UTC) says what the ledger was with the last entry posted before the
 * day's end: its number and hash, and what all legs up to it add up to, by account and
 * currency. A day on which nothing was posted has none. They are never changed, and the
 * database refuses to.
 *
 * Signed, with the key of base/sign.h, is the text
 *     partnerd-checkpoint 1 LF
 *     org_… TAB day TAB number TAB hash TAB made_at LF
 *     then for each account and currency: account TAB currency TAB debit TAB credit LF
 * with the day as 2026-11-20, the time as the API writes it, accounts by name in the order of
 * enum ledger_account, then by currency.
 */

struct checkpoint {
	int64_t id;
	struct str day;        /* "2026-11-20" */
	int64_t entry_id;
	int64_t number;        /* of the last entry */
	struct str hash;       /* of the last entry */
	struct str sums;       /* JSON: [{"account", "currency", "debit", "credit"}, …] */
	int64_t made_at;
	struct str public_key;
	struct str signature;
};

extern const struct model checkpoint_model;

/* Debits and credits of one account in one currency, since the first entry. */
struct account_sum {
	int64_t account;
	struct str currency;
	int64_t debit, credit;
};

/* Sums, in the order in which they are signed. */
struct account_sums {
	struct arena *arena;
	struct account_sum *items;
	size_t count, room;
};

/* Add to one of them. False when a sum would leave 64 bits. */
bool account_sums_add(struct account_sums *s, const struct account_sum *more);

/* As checkpoint.sums has them. */
struct str account_sums_json(struct arena *a, const struct account_sums *s);

/* The text that is signed, with sums in place of the checkpoint's own. */
struct str checkpoint_text(struct arena *a, int64_t org_id, const struct checkpoint *k,
                           const struct account_sums *sums);

/*
 * The job's step: make the checkpoint of the earliest day that is over and has none.
 * *out_more says that there may be another.
 */
bool checkpoint_make(struct ctx *c, bool *out_more);

/* The newest, if there is any. */
bool checkpoint_last(struct ctx *c, struct checkpoint *out, bool *out_found);

/* All, oldest first. Items are struct checkpoint. */
bool checkpoint_list(struct ctx *c, struct list *out);

extern const struct sql *const checkpoint_sql[];

#endif
