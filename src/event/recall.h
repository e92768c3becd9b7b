/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_RECALL_H
#define EVENT_RECALL_H

#include "campaign/inputs_doc.h"
#include "event/event.h"
#include "rules/engine.h"

/*
 * Recall: what an event was judged by, so that it can be judged again.
 *
 * The event's row tells most of it. What it does not tell — how the partners stood at that
 * moment, what they had driven and earned, who was above them — is the JSON of event.inputs:
 * the members of inputs_doc_put_rest(), and "month" where the organisation's time zone puts
 * the event in another month (yyyymm) than UTC; of a true-up "correction", what it corrects.
 * "{}" for most sales; "" if nobody was credited, and for what takes back, which is judged
 * by the sale it is about.
 */

struct intake;

struct recall {
	struct inputs inputs;
	int64_t month;
	struct correction correction; /* of a true-up */
};

/* Of an event that is credited to somebody. */
struct str recall_print(struct ctx *c, const struct intake *in);

/*
 * What the event was judged by under terms in the currency cur. Memory is c->arena's.
 * ERR_MALFORMED or ERR_INVALID where it cannot be read or makes no sense.
 */
bool recall_read(struct ctx *c, const struct event *e, const struct currency *cur,
                 struct recall *out);

/* The same of an event that nobody is credited with: what its row and the caller's words say. */
bool recall_bare(struct ctx *c, const struct event *e, const struct currency *cur,
                 struct recall *out);

#endif
