/* SPDX-License-Identifier: Apache-2.0 */
#include "work/job.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "work/job_run.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define TICK_MS 200          /* how often the clock is looked at */
#define RUNS_AT_ONCE 16      /* tasks of jobs in lanes; the rest waits here */
#define SENDERS 4
#define SLOTS 4096

enum run_state { RUN_WAITING, RUN_BUSY };

struct run {
	struct job_run j;          /* first */
	struct schedule *schedule;
	enum run_state state;
	bool again;                /* woken while it was running */
	struct run *next_in_slot;
	struct run *next;          /* on one of the lists */
};

struct run_list {
	struct run *first, *last;
};

struct schedule {
	struct work *work;
	const struct job *jobs;
	size_t job_count;
	int64_t *due_ms;           /* per job; the schedule's thread only */
	void *app;
	pthread_mutex_t lock;      /* around everything below */
	pthread_cond_t changed, to_send;
	struct run *slots[SLOTS];
	struct run_list waiting, phase_done, sending;
	int64_t busy;              /* runs that are in a lane or with a sender */
	bool stopping;
	pthread_t thread, senders[SENDERS];
};

static void list_push(struct run_list *l, struct run *r)
{
	r->next = NULL;
	if (l->last)
		l->last->next = r;
	else
		l->first = r;
	l->last = r;
}

static struct run *list_pop(struct run_list *l)
{
	struct run *r = l->first;

	if (r) {
		l->first = r->next;
		if (!l->first)
			l->last = NULL;
	}
	return r;
}

static struct run **slot_of(struct schedule *s, const struct job *j, int64_t org_id)
{
	uint64_t hash = ((uint64_t)org_id + (uint64_t)(j - s->jobs)) * 0x9E3779B97F4A7C15u;
	struct run **at = &s->slots[(hash >> 32) % SLOTS];

	while (*at && ((*at)->j.job != j || (*at)->j.task.org_id != org_id))
		at = &(*at)->next_in_slot;
	return at;
}

/* On a worker or a sender: hand the run back to the schedule's thread. */
static void phase_done(struct task *t, bool ok, const struct err *e)
{
	struct run *r = (struct run *)t;
	struct schedule *s = r->schedule;

	pthread_mutex_lock(&s->lock);
	r->j.ok = ok;
	r->j.err = *e;
	list_push(&s->phase_done, r);
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* With the lock: have the job run, once, however often it is asked for. */
static void want(struct schedule *s, const struct job *j, int64_t org_id)
{
	struct run **at = slot_of(s, j, org_id);
	struct run *r = *at;

	if (r) {
		r->again |= r->state != RUN_WAITING;
		return;
	}
	r = calloc(1, sizeof(*r));
	CHECK(r != NULL);
	job_run_init(&r->j, j, org_id);
	r->j.task.app = s->app;
	r->j.task.done = phase_done;
	r->schedule = s;
	*at = r;
	list_push(&s->waiting, r);
}

static void forget(struct schedule *s, struct run *r)
{
	struct run **at = slot_of(s, r->j.job, r->j.task.org_id);

	CHECK(*at == r);
	*at = r->next_in_slot;
	arena_release(&r->j.arena);
	free(r);
}

/* With the lock: the next phase of a run; false when the lane is full for now. */
static bool launch(struct schedule *s, struct run *r)
{
	r->state = RUN_BUSY;
	if (r->j.phase == JOB_SEND) {
		list_push(&s->sending, r);
		pthread_cond_signal(&s->to_send);
	} else if (!work_submit(s->work, &r->j.task)) {
		r->state = RUN_WAITING;
		return false;
	}
	s->busy++;
	return true;
}

/* With the lock: begin as many as may run at once. */
static void launch_waiting(struct schedule *s)
{
	struct run *r;

	while (s->busy < RUNS_AT_ONCE && (r = list_pop(&s->waiting)) != NULL) {
		if (launch(s, r))
			continue;
		list_push(&s->waiting, r);
		return;
	}
}

static void log_failure(const struct run *r)
{
	log_event(LOG_WARN, "job failed", LOG_CSTR("job", r->j.job->name),
	          LOG_INT("org", r->j.task.org_id),
	          LOG_CSTR("code", err_info(r->j.err.code)->wire), LOG_CSTR("why", r->j.err.msg));
}

/* With the lock: a run has finished a phase. */
static void proceed(struct schedule *s, struct run *r)
{
	s->busy--;
	if (!r->j.ok)
		log_failure(r);
	if (job_run_advance(&r->j)) {
		/* What was sent is stored even while stopping; nothing else begins. */
		if (!s->stopping || r->j.phase == JOB_SETTLE) {
			if (!launch(s, r))
				list_push(&s->waiting, r);
			return;
		}
	} else if (r->again && !s->stopping) {
		r->again = false;
		r->j.phase = JOB_STEP;
		arena_reset(&r->j.arena);
		r->state = RUN_WAITING;
		list_push(&s->waiting, r);
		return;
	}
	forget(s, r);
}

static void *sender_run(void *arg)
{
	struct schedule *s = arg;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		struct run *r = list_pop(&s->sending);

		if (!r) {
			if (s->stopping)
				break;
			pthread_cond_wait(&s->to_send, &s->lock);
			continue;
		}
		pthread_mutex_unlock(&s->lock);
		job_run_send(&r->j);
		struct err e = r->j.err;

		phase_done(&r->j.task, r->j.ok, &e);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static bool is_due(struct schedule *s, size_t i, int64_t now_ms)
{
	const struct job *j = &s->jobs[i];

	if (j->every_ms == 0)
		return false;
	/* The clock may have been put back. */
	if (s->due_ms[i] > now_ms + j->every_ms)
		s->due_ms[i] = now_ms + j->every_ms;
	if (s->due_ms[i] > now_ms)
		return false;
	s->due_ms[i] = now_ms + j->every_ms;
	return true;
}

/* Without the lock, for the list of organisations is read from the store. */
static void want_due(struct schedule *s, struct arena *a)
{
	struct ctx c = { .arena = a };
	struct store_orgs orgs = { 0 };
	int64_t now_ms = clock_now_ms();
	bool listed = false;

	for (size_t i = 0; i < s->job_count; i++) {
		const struct job *j = &s->jobs[i];

		if (!is_due(s, i, now_ms))
			continue;
		if (!j->control && !listed) {
			listed = true;
			if (!store_orgs(work_store(s->work), &c, &orgs))
				log_event(LOG_ERROR, "organisations cannot be listed",
				          LOG_CSTR("why", c.err.msg));
		}
		pthread_mutex_lock(&s->lock);
		if (j->control)
			want(s, j, 0);
		for (size_t k = 0; !j->control && k < orgs.count; k++)
			want(s, j, orgs.ids[k]);
		pthread_mutex_unlock(&s->lock);
	}
	arena_reset(a);
}

/* With the lock: until something changes or the clock is to be looked at again. */
static void wait_tick(struct schedule *s)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += TICK_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&s->changed, &s->lock, &until);
}

