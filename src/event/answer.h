/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_ANSWER_H
#define EVENT_ANSWER_H

#include "commission/commission.h"
#include "event/event.h"

/*
 * The JSON around events: what is stored of the caller's words, and what is answered.
 */

/* The attributes in a stable order and form; "" for none. */
struct str answer_attributes(struct ctx *c, const json_t *attributes);

/* {"product": …, "customer": …, "attributes": {…}}: only what was said. */
struct str answer_facts(struct ctx *c, const struct track *t, struct str attributes);

/* The answer for an event whose commissions, and struct unpaid, are at hand. */
struct str answer_fresh(struct ctx *c, const struct event *e, const struct list *commissions,
                        const struct list *unpaid);

/* One commission as answers list it, as it was when it was made. */
void answer_commission(struct buf *b, const struct commission *m);

#endif
