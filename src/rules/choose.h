/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CHOOSE_H
#define RULES_CHOOSE_H

#include "rules/trace.h"

/*
 * Inside the engine: which reward applies to one credit, and for how long.
 *
 * The levels are asked from the most specific down; value and duration are each taken from the
 * first level that sets them. Every candidate that loses leaves a step that says why.
 */

struct choice {
	struct reward reward;     /* REWARD_NONE: no level had one */
	enum rule rule;
	int32_t index;            /* of the condition or tier */
	struct str name;          /* of the group */
	bool has_months;
	int32_t recurring_months;
	enum rule months_rule;
	int32_t months_index;
	int64_t driven;           /* that the tiers go by; 0 without tiers */
};

void choose(const struct input *in, size_t credit, struct accrual *a, struct choice *out);

/* The highest tier reached by a value, or -1. */
int32_t choose_tier(const struct terms *t, int64_t value);

/* The counter the tiers go by. */
int64_t choose_counter(const struct terms *t, const struct counters *c);

/* The group's offer in these terms, or NULL. */
const struct offer *choose_group(const struct terms *t, struct str name);

#endif
