/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_SALE_H
#define WHATIF_SALE_H

#include "whatif/world.h"

/*
 * Inside a world: what has become of an event in it, and what refunds do afterwards.
 */

/* An event as a world has judged it. */
struct ruling {
	const struct terms *terms;
	struct standing standing;
	struct occurrence event;
	const struct accrual *accrual;
};

struct sale_part {
	int64_t partner_id;
	struct counters added;
};

/* A sale that has refunds or disputes, as the world's standing needs to know it. */
struct sale {
	const struct terms *terms;
	int64_t customer_id, month, at_ms, amount_minor;
	const struct sale_part *parts;     /* what it added to those credited */
	size_t part_count;
	struct taken_list taken;
	int64_t gone_minor;                /* so much has lowered the standing */
	int64_t *amounts, *reversed;       /* of its commissions; the second as far as gone */
	size_t commission_count;
};

/* Add to what the event's customer has brought in commissions. */
void sale_spend(struct world *w, const struct happening *h, const struct ruling *r);

/* Keep a sale in mind whose refunds will lower the standing; what came before it does so now. */
void sale_open(struct world *w, const struct happening *h, const struct ruling *r);

/* What is taken back of an earning by all that is known today; of a rejected one, everything. */
int64_t sale_reversed(const struct world *w, const struct happening *h, const struct ruling *r,
                      size_t earning);

/* To a partner's sums and everybody's. */
void world_keep(struct world *w, int64_t partner_id, int64_t month, const struct counters *n,
                int64_t earned_minor);

/* Add an event that counts to the side and the sums. */
void world_count(struct world *w, const struct happening *h, const struct ruling *r,
                 struct world_outcome *out);

#endif
