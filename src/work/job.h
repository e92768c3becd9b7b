/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_JOB_H
#define WORK_JOB_H

#include "work/work.h"

/*
 * Jobs: what happens later. One row per kind in the program's job table; the
 * functions have the shape of a handler, run in the organisation's lane in steps,
 * are idempotent, and can be run by hand: `partnerd job NAME --org ORG --at TIME`.
 *
 * A step does a bounded amount of work and says whether there is more; each step
 * is one task of the lane, so requests are served in between. It does all that is
 * due up to c->now_ms, so that a job catches up by itself after an outage: every
 * job runs at the start and then each every_ms of the program's clock.
 *
 * A job that talks to the world must not do so inside a transaction. It has three
 * functions instead: take() picks what to do (in the lane; a crash after it must
 * do no harm), send() does it on a thread of its own without a database, settle()
 * stores what came of it (in the lane). All share what take() left in *load, in
 * c->arena. Nothing taken: *load stays NULL and neither is called.
 */

struct job {
	const char *name;
	const char *what;    /* one sentence for --help */
	int64_t every_ms;    /* 0: only by hand or when woken */
	bool control;        /* runs once on the control data instead of once per organisation */
	bool (*step)(struct ctx *c, bool *out_more);
	bool (*take)(struct ctx *c, void **load, bool *out_more);
	bool (*send)(struct ctx *c, void *load);
	bool (*settle)(struct ctx *c, void *load);
};

struct schedule;

/*
 * Start the threads that run due jobs for every organisation the store has. The
 * work must have threads and outlive the schedule. Failures are logged; the job
 * comes again when it is due again.
 */
struct schedule *schedule_start(struct work *w, const struct job *jobs, size_t count, void *app);

/*
 * Run a job soon for one organisation (0 for control jobs), e.g. when a request has left
 * something for it; cheap, from any thread. Waking twice before it begins runs it once.
 */
void schedule_wake(struct schedule *s, const char *job, int64_t org_id);

/* Begin nothing new, wait for what runs, free. */
void schedule_stop(struct schedule *s);

/*
 * Run a job now for one organisation (0 for control jobs), until there is no more, at the
 * given time (0: now), on the calling thread. The job's error is in c->err.
 */
bool job_run(struct work *w, struct ctx *c, const struct job *j, int64_t org_id, int64_t at_ms);

/* The job of a name, or NULL. */
const struct job *job_find(const struct job *jobs, size_t count, struct str name);

#endif
