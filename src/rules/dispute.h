/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_DISPUTE_H
#define RULES_DISPUTE_H

#include "rules/reverse.h"

/*
 * Disputes of a sale, from what has been told of them, in any order and however often.
 *
 * A dispute is opened and then won or lost. A decision counts whether or not the opening was
 * told; of two decisions the later one does, of two at the same moment the loss, and of two
 * losses then the larger. It counts from the earliest moment at which anything is known of it.
 * Its amount is the one told with the decision, else the largest told; 0 is all of the sale.
 */

extern const char *const dispute_state_names[]; /* opened, won, lost; ends with NULL */

struct dispute_notice {
	struct str dispute; /* which one */
	enum dispute_state state;
	int64_t amount_minor;
	int64_t at_ms;
};

/* One fact for each dispute, in the order of their first notices; out has room for count. */
size_t dispute_fold(const struct dispute_notice *all, size_t count, struct dispute_fact *out);

/* How much of a sale is gone: what was refunded and what was lost, at most all of it. */
int64_t dispute_gone(int64_t sale_minor, int64_t refunded_minor, const struct dispute_fact *all,
                     size_t count);

#endif
