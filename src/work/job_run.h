/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_JOB_RUN_H
#define WORK_JOB_RUN_H

#include "work/job.h"

/* One job being run for one organisation: a task that goes from phase to phase. */

enum job_phase { JOB_STEP, JOB_SEND, JOB_SETTLE };

struct job_run {
	struct task task;      /* first: the lane hands back a pointer to it */
	struct arena arena;
	const struct job *job;
	enum job_phase phase;
	void *load;
	bool more;
	bool ok;
	struct err err;
};

/* Set up for the first phase; task.done is the caller's. */
void job_run_init(struct job_run *r, const struct job *j, int64_t org_id);

/* Carry out send() on the calling thread. */
void job_run_send(struct job_run *r);

/* After a phase: go to the next one; false when there is none (done, or it failed). */
bool job_run_advance(struct job_run *r);

#endif
