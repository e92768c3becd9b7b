/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_SPENT_RECOUNT_H
#define VERIFY_SPENT_RECOUNT_H

#include "restate/spent.h"

/*
 * What customers have used of caps in a restatement, counted again in memory, beside what the run
 * has kept in tables (restate/spent.h): of each customer the sum, its events, and those of which
 * something was told since they were looked at. Works in the order of events; each is looked at
 * once, and once more for what is told of it.
 */

struct spent_recount;

struct spent_recount *spent_recount_new(void);
void spent_recount_free(struct spent_recount *s);

/* From now on this event is among its customer's. */
void spent_recount_note(struct spent_recount *s, const struct event *e);

/* A refund, dispute or churn, or (of a customer's event) a rejection. */
void spent_recount_told(struct spent_recount *s, const struct event *notice);
void spent_recount_rejected(struct spent_recount *s, int64_t customer_id, int64_t event_id);

/* What was left at the moment of an event of its customer's earlier ones. */
struct terms; /* rules/terms.h */
bool spent_recount_sum(struct ctx *c, struct spent_recount *s, struct spent_look *at,
                       const struct event *e, int64_t *out_minor);

#endif
