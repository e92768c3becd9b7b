/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATEMENT_H
#define RESTATE_RESTATEMENT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Restatements: terms applied to what has happened.
 *
 * A published version never touches what was judged before it. Whoever wants that makes a run:
 * which terms (a version of the campaign, or a document that is not published), for events from
 * when to when, and why. The run is previewed, and only once it is approved it posts, for each
 * event that comes out differently, adjustments beside its commissions (restate/restated.h).
 *
 * preparing → previewed → posting → posted, or canceled before it is approved. Preparing and
 * posting go page by page (restate/sweep.h), so that other writes are served in between; a
 * small run is through at once.
 *
 * A run is about the events that had been recorded when it was made: what comes later, also of
 * that time, is judged by the terms in force. What is posted is what is right when it is posted:
 * a refund between preview and approval lowers it, and both figures are kept (restate/line.h).
 */

enum restatement_status {
	RESTATEMENT_PREPARING, /* 0 and 2: the job's statement says so */
	RESTATEMENT_PREVIEWED,
	RESTATEMENT_POSTING,
	RESTATEMENT_POSTED,
	RESTATEMENT_CANCELED,
};

extern const char *const restatement_status_names[];

#define RESTATEMENT_REASON_MAX 500

struct restatement {
	int64_t id;
	int64_t campaign_id;
	int64_t version;     /* of the campaign's terms; 0: the document was given */
	int64_t terms_id;    /* likewise */
	struct str document; /* the terms that are applied */
	int64_t from_at;     /* from <= event < to, by when it happened; 0: from the beginning */
	int64_t to_at;
	int64_t first_month; /* yyyymm: the first that lies wholly in it */
	struct str reason;   /* partners read it */
	int64_t status;
	int64_t stands;      /* what of its events is found again: bits of restate/stand.h */
	bool counted;        /* … and their standing has been: restate/used.h completes it */
	int64_t through_id;  /* the last event that had been recorded */
	int64_t position;    /* the last event that was looked at */
	struct str created_by;
	int64_t created_at;
	struct str approved_by;
	int64_t approved_at;
	int64_t approved_id; /* what was recorded before it was approved has a lower id */
	int64_t done_at;     /* all is posted */
};

extern const struct model restatement_model;

/* What a caller asks for; a day is one of the organisation's time zone. */
struct restatement_new {
	int64_t version;
	struct str terms;
	struct str from, to; /* "": from the beginning, until now */
	struct str reason;
};

extern const struct model restatement_new_model;

/*
 * Each of these leaves an entry in the audit log, if it changed something.
 *
 * Make a run and begin its preview. ERR_NOT_FOUND for the campaign; ERR_INVALID on "version" (none
 * or both, or no such version), under "terms" for the document, on "from", "to" (also when that
 * would divide a period that was trued up; restate/trued_up.h), "reason".
 */
bool restatement_create(struct ctx *c, int64_t campaign_id, const struct restatement_new *in,
                        struct restatement *out);

/* ERR_NOT_FOUND. */
bool restatement_get(struct ctx *c, int64_t id, struct restatement *out);

/* The newest runs of a campaign, at most `limit`. */
bool restatement_of_campaign(struct ctx *c, int64_t campaign_id, int64_t limit, struct list *out);

/*
 * Begin to post. ERR_STATE unless it is previewed (one that is approved already is no error, and
 * nothing is posted again), if nothing would change, while another run of the campaign posts, or
 * when it would divide a period that was trued up since it was made.
 */
bool restatement_approve(struct ctx *c, struct restatement *r);

/* ERR_STATE once it is approved. */
bool restatement_cancel(struct ctx *c, struct restatement *r);

/* Keep status, position and times. */
bool restatement_save(struct ctx *c, const struct restatement *r);

/* The next run that is being prepared or posted. */
bool restatement_working(struct ctx *c, struct restatement *out, bool *out_found);

/* Is the run about the event? */
struct event; /* event/event.h */
bool restatement_covers(const struct restatement *r, const struct event *e);

/* The run that counts for an event: the latest approved one that has come by it. */
bool restatement_over(struct ctx *c, const struct event *e, struct restatement *out,
                      bool *out_found);

/* All approved runs of a campaign that were approved before this id was made, oldest first. */
bool restatement_approved(struct ctx *c, int64_t campaign_id, int64_t before_id, struct list *out);

/* Has any run of the organisation ever been approved? */
bool restatement_any(struct ctx *c, bool *out);

/* The terms of a run, compiled; memory is c->arena's. */
struct terms; /* rules/terms.h */
bool restatement_terms(struct ctx *c, const struct restatement *r, const struct terms **out);

extern const struct sql *const restatement_sql[];

#endif
