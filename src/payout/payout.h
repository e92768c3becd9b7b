/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAYOUT_PAYOUT_H
#define PAYOUT_PAYOUT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Payouts: money sent to one partner, in one currency, for a list of commissions.
 *
 * A payout belongs to a run (payout/run.h). Its items say which part of which
 * commission it pays; items may be negative (taken back after payment) and add up
 * to the amount, which is positive. Life: draft → approved → paid or failed;
 * skipped ones stay in the run with their reason. The money moves through three
 * ledger entries: pay when approved, settle when paid, fail when failed; each of
 * them can exist only once for a payout, which the database enforces.
 */

enum payout_status {
	PAYOUT_DRAFT,
	PAYOUT_APPROVED,
	PAYOUT_PAID,
	PAYOUT_FAILED,
	PAYOUT_SKIPPED,
	PAYOUT_CANCELED,
};

extern const char *const payout_status_names[];

struct payout {
	int64_t id;
	int64_t run_id;
	int64_t partner_id;
	struct str currency;
	int64_t amount;
	int64_t status;
	struct str recipient;   /* where the money goes, as it was when the run was made */
	struct str reference;   /* the bank's or provider's, when paid */
	struct str reason;      /* why skipped or failed */
	int64_t created_at;
	int64_t finished_at;
};

extern const struct model payout_model;

struct payout_item {
	int64_t payout_id;
	int64_t commission_id;
	int64_t amount;
};

extern const struct model payout_item_model;

bool payout_create(struct ctx *c, struct payout *p);
bool payout_item_create(struct ctx *c, const struct payout_item *item);

/* ERR_NOT_FOUND. */
bool payout_get(struct ctx *c, int64_t id, struct payout *out);

/* Of a run, in the order they were made. Items are struct payout. */
bool payout_of_run(struct ctx *c, int64_t run_id, struct list *out);

/* Items are struct payout_item. */
bool payout_items(struct ctx *c, int64_t payout_id, struct list *out);

/* The payouts that hold, or held, a part of a commission: rows (payout_id, amount, status). */
bool payout_of_commission(struct ctx *c, int64_t commission_id, struct rows *out);

/*
 * draft → approved: takes every item from its commission and posts `pay`.
 * ERR_STALE when a commission has changed since the draft; nothing is taken then.
 */
bool payout_approve(struct ctx *c, struct payout *p);

/* draft → canceled. */
bool payout_cancel(struct ctx *c, struct payout *p);

/*
 * approved → paid or failed. The same result again changes nothing; another one is ERR_STATE.
 * Failed gives the items back to their commissions.
 */
bool payout_paid(struct ctx *c, struct payout *p, struct str reference);
bool payout_failed(struct ctx *c, struct payout *p, struct str reason);

extern const struct sql *const payout_sql[];

#endif
