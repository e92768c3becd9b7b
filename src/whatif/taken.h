/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_TAKEN_H
#define WHATIF_TAKEN_H

#include "base/arena.h"
#include "rules/dispute.h"

/*
 * Taken back: what refunds and disputes have told of a sale, in the order they came.
 */

struct taken {
	int64_t sale_id, event_id;
	bool disputed;          /* else refunded */
	struct str dispute;
	int64_t state, amount, at;
};

/* Those of one sale, by event. */
struct taken_list {
	const struct taken *all;
	size_t count;
};

/* A customer left; as told by an event. */
struct left {
	int64_t customer_id, at, event_id;
};

/* When a customer has left since an event of its own, by time. */
struct left_list {
	const struct left *all;
	size_t count;
};

/* When the customer left first, as far as was known when the event `until` had come; 0: not yet. */
int64_t left_known(const struct left_list *of, int64_t until);

/* As the rules read them; memory is the arena's. */
struct taken_facts {
	struct reverse_facts facts; /* without churn */
	int64_t gone_minor;         /* refunded and lost, at most the sale */
	int64_t refunded_minor;
};

/* What was known of a sale when the event `until` had come. */
void taken_known(struct arena *a, const struct taken_list *of, int64_t until,
                 int64_t sale_minor, struct taken_facts *out);

#endif
