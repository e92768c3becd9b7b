/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_TRUE_UP_H
#define CALENDAR_TRUE_UP_H

#include "calendar/true_up_sum.h"

/*
 * True-ups: when a period of retroactive tiers, or of a clawback that is trued up, is over, one
 * event for each partner whose period comes to something else, true-up/<enrolment>/<period>.
 *
 * First the job notes which events count for whose period, and that the period is due
 * (true_up_fold); then it goes through the periods that are due and over. What comes late, a
 * sale, a refund, makes its period due again: the difference to what was trued up before is
 * a further event, with /2, /3, … behind its id. Where there is no difference there is none.
 */

/* The job's step: a page of events, or one partner's period. */
bool true_up_step(struct ctx *c, bool *out_more);

/* Note the next events, up to the newest; *out_more: there are more. */
bool true_up_fold(struct ctx *c, bool *out_more);

/* The period is due: the job looks at it again. */
bool true_up_again(struct ctx *c, const struct true_up_period *p);

extern const struct sql *const true_up_sql[];
extern const struct sql *const true_up_fold_sql[];

#endif
