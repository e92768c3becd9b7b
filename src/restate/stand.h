/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_STAND_H
#define RESTATE_STAND_H

#include "campaign/inputs_doc.h"
#include "event/event.h"
#include "restate/restatement.h"

/*
 * The standing of events, found again where it was not stored with them: what partners had driven,
 * when the chosen terms have tiers and those of the time did not count by that period; who stood
 * above them, when the chosen terms pay more levels.
 *
 * A run that needs it goes through all events of the campaign from the first one on, as the audit
 * does: what each partner has driven is kept by months beside the run (restatement_counter), as
 * the terms in force counted it, and lowered by refunds and disputes in the order they came. Who
 * stood above is asked for the moment of the event; whether they may earn is as it is when the
 * run is prepared. Rates of fixed rewards in other currencies are those of the day. What an event
 * of the run is judged by is then stored with the run (restatement_input: the JSON of
 * inputs_doc.h) and, once restate/used.h has completed it, never found again.
 */

/* What a run finds again of its events: bits of restatement.stands. */
enum {
	STANDS_AGAIN = 1, /* the standing */
	STANDS_LEADS = 2, /* which leads are repeated, as well */
};

/* The next event of the campaign, in the order they came: count it; within the run, store it. */
bool stand_pass(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                const struct event *e);

/* A refund or dispute of a sale of the campaign: what it lowers. */
bool stand_lower(struct ctx *c, const struct restatement *r, const struct event *notice);

/* What a partner (0: all of them) has driven and earned by the counters of the run. */
struct stand_sum {
	struct counters driven;
	int64_t earned_minor;
};

bool stand_sum(struct ctx *c, const struct restatement *r, int64_t partner_id,
               const int64_t months[2], struct stand_sum *out);

/* Add to what a partner (0: all of them) has driven and earned in a month. */
bool stand_add(struct ctx *c, const struct restatement *r, const int64_t partner_month[2],
               const struct stand_sum *more);

/* Keep what an event of the run is judged by, which was kept before. */
bool stand_keep(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                int64_t event_id, const struct inputs *in);

/* What an event of the run is judged by. ERR_NOT_FOUND. */
bool stand_read(struct ctx *c, const struct restatement *r, int64_t event_id,
                const struct currency *cur, struct inputs *out);

extern const struct sql *const stand_sql[];

#endif
