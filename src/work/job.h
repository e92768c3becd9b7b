/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_JOB_H
#define WORK_JOB_H

#include "work/work.h"

/*
 * Jobs: what happens later. One row per kind in the program's job table; the
 * function has the shape of a handler, runs in the organisation's lane in steps,
 * is idempotent, and can be run by hand: `partnerd job NAME --org ORG --at TIME`.
 *
 * A step does a bounded amount of work and says whether there is more; each step
 * is one task of the lane, so requests are served in between.
 */

struct job {
	const char *name;
	const char *what;    /* one sentence for --help */
	int64_t every_ms;    /* 0: only by hand or when woken */
	bool control;        /* runs once on the control data instead of once per organisation */
	bool (*step)(struct ctx *c, bool *out_more);
};

struct schedule;

/* Start the thread that runs due jobs for every organisation; org_ids lists those there are. */
struct schedule *schedule_start(struct work *w, const struct job *jobs, size_t count, void *app);
void schedule_stop(struct schedule *s);

/* Run a job now for one organisation, until there is no more, at the given time. */
bool job_run(struct work *w, struct ctx *c, const struct job *j, int64_t org_id, int64_t at_ms);

#endif
