/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_SPENT_H
#define RESTATE_SPENT_H

#include "event/event.h"
#include "restate/restatement.h"

/*
 * What customers have used of caps in a run: what was left, at the moment of an event, of all that
 * its customer had brought before; of events of the run by the chosen terms, of others as they
 * earned.
 *
 * The run goes through the events in the order they came (restate/used.h). The sum of each customer
 * is kept beside the run, and what it has of each event (restatement_spent). What is left of an
 * event changes only when something is told of it: a refund, a dispute, that the customer left, a
 * rejection. Then, and when it is new, it is stale, and looked at again when the customer's next
 * event asks for the sum. So an event is looked at once, and once more for what is told of it,
 * however many its customer has.
 */

struct terms; /* rules/terms.h */

/* Do such terms need it? */
bool spent_asked(const struct terms *chosen);

/* From now on this event is among its customer's. */
bool spent_note(struct ctx *c, const struct restatement *r, const struct event *e);

/* A refund, dispute or churn: what it is about is stale. */
bool spent_told(struct ctx *c, const struct restatement *r, const struct event *notice);

/* Of rejections, in order: what was rejected before an event is stale. */
struct spent_rejections {
	struct list all; /* struct rejection */
	size_t next;
};
bool spent_reject_before(struct ctx *c, const struct restatement *r, int64_t event_id,
                         struct spent_rejections *rejected);

/* What was left at the moment of an event of its customer's earlier ones. */
bool spent_sum(struct ctx *c, const struct restatement *r, const struct terms *chosen,
               const struct event *e, int64_t *out_minor);

/* Look at one: what was left of it as of another. */
struct spent_look {
	const struct restatement *run;
	const struct terms *chosen;
	int64_t event_id, as_of_id;
};
bool spent_look(struct ctx *c, const struct spent_look *at, int64_t *out_minor);

/* How often this thread has looked at one: so that tests can count. */
int64_t spent_looks(void);

extern const struct sql *const spent_sql[];

#endif
