/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_USED_H
#define RESTATE_USED_H

#include "event/event.h"
#include "restate/restatement.h"
#include "rules/engine.h"

/*
 * What an event of a run is judged by that depends on the run itself, and on all that came to the
 * campaign: how much of the chosen terms' caps is used, which leads are repeated, and what a
 * partner has driven in the whole period of retroactive tiers.
 *
 * When the standing of all events has been found (restate/stand.h), the run goes through them once
 * more, in the order they came: an event of the run is completed, judged by the chosen terms, and
 * what they give uses caps up; any other uses up what it has earned. A partner's and the campaign's
 * caps are used by what was earned, a customer's by what was left of it at that moment
 * (restate/spent.h), as ever.
 * Retroactive tiers count what had been driven in the period when the run was made, from the
 * period's first event on: nothing is trued up afterwards. A lead pays once per partner and
 * address, by the first one that is paid for in the run or beside it.
 *
 * What is found is kept with the run, and stays: a refund that comes later lowers what an event
 * comes to, but neither the tier of others nor what they left of a cap.
 */

/* Do such terms need it, for these bits of restatement.stands? */
bool used_asked(const struct terms *chosen, int64_t stands);

/* Complete what an event of the run is judged by. */
bool used_fill(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e);

/* What it gives, as judged by that, is used; and what an event beside the run has earned. */
bool used_take(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e, const struct accrual *judged);
bool used_beside(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                 const struct event *e);

/* What a commission of an event beside the run uses up of caps (of the run: counters_earned). */
struct commission; /* commission/commission.h */
int64_t used_by_commission(const struct terms *chosen, const struct commission *m);

/* Leads that the run has paid for are paid for ever: those that come later are repeated ones. */
bool used_leads_paid(struct ctx *c, const struct restatement *r);

extern const struct sql *const used_sql[];

#endif
