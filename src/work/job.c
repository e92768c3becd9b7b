/* SPDX-License-Identifier: Apache-2.0 */
#include "work/job.h"
#include "base/check.h"
#include "base/clock.h"
#include "work/batch.h"
#include "work/job_run.h"

#define STEPS_MAX 10000000 /* a job that never ends is a bug */

static struct actor nobody(void)
{
	return (struct actor){
		.kind = ACTOR_SYSTEM, .role = ROLE_OWNER,
		.sees_money = true, .sees_personal_data = true, .name = STR("partnerd"),
	};
}

static bool run_phase(struct ctx *c, struct task *t)
{
	struct job_run *r = (struct job_run *)t;

	if (r->phase == JOB_SETTLE)
		return r->job->settle(c, r->load);
	r->more = false;
	r->load = NULL;
	return r->job->step ? r->job->step(c, &r->more) : r->job->take(c, &r->load, &r->more);
}

void job_run_init(struct job_run *r, const struct job *j, int64_t org_id)
{
	CHECK((j->step != NULL) != (j->take && j->send && j->settle));
	CHECK(j->control == (org_id == 0));
	*r = (struct job_run){ .job = j, .phase = JOB_STEP };
	arena_init(&r->arena);
	r->task = (struct task){
		.kind = j->control ? WORK_CONTROL_WRITE : WORK_WRITE,
		.org_id = org_id,
		.arena = &r->arena,
		.actor = nobody(),
		.run = run_phase,
	};
}

void job_run_send(struct job_run *r)
{
	struct ctx c = batch_ctx(&r->task);

	r->ok = r->job->send(&c, r->load);
	r->err = c.err;
}

bool job_run_advance(struct job_run *r)
{
	if (!r->ok)
		return false;
	if (r->phase == JOB_STEP && r->load) {
		r->phase = JOB_SEND;
		return true;
	}
	if (r->phase == JOB_SEND) {
		r->phase = JOB_SETTLE;
		return true;
	}
	r->phase = JOB_STEP;
	arena_reset(&r->arena);
	return r->more;
}

bool job_run(struct work *w, struct ctx *c, const struct job *j, int64_t org_id, int64_t at_ms)
{
	struct actor actor = c->actor;
	struct job_run r;
	int64_t steps = 0;

	job_run_init(&r, j, org_id);
	r.task.now_ms = at_ms;
	r.task.app = c->app;
	c->actor = nobody();
	do {
		CHECK(++steps < STEPS_MAX);
		if (r.phase == JOB_SEND)
			job_run_send(&r);
		else
			r.ok = work_run(w, c, &r.task);
	} while (job_run_advance(&r));
	if (!r.ok && r.phase == JOB_SEND)
		c->err = r.err;
	c->actor = actor;
	arena_release(&r.arena);
	return r.ok;
}

const struct job *job_find(const struct job *jobs, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is(name, jobs[i].name))
			return &jobs[i];
	}
	return NULL;
}
