/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMISSION_COMMISSION_H
#define COMMISSION_COMMISSION_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Commissions: what one partner earns from one event under one rule, with the
 * explanation that lets anybody recompute it.
 *
 * Life: pending (waiting for matures_at) → approved (owed) → paid; beside it held
 * (a person looks at it), rejected and reversed (nothing left). Every change of
 * what is owed is a ledger entry made in the same transaction; the columns here
 * are derived from the entries, and the audit proves it.
 *
 * A true-up or restatement that takes back is a commission below zero, with no way but from pending to paid.
 *
 * amount never changes. reversed is between 0 and amount. allocated is what approved
 * payouts hold of it; open says that a payout may take the difference
 * (amount - reversed - allocated), which is negative after a clawback of paid money.
 *
 * What is held is pending in the ledger, whatever was owed before. holds says why: what
 * the engine found, a person (HOLD_REVIEW), an open dispute (HOLD_DISPUTED). A dispute
 * is noted here even when all of it is in a payout already; should that payout fail, it
 * is held then.
 */

enum commission_status {
	COMMISSION_PENDING, /* 0: the index commission_maturing says so */
	COMMISSION_APPROVED,
	COMMISSION_PAID,
	COMMISSION_HELD,
	COMMISSION_REJECTED,
	COMMISSION_REVERSED,
};

extern const char *const commission_status_names[];
extern const char *const commission_kind_names[]; /* in the order of the engine's kinds */

struct commission {
	int64_t id;
	int64_t event_id;
	int64_t partner_id;
	int64_t campaign_id;
	int64_t customer_id;
	int64_t terms_id;
	int64_t kind;        /* own, override, … */
	int64_t status;
	int64_t first_status; /* when it was made: what replays of its event answer */
	int64_t holds;       /* enum hold of rules/input.h, bits */
	int64_t held_by;     /* the last event that held it; 0: none did */
	struct str currency;
	int64_t amount;
	int64_t base;        /* of the sale, same currency; what refunds are measured against */
	int64_t reversed;
	int64_t allocated;
	bool open;
	int64_t payout_id;   /* the last payout that took it; 0: none */
	int64_t occurred_at;
	int64_t matures_at;
	int64_t created_at;
	struct str explanation; /* JSON text, see rules/explain.h */
};

extern const struct model commission_model;

/* Store a new commission and accrue it, unless its amount is 0. Sets id, created_at. */
bool commission_create(struct ctx *c, struct commission *m);

/* ERR_NOT_FOUND. */
bool commission_get(struct ctx *c, int64_t id, struct commission *out);

/* The commissions of one event, in the order they were made. */
bool commission_of_event(struct ctx *c, int64_t event_id, struct list *out);

/*
 * Make the total reversed `target` (0 to amount): posts the difference to what is reversed
 * already, from (or, if it is less, back to) pending or, once matured, payable.
 */
bool commission_reverse_to(struct ctx *c, struct commission *m, int64_t target, int64_t cause_id);

/*
 * What people have rejected, of which no event tells: struct rejection, by the entries after one
 * id up to another, in their order.
 */
struct rejection {
	int64_t entry_id, customer_id, event_id;
};
bool commission_rejections(struct ctx *c, int64_t after_id, int64_t to_id, struct list *out);

/* How much of it was reversed before an entry or event of this id was made. */
bool commission_reversed_before(struct ctx *c, const struct commission *m, int64_t before_id,
                                int64_t *out_minor);

/*
 * The payment behind it is disputed, or is not any more, by this event. Held while it is: also
 * what was owed already, unless a payout has it.
 */
bool commission_dispute(struct ctx *c, struct commission *m, bool disputed, int64_t cause_id);

/* pending → approved, whatever its date. ERR_STATE on anything else. */
bool commission_approve(struct ctx *c, struct commission *m);

/*
 * pending → held; held → pending, but not while disputed; pending or held → rejected (all of it
 * reversed). ERR_STATE.
 */
bool commission_hold(struct ctx *c, struct commission *m);
bool commission_release(struct ctx *c, struct commission *m);
bool commission_reject(struct ctx *c, struct commission *m);

/*
 * Mature what is due at c->now_ms, at most `most` of them; *out_more: call again. The job's step.
 */
bool commission_mature_due(struct ctx *c, int64_t most, bool *out_more);

/*
 * A payout takes (or, with a negative sign, gives back) `amount` of this commission.
 * Keeps allocated, open, status and payout_id; the ledger side is the payout's.
 */
bool commission_allocate(struct ctx *c, struct commission *m, int64_t amount, int64_t payout_id);

/* approved → paid when all of it is allocated; called when its payout settles. */
bool commission_settle(struct ctx *c, struct commission *m);

/* What is held for review, of a partner (0: of all): rows (partner_id, currency, sum). */
bool commission_held(struct ctx *c, int64_t partner_id, struct rows *out);

/* The reasons to hold as a JSON list of their names. */
void commission_put_holds(struct buf *b, int64_t holds);

extern const struct sql *const commission_sql[];

#endif
