/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * The ledger: append-only, double entry, hash-chained. Every cent that is owed or
 * paid is here, and everything else about money is derived from it.
 *
 * An entry has two or more legs; per currency the debits equal the credits;
 * amounts are positive. Entries are never changed or deleted, and the database
 * refuses to. A correction is a new entry that names the one it corrects.
 * What may be posted only once (the accrual of a commission, the payment of a
 * payout, …) is unique in the database by (commission, payout, kind, cause).
 *
 * Hash: BLAKE2b-256 (RFC 7693), lower-case hex, over the canonical text
 *     partnerd-ledger 1 LF previous_hash LF
 *     org TAB number TAB kind TAB commission TAB payout TAB cause TAB corrects TAB at TAB posted_at
 *     LF then for each leg: account TAB partner TAB currency TAB debit TAB credit LF
 * with plain decimal integers and the previous_hash of the first entry 64 zeros.
 * Entries of an organisation are numbered from 1 without gaps.
 *
 * Balances per partner and currency are kept with every posting (table balance)
 * and proved equal to the sums of legs by the audit.
 */

/* Accounts of a partner come first; the others belong to the organisation. */
enum ledger_account {
	ACCOUNT_PENDING,            /* earned, not yet matured */
	ACCOUNT_PAYABLE,            /* owed; below zero after a clawback of paid commission */
	ACCOUNT_COMMISSION_EXPENSE,
	ACCOUNT_PAYOUT_CLEARING,
	ACCOUNT_CASH,
	ACCOUNT_FX,
};

enum ledger_kind {
	LEDGER_ACCRUE,
	LEDGER_MATURE,
	LEDGER_REVERSE,
	LEDGER_PAY,
	LEDGER_SETTLE,
	LEDGER_FAIL,
	LEDGER_ADJUST,
	LEDGER_REPOST, /* gives back what was reversed; corrects the last reversal */
	LEDGER_HOLD,   /* payable → pending: what was owed is held */
};

extern const char *const ledger_account_names[]; /* end with NULL */
extern const char *const ledger_kind_names[];

#define LEDGER_LEGS_MAX 8
#define LEDGER_HASH_LENGTH 64

struct leg {
	int64_t account;
	int64_t partner_id; /* 0 for accounts of the organisation */
	struct str currency;
	int64_t debit;
	int64_t credit;
};

struct entry {
	int64_t id;
	int64_t number;
	int64_t kind;
	int64_t commission_id; /* what it is about; 0: nothing of the kind */
	int64_t payout_id;
	int64_t cause_id;      /* the event behind it, if any; see commission.h */
	int64_t corrects_id;   /* the entry it corrects; 0 else */
	int64_t at;            /* when it counts from */
	int64_t posted_at;
	struct str previous_hash;
	struct str hash;
	struct leg legs[LEDGER_LEGS_MAX];
	size_t leg_count;
};

extern const struct model entry_model;
extern const struct model leg_model;

/* Append one movement of amount > 0 to an entry that is being put together. */
void entry_move(struct entry *e, struct leg debit, struct leg credit, int64_t amount);

/* Shorthands for the sides of a movement. */
struct leg leg_partner(enum ledger_account account, int64_t partner_id, struct str currency);
struct leg leg_org(enum ledger_account account, struct str currency);

/*
 * Post the entry: number it, chain it, store it with its legs, keep the balances.
 * Sets id, number, hashes and posted_at. An unbalanced entry is a bug. Posting what
 * may be posted only once a second time is ERR_CONFLICT.
 */
bool ledger_post(struct ctx *c, struct entry *e);

/* The hash that an entry with these contents and this predecessor must have. */
struct str ledger_hash(struct arena *a, int64_t org_id, const struct entry *e);

/* The legs of one entry, in order. */
bool ledger_legs(struct ctx *c, struct entry *e);

/* The newest entry of a kind about a commission; 0 if there is none. */
bool ledger_last(struct ctx *c, int64_t commission_id, enum ledger_kind kind, int64_t *out_id);

/* Entries of a commission or of a payout (the other 0), oldest first, with legs. */
bool ledger_about(struct ctx *c, int64_t commission_id, int64_t payout_id, struct list *out);

extern const struct sql *const ledger_sql[];

#endif
