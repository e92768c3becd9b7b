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

struct settle_item; /* whatif/settle.h */

/* An event of which something is taken back later, as the world needs to know it. */
struct sale {
	const struct terms *terms;
	int64_t customer_id, month, at_ms, amount_minor;
	const struct sale_part *parts;     /* what it added to those credited */
	size_t part_count;
	struct taken_list taken;
	struct left_list left;
	int64_t gone_minor, refunded_minor; /* so much has lowered the standing */
	int64_t *amounts, *reversed;       /* of its commissions; the second as far as gone */
	size_t commission_count;
	struct settle_item *items;         /* what it is worth in its periods */
	size_t item_count;
	size_t before;                     /* the customer's sale before it: its place, from 1 */
};

/* Add to what the event's customer has brought in commissions. */
void sale_spend(struct world *w, const struct happening *h, const struct ruling *r);

/* Is there something that will be taken back of it, and that this world has to follow? */
bool sale_followed(const struct world *w, const struct happening *h);

/* Keep it in mind; sale_begin then does what was known before it came. */
struct sale *sale_open(struct world *w, const struct happening *h, const struct ruling *r);
void sale_begin(struct world *w, const struct happening *h);

/* The stored commission that an earning stands for has been rejected. */
bool sale_rejected(const struct happening *h, const struct accrual *a, size_t earning);

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
