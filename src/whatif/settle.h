/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_SETTLE_H
#define WHATIF_SETTLE_H

#include "whatif/sale.h"

/*
 * True-ups inside a world: what retroactive tiers, and a clawback that is trued up, settle when a
 * period is over (docs/RULES.md; calendar/true_up.h does it in earnest).
 *
 * No event is looked at twice. When it is judged, it is also judged with each of the tiers that
 * the period could still reach, and what that comes to is added up by tier, for each partner
 * and period. When the period is over, the tier reached says which of the sums counts. As the
 * job, which runs every minute: what comes late is settled by the difference, at the next one.
 */

/* Take in an event as this world has judged it. `s`: its refunds will come to settle_update. */
void settle_add(struct world *w, const struct happening *h, const struct ruling *r,
                struct sale *s);

/* What is known of the sale has changed. */
void settle_update(struct world *w, struct sale *s);

/*
 * What is over at now_ms and due, as the job would. False with the error in w->today->c. Events
 * before: whatever is received later than now_ms.
 */
bool settle_run(struct world *w, int64_t now_ms);

/* All that is over by now_ms, without waiting for the job. */
bool settle_finish(struct world *w, int64_t now_ms);

/* Periods that are not over, and for which there would be something to settle as of now. */
size_t settle_open(const struct world *w);

#endif
