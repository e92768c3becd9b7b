/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_BALANCE_H
#define LEDGER_BALANCE_H

#include "ledger/ledger.h"

/*
 * Balances: what the legs of a partner add up to, per currency, kept with every
 * posting. Money only moves through ledger_post(); nothing else writes here.
 */

struct balance {
	int64_t partner_id;
	struct str currency;
	int64_t pending;   /* matures later, held ones included */
	int64_t payable;   /* owed now; may be negative */
	int64_t in_payout; /* approved for payment, not yet settled */
	int64_t paid;      /* settled, for ever */
};

extern const struct model balance_model;

/* Add an entry's legs. Called by ledger_post only. */
bool balance_apply(struct ctx *c, const struct entry *e);

/* All balances of a partner, by currency. Items are struct balance. */
bool balance_list(struct ctx *c, int64_t partner_id, struct list *out);

/* Those of the next `most` partners after one (0: from the first), by partner and currency. */
bool balance_page(struct ctx *c, int64_t after_partner_id, int64_t most, struct list *out);

extern const struct sql *const balance_sql[];

#endif
