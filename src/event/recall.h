/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_RECALL_H
#define EVENT_RECALL_H

#include "campaign/inputs_doc.h"
#include "event/event.h"

/*
 * Recall: what an event was judged by, so that it can be judged again.
 *
 * The event's row tells most of it. What it does not tell — how the partners stood at that
 * moment, what they had driven and earned, who was above them — is the JSON of event.inputs:
 * the members of inputs_doc_put_rest(), and "month" where the organisation's time zone puts
 * the event in another month (yyyymm) than UTC. "{}" for most sales; "" if nobody was
 * credited. A refund has "month" only: that of the sale when the refund lowered its counters.
 */

struct intake;

struct recall {
	struct inputs inputs;
	int64_t month;
};

/* Of an event that is credited to somebody. */
struct str recall_print(struct ctx *c, const struct intake *in);

/* Of a refund of a sale of that moment. */
struct str recall_print_month(struct ctx *c, int64_t month, int64_t at_ms);

/*
 * What the event was judged by under terms in the currency cur. Memory is c->arena's.
 * ERR_MALFORMED or ERR_INVALID where it cannot be read or makes no sense.
 */
bool recall_read(struct ctx *c, const struct event *e, const struct currency *cur,
                 struct recall *out);

/* The month at which a refund of a sale of that moment lowered its counters. As recall_read. */
bool recall_read_month(struct ctx *c, struct str inputs, int64_t at_ms, int64_t *out_month);

#endif
