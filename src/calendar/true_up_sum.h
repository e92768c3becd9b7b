/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_TRUE_UP_SUM_H
#define CALENDAR_TRUE_UP_SUM_H

#include "base/ctx.h"
#include "db/db.h"

struct counters;  /* rules/input.h */
struct enrolment;
struct true_up;   /* rules/true_up.h */

/*
 * What a partner's period comes to, by its events as they were judged and the tier reached.
 *
 * An event under an approved restatement is no longer part of it, and a true-up that is void under
 * one no longer counts as before (restate/trued_up.h).
 *
 * As of an event: only what was recorded before it counts, so that the audit can ask again
 * what a true-up was made by. INT64_MAX: as of now.
 */

struct true_up_period {
	int64_t campaign_id, partner_id;
	int64_t first_month, last_month; /* yyyymm */
};

/* reached: what the partner has driven in the period. */
bool true_up_sum(struct ctx *c, const struct true_up_period *p, const struct counters *reached,
                 int64_t as_of_id, struct true_up *out);

/* What earlier true-ups of an enrolment's period have corrected, and the next one's free id. */
struct true_up_before {
	int64_t minor;
	struct str next_id;
};

bool true_up_before(struct ctx *c, const struct enrolment *e, struct str period, int64_t as_of_id,
                    struct true_up_before *out);

/* "2026-11", "2026-Q4", "2026" */
struct str true_up_name(struct arena *a, const struct true_up_period *p);

/* The other way round; false for what is no such name. */
bool true_up_months(struct str name, int64_t *out_first, int64_t *out_last);

extern const struct sql *const true_up_sum_sql[];

#endif
