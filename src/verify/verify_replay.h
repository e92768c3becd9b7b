/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_REPLAY_H
#define VERIFY_VERIFY_REPLAY_H

#include "event/recall.h"
#include "restate/restatement.h"
#include "rules/engine.h"
#include "verify/books_tally.h"
#include "verify/recount.h"
#include "verify/verify.h"

/*
 * Replay: judges every event again, in the order they came, by what was stored of it and by
 * the terms of its time, and compares
 *   - the commissions the engine makes with those that are stored, to the cent;
 *   - what refunds, disputes and churn took back with what they should have;
 *   - the partners above with those of its time;
 *   - the standing each event was judged by, the standing kept today, and the customers'
 *     invoices and owners, with a recount.
 */

struct replay {
	struct verify *v;
	struct ctx lasting;       /* an arena that lives as long as the replay: for terms */
	struct list versions;     /* struct replay_version, by campaign and version */
	struct list churns;       /* when customers left, by customer and time; notices.h */
	struct list placed, moved; /* partners below others, and their moves; verify_parents.c */
	struct recount *recount;
	bool stood;               /* restatements have found something again */
	struct list rejected;     /* struct rejection, where they use caps per customer */
	size_t rejected_next;
	struct replay_run *runs;  /* restatements, each read when it is first needed */
	struct tallies *restated; /* by run and partner: what they have posted, and how often */
};

/* A version of terms, read when it is first needed. */
struct replay_version {
	int64_t id, campaign_id, effective_at;
	const struct terms *terms;
	bool unreadable;
};

/* A restatement with its terms, compiled once. */
struct replay_run {
	struct replay_run *next;
	struct restatement run;
	const struct terms *terms;
	struct stood *stood;      /* what it has found again; verify_stood.c */
};

/* One event, and what it was judged by. */
struct replayed {
	const struct event *event;
	char id[32];
	const struct terms *terms;
	struct recall recall;
	const struct accrual *accrued;
	const struct recount *used; /* what uses up caps in a restatement; NULL: all that was earned */
	bool later;                 /* what was driven is compared when its period is over */
};

/* Compare the standing that the event was judged by with the recount: before it is counted. */
void replay_check_standing(struct replay *r, const struct replayed *e);

/* Read who stood above whom; then compare an event's chain with that. */
bool replay_read_parents(struct replay *r);
void replay_check_chain(struct replay *r, const struct replayed *e, const struct credit *cr);

/* Compare the rate the event was converted at with what is stored as published that day. */
bool replay_check_rate(struct replay *r, const struct replayed *e);

/* Compare what a true-up corrects with what its period comes to. False if that could not be read. */
bool replay_check_true_up(struct replay *r, const struct replayed *e);

/*
 * Compare what a restatement has posted with what the event it restates comes to, as of then; the
 * commissions are struct commission. False if that could not be read.
 */
bool replay_restated(struct replay *r, const struct event *e, const struct list *commissions);

/* After all events: the lines of the runs say what has been posted. False if not to be read. */
bool replay_check_lines(struct replay *r);

/* A restatement, read when it is first needed. False with the error in the replay's context. */
bool replay_find_run(struct replay *r, int64_t id, struct replay_run **out);

/*
 * What restatements have found again. Before each event all that is over is compared; then, before
 * it is counted, what each of them judges it by, with the commissions (struct commission) it made;
 * of one that takes back they are told.
 */
bool replay_read_stood(struct replay *r);
void replay_free_stood(struct replay *r);
void replay_pass_stood(struct replay *r, int64_t event_id);
void replay_tell_stood(struct replay *r, const struct event *notice);
bool replay_check_stood(struct replay *r, const struct replayed *e, const struct list *commissions);

/* Count the event. */
void replay_count(struct replay *r, const struct replayed *e);

/* Compare the tables with the recount, after all events. False if they could not be read. */
bool replay_check_tables(struct replay *r);

#endif
