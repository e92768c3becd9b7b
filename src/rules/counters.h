/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_COUNTERS_H
#define RULES_COUNTERS_H

#include "rules/engine.h"

/*
 * Counters: what was driven (rules/input.h), added up and compared member by member; and what an
 * event adds to what was earned, beside accrue_counts().
 */

void counters_add(struct counters *to, const struct counters *more);

/* What is left of one without the other. */
struct counters counters_less(const struct counters *all, const struct counters *off);

bool counters_same(const struct counters *a, const struct counters *b);

/* Is there nothing in it? */
bool counters_none(const struct counters *n);

/* What a credited partner earns itself in the campaign's currency: that counts against caps. */
int64_t counters_earned(const struct terms *t, const struct accrual *a, size_t credit);

#endif
