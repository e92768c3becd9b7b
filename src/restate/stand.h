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
 * run is prepared. What an event of the run is judged by is then stored with the run
 * (restatement_input: the JSON of inputs_doc.h) and never found again.
 */

/* The next event of the campaign, in the order they came: count it; within the run, store it. */
bool stand_pass(struct ctx *c, const struct restatement *r, const struct terms *chosen,
                const struct event *e);

/* A refund or dispute of a sale of the campaign: what it lowers. */
bool stand_lower(struct ctx *c, const struct restatement *r, const struct event *notice);

/* What an event of the run is judged by. ERR_NOT_FOUND. */
bool stand_read(struct ctx *c, const struct restatement *r, int64_t event_id,
                const struct currency *cur, struct inputs *out);

extern const struct sql *const stand_sql[];

#endif
