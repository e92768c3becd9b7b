/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAYOUT_RUN_H
#define PAYOUT_RUN_H

#include "payout/payout.h"

/*
 * Payout runs: many payouts made, looked at and approved together.
 *
 * draft → approved → done, or draft → canceled. A draft lists, for one currency,
 * every partner with something payable, or, with a cutoff, with what of that was due
 * by then (without one, approved early counts as well); those under
 * the minimum payout, below zero or not in good standing are listed as skipped,
 * with the reason, and their balance carries forward. A draft moves no money and
 * takes nothing: two drafts may hold the same commission, the first one approved
 * gets it, the other is stale, and so is one with a partner who is not in good standing
 * any more. Approving freezes the items and posts `pay` for each payout; the run is done
 * when every payout has its result.
 *
 * The minimum is the smallest one of the campaigns whose commissions are in the
 * payout, so a partner is never kept waiting by a campaign that asks for more.
 */

enum run_status { RUN_DRAFT, RUN_APPROVED, RUN_DONE, RUN_CANCELED };

extern const char *const run_status_names[];

struct run {
	int64_t id;
	struct str currency;
	struct str method;      /* "manual" or "paypal": the shape of the exported file */
	int64_t cutoff;         /* 0 when creating: now, and all that is payable */
	int64_t status;
	struct str created_by;
	struct str approved_by;
	int64_t created_at;
	int64_t approved_at;
};

extern const struct model run_model;

/* ERR_NOT_FOUND. */
bool run_get(struct ctx *c, int64_t id, struct run *out);

/*
 * Make a draft of what is open now. ERR_INVALID on "currency", "method", "cutoff": also when nothing
 * is owed in the currency at all, or was due by then. Sets the rest.
 */
bool run_create(struct ctx *c, struct run *r);

/*
 * The least a run pays this partner in a currency: the smallest minimum, by the terms in force, of
 * the campaigns in which something is open for it; 0 when nothing is.
 */
bool run_minimum(struct ctx *c, int64_t partner_id, struct str currency, int64_t *out);

/*
 * Freeze and pay: ERR_STATE unless it is a draft (an approved run again is no error and
 * changes nothing); ERR_STALE if something changed since; ERR_STATE if nobody is to be paid.
 */
bool run_approve(struct ctx *c, struct run *r);

/* ERR_STATE unless it is a draft. */
bool run_cancel(struct ctx *c, struct run *r);

/* What a run's payouts add up to; those skipped are counted apart, and in none of the others. */
struct run_totals {
	int64_t count, amount, paid, paid_count, failed_count, waiting_count, skipped_count;
	int64_t open; /* what is still to be paid: neither paid nor failed nor canceled */
	int64_t run_id, last_id; /* of its payouts */
};
bool run_totals(struct ctx *c, int64_t run_id, struct run_totals *out);

/* The first payouts of the run whose totals these are, at most so many: those skipped, or all others. */
bool run_lines(struct ctx *c, const struct run_totals *t, bool skipped, size_t most,
               struct list *out);

/* Mark the run done once no payout of it waits for its result. */
bool run_finish(struct ctx *c, struct run *r);

/*
 * The file for the bank or the provider, CSV.
 * manual: payout, partner, name, recipient, amount, currency, status, reference; one line per
 * approved or finished payout, and for a run that is done, too.
 * paypal: recipient, amount, currency, payout id, note — PayPal's mass payment file. It pays each
 * line, so it has only what waits for its result: nobody is paid twice by a file made later.
 */
bool run_has_file(const struct run *r);
bool run_export(struct ctx *c, const struct run *r, struct str *out_csv);

extern const struct sql *const run_sql[];

#endif
