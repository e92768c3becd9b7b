/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_HISTORY_H
#define DEAL_DEAL_HISTORY_H

#include "deal/deal.h"

/*
 * What each step has made of a deal: rows that are never changed, in the order of their ids. The
 * last one whose id is below an event's is what the event was judged by.
 */

struct deal_history {
	int64_t deal_id;
	int64_t id;
	int64_t stage; /* enum deal_stage, but DEAL_EXPIRED */
	int64_t conflict;
	int64_t registered_at, protected_until;
	struct str reason;
	struct str made_by;
	int64_t made_at;
};

extern const struct model deal_history_model;

/* The deal is what it is now. */
bool deal_history_add(struct ctx *c, const struct deal *d);

/* All of a deal, oldest first, at most 500. Items are struct deal_history. */
bool deal_history_list(struct ctx *c, int64_t deal_id, struct list *out);

/* Make of the deal what it was before an id (of an event) was made; false in *out: it was not. */
bool deal_history_then(struct ctx *c, int64_t before_id, struct deal *d, bool *out);

extern const struct sql *const deal_history_sql[];

#endif
