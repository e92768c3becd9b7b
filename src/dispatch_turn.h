/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCH_TURN_H
#define DISPATCH_TURN_H

#include "access/access.h"
#include "access/inflight.h"
#include "dispatch.h"
#include "dispatch_slow.h"
#include "net/server.h"
#include "work/work.h"

/*
 * Private to the dispatcher: one request on its way. It lives in the request's
 * arena and is touched by one thread at a time: first the loop's, then a worker's.
 */

struct expand;

struct dispatch {
	struct dispatch_config config;
	struct router *router;
	struct slow *slow;
	struct inflight *inflight;
	_Atomic int64_t rate_refused;
};

struct turn {
	struct task task;        /* first: tasks are turns */
	struct dispatch *d;
	struct req *q;
	struct res *r;
	int64_t began_ns;
	struct ask ask;
	struct facts facts;
	struct ctx c;            /* of the decisions on the loop thread: actor, org_id, err */
	struct str idempotency;  /* the key with its route, or "" */
	struct inflight_entry flight; /* name "": not in flight */
	struct expand *expand;   /* what the answer is to have expanded; or NULL */
	struct str if_match, if_none_match; /* lists of tags, see net/etag.h; or "" */
	/* GETs the object that those are about, or whose tag the answer may have; or NULL */
	const struct route *object;
	struct str version;      /* of the API, as asked for; "": as the key says */
	bool rated;              /* rate is of this request */
	struct rate_state rate;
	struct err problem;      /* of the form that is shown again */
};

/* Put the error in t->c.err into words: a problem or a page. */
void turn_refuse(struct turn *t);

/* What every answer of a turn gets: headers of rates and the line in the log. */
void turn_finish(struct turn *t);

/* What can be said of a path that has no route, without a handler; true if it has been. */
bool turn_answer_path(struct turn *t);

/* Of an API call: is it of a version that this server speaks? ERR_MALFORMED. */
bool turn_read_version(struct turn *t);

/* Take `expand` out of the query, if it is there and may be. ERR_INVALID, ERR_DENIED on "expand". */
bool turn_read_expand(struct turn *t);

/* Expand it in the handler's answer, on the worker. */
bool turn_expand(struct ctx *c, struct turn *t);

/*
 * Read If-Match and If-None-Match. ERR_MALFORMED for what is no list of tags or cannot be kept;
 * ERR_DENIED if the object that a write is about may not be read.
 */
bool turn_read_match(struct turn *t);

/*
 * In the transaction, before the work: is the object what If-Match says? ERR_STALE; ERR_NOT_FOUND
 * where it is not. And after it: ETag on what has one, 304 instead of what is known, ERR_STALE.
 */
bool turn_match(struct ctx *c, const struct turn *t);
bool turn_tag(struct ctx *c, struct turn *t);

/* Does the request come from a page of this server? ERR_DENIED, on the loop thread. */
bool turn_check_form(struct turn *t);

#endif
