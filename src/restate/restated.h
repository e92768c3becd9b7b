/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATED_H
#define RESTATE_RESTATED_H

#include "event/event.h"
#include "restate/restatement.h"
#include "rules/restate.h"

/*
 * One event under a restatement.
 *
 * It is judged again by what was stored of it. For partners whose commissions come to something
 * else, one event restate/<run>/<event> is recorded, happening when it is posted, with a
 * commission for each of them: the difference, which may be below zero. It is due when the
 * commission it corrects is (where there was none, when the chosen terms say), and waits for a
 * person where that does; what takes back waits for nobody. Partners who are banned get nothing
 * more. Commissions of restatements are not capped and count towards no cap or tier.
 *
 * What is told of the event later (a refund, a dispute, a decision) changes what it should come
 * to; the difference to what is there then is one more event, with /2, /3, … behind its id.
 *
 * A true-up that is void under the run (restate/trued_up.h) is judged to nothing.
 *
 * Such an event's inputs are {"restatement": run, "parts": [{"partner", "kind", "currency", "is",
 * "was", "before", "stopped"?}]}: every part that comes out differently, also those that get
 * nothing because the partner is banned. The audit finds the same figures again as of that event.
 */

struct restated {
	const struct event *event;
	const struct restatement *run;
	const struct terms *terms; /* of the run */
	int64_t before_id;         /* as of this event; INT64_MAX: now */
	const struct accrual *judged; /* until the next one is judged on this thread */
	const struct restate *sum;    /* likewise */
};

/* Can an event of this type be restated at all? */
bool restated_covers(int64_t event_type);

/* Judge x->event; sets judged and sum. */
bool restated_judge(struct ctx *c, struct restated *x);

/* Does the partner get nothing more, so that a part above zero is not posted? */
bool restated_stopped(struct ctx *c, const struct restate_part *p, bool *out);

/* Post what comes out differently, and add it to the run's lines. */
bool restated_post(struct ctx *c, const struct restated *x);

/* The commissions of all restatements of an event, oldest first: struct commission. */
bool restated_commissions(struct ctx *c, int64_t event_id, struct list *out);

/* A part as an event of a restatement has it in its inputs. */
struct restated_part {
	int64_t partner_id, kind;
	const struct currency *currency;
	int64_t is_minor, was_minor, before_minor;
	bool stopped;
};

/* ERR_MALFORMED or ERR_INVALID where they cannot be read. */
bool restated_read(struct ctx *c, struct str inputs, int64_t *out_run_id,
                   struct restated_part **out, size_t *out_count);

extern const struct sql *const restated_sql[];

#endif