static void *schedule_run(void *arg)
{
	struct schedule *s = arg;
	struct arena a;
	struct run *r;

	arena_init(&a);
	pthread_mutex_lock(&s->lock);
	while (!s->stopping || s->busy > 0) {
		pthread_mutex_unlock(&s->lock);
		want_due(s, &a);
		pthread_mutex_lock(&s->lock);
		while ((r = list_pop(&s->phase_done)) != NULL)
			proceed(s, r);
		if (!s->stopping)
			launch_waiting(s);
		if (!s->phase_done.first && !(s->stopping && s->busy == 0))
			wait_tick(s);
	}
	while ((r = list_pop(&s->waiting)) != NULL)
		forget(s, r);
	pthread_mutex_unlock(&s->lock);
	arena_release(&a);
	return NULL;
}

struct schedule *schedule_start(struct work *w, const struct job *jobs, size_t count, void *app)
{
	struct schedule *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->work = w;
	s->jobs = jobs;
	s->job_count = count;
	s->app = app;
	s->due_ms = calloc(count ? count : 1, sizeof(*s->due_ms));
	CHECK(s->due_ms != NULL);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	pthread_cond_init(&s->to_send, NULL);
	CHECK(pthread_create(&s->thread, NULL, schedule_run, s) == 0);
	pthread_setname_np(s->thread, "schedule");
	for (int i = 0; i < SENDERS; i++) {
		CHECK(pthread_create(&s->senders[i], NULL, sender_run, s) == 0);
		pthread_setname_np(s->senders[i], "sender");
	}
	work_set_schedule(w, s);
	return s;
}

void schedule_wake(struct schedule *s, const char *job, int64_t org_id)
{
	const struct job *j = job_find(s->jobs, s->job_count, str_from(job));

	CHECK(j != NULL && j->control == (org_id == 0));
	pthread_mutex_lock(&s->lock);
	if (!s->stopping) {
		want(s, j, org_id);
		pthread_cond_signal(&s->changed);
	}
	pthread_mutex_unlock(&s->lock);
}

void schedule_stop(struct schedule *s)
{
	work_set_schedule(s->work, NULL);
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_broadcast(&s->changed);
	pthread_cond_broadcast(&s->to_send);
	pthread_mutex_unlock(&s->lock);
	CHECK(pthread_join(s->thread, NULL) == 0);
	for (int i = 0; i < SENDERS; i++)
		CHECK(pthread_join(s->senders[i], NULL) == 0);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
	pthread_cond_destroy(&s->to_send);
	free(s->due_ms);
	free(s);
}
