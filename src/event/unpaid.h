/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_UNPAID_H
#define EVENT_UNPAID_H

#include "event/event.h"
#include "rules/engine.h"

/*
 * Who earns nothing of an event, and why: one entry for each partner that the event is credited to,
 * or that stands above, and whose part a rule kept from becoming a commission.
 *
 * Nothing is stored for it: what an event was judged by is (recall.h), and judging it again gives
 * what was found when it was recorded, so answers and pages say the same for ever.
 */

struct unpaid {
	int64_t partner_id;
	int64_t kind;            /* enum earning_kind */
	int64_t gate;            /* enum gate: what it failed at */
	int64_t terms_id;
	struct str explanation;  /* JSON as a commission's; the last step is "gate" */
};

/* Of an event that has just been judged: struct unpaid in *out. */
void unpaid_judged(struct ctx *c, const struct terms *t, const struct standing *s,
                   const struct accrual *a, struct list *out);

/* Of a stored one; none of those that take back. Errors as recall_read. */
bool unpaid_of_event(struct ctx *c, const struct event *e, struct list *out);

/* As answers list one. */
void unpaid_print(struct buf *b, const struct unpaid *u);

#endif
