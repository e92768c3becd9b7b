/* SPDX-License-Identifier: Apache-2.0 */
#include "work/work.h"
#include "base/check.h"
#include "work/batch.h"
#include "work/job.h"
#include "work/lane.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define WORKERS_MAX 64

/* A batch of a lane, from its first task until all are told. */
struct round {
	struct batch batch;
	struct lane *lane;
	struct round *next; /* in the pool */
};

struct work {
	struct work_config config;
	pthread_mutex_t lock;      /* around everything below */
	pthread_cond_t more;       /* for workers: there is something to do */
	pthread_cond_t lane_free;  /* for work_run */
	struct lanes lanes;
	struct task_queue reads, nones;
	struct round *left;        /* has run; another worker settles it. NULL: none */
	struct round *pool;
	int idle;                  /* workers that wait for something to do */
	int reads_running, lanes_running, nones_running;
	int readers_max, lanes_max, nones_max; /* workers that may do the same at once */
	unsigned turn;             /* which kind of work is looked for first */
	bool stopping;
	struct work_stats stats;
	pthread_mutex_t wake_lock; /* around the schedule, so that it is not stopped meanwhile */
	struct schedule *schedule; /* NULL: none */
	pthread_t threads[WORKERS_MAX];
};

static int64_t lane_org(const struct task *t)
{
	return t->kind == WORK_CONTROL_WRITE ? 0 : t->org_id;
}

static bool is_write(const struct task *t)
{
	return t->kind == WORK_WRITE || t->kind == WORK_CONTROL_WRITE;
}

/* Every task is told once; from then on it may be gone. */
static void tell(struct task *t, bool ok, const struct err *e)
{
	if (t->done)
		t->done(t, ok, e);
}

static void count_batch(struct work *w, const struct batch *b)
{
	w->stats.tasks += (int64_t)b->count;
	w->stats.batches++;
	w->stats.batches_repeated += b->repeated;
	w->stats.commits_failed += b->commit_failed;
}

/* With the lock, as all of these. */
static struct round *round_take(struct work *w)
{
	struct round *r = w->pool;

	if (r) {
		w->pool = r->next;
		return r;
	}
	r = calloc(1, sizeof(*r));
	CHECK(r != NULL);
	r->batch.store = w->config.store;
	r->batch.ahead = store_is_postgres(w->config.store);
	return r;
}

static void take_tasks(struct work *w, struct lane *lane, struct batch *b)
{
	int64_t share = b->ahead ? WORK_BATCH_MAX : lane_share(lane);

	b->count = 0;
	while (lane->tasks.count > 0 && (int64_t)b->count < share)
		b->tasks[b->count++] = queue_pop(&lane->tasks);
	w->stats.writes_queued -= (int64_t)b->count;
}

/* Take the lane's tasks, run them without the lock, hand the lane back. */
static struct round *run_lane(struct work *w, struct lane *lane)
{
	struct round *r = round_take(w);

	r->lane = lane;
	take_tasks(w, lane, &r->batch);
	lane->running = true;
	w->lanes_running++;
	pthread_mutex_unlock(&w->lock);
	batch_write(&r->batch);
	pthread_mutex_lock(&w->lock);
	lane->running = false;
	w->lanes_running--;
	count_batch(w, &r->batch);
	if (lane->waiters > 0)
		pthread_cond_broadcast(&w->lane_free);
	lane_line_up(&w->lanes, lane);
	lane->settling += (int64_t)r->batch.count;
	return r;
}

/* What has run is brought to disk, and all are told, without the lock. */
static void settle(struct work *w, struct round *r)
{
	struct batch *b = &r->batch;
	struct store_mark mark = b->mark;

	pthread_mutex_unlock(&w->lock);
	store_settle(b->store, &mark);
	for (size_t i = 0; i < b->count; i++)
		tell(b->tasks[i], b->ok[i], &b->ctxs[i].err);
	pthread_mutex_lock(&w->lock);
	r->lane->settling -= (int64_t)b->count;
	lane_put(&w->lanes, r->lane);
	r->next = w->pool;
	w->pool = r;
	pthread_mutex_unlock(&w->lock);
	store_tend(w->config.store, &mark);
	pthread_mutex_lock(&w->lock);
}

static void run_single(struct work *w, struct task_queue *q, int *running)
{
	struct task *t = queue_pop(q);
	struct ctx c;

	++*running;
	w->stats.tasks++;
	w->stats.reads_queued = w->reads.count + w->nones.count;
	pthread_mutex_unlock(&w->lock);
	bool ok = batch_read(w->config.store, t, &c);

	tell(t, ok, &c.err);
	pthread_mutex_lock(&w->lock);
	--*running;
}

static bool try_left(struct work *w)
{
	struct round *r = w->left;

	w->left = NULL;
	if (r)
		settle(w, r);
	return r != NULL;
}

static struct lane *next_lane(struct work *w)
{
	return w->lanes_running < w->lanes_max ? lane_next(&w->lanes) : NULL;
}

/*
 * Under load a lane stays with its worker, which goes on with the next batch at once and leaves
 * what has run to a worker that has nothing to do.
 */
static bool try_lane(struct work *w)
{
	struct lane *lane = next_lane(w), *first = lane;

	while (lane) {
		struct round *r = run_lane(w, lane);

		if (w->lanes.line_first)
			pthread_cond_signal(&w->more);
		lane = w->idle > 0 && !w->left ? next_lane(w) : NULL;
		if (lane)
			w->left = r;
		else
			settle(w, r);
	}
	return first != NULL;
}

static bool try_read(struct work *w)
{
	bool can = w->reads.count > 0 && w->reads_running < w->readers_max;

	if (can)
		run_single(w, &w->reads, &w->reads_running);
	return can;
}

static bool try_none(struct work *w)
{
	bool can = w->nones.count > 0 && w->nones_running < w->nones_max;

	if (can)
		run_single(w, &w->nones, &w->nones_running);
	return can;
}

/*
 * With the lock: do the next thing, if there is one this thread may do; each kind comes first in
 * turn.
 */
static bool step(struct work *w)
{
	static bool (*const kinds[])(struct work *) = { try_lane, try_read, try_none };

	if (try_left(w))
		return true;
	w->turn++;
	for (size_t i = 0; i < LEN(kinds); i++) {
		if (kinds[(w->turn + i) % LEN(kinds)](w))
			return true;
	}
	return false;
}

static bool is_drained(const struct work *w)
{
	return w->stats.writes_queued == 0 && w->reads.count == 0 && w->nones.count == 0
	       && w->lanes_running == 0 && !w->left;
}

static void *worker_run(void *arg)
{
	struct work *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!(w->stopping && is_drained(w))) {
		if (step(w))
			continue;
		w->idle++;
		pthread_cond_wait(&w->more, &w->lock);
		w->idle--;
	}
	pthread_cond_broadcast(&w->more);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void defaults(struct work *w)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct work_config *config = &w->config;

	cores = cores < 1 ? 1 : cores;
	if (config->workers == 0)
		config->workers = (int)cores * 2;
	if (config->workers < 0)
		config->workers = 0;
	if (config->workers > WORKERS_MAX)
		config->workers = WORKERS_MAX;
	config->lane_tasks_max = config->lane_tasks_max ? config->lane_tasks_max : 4096;
	config->read_tasks_max = config->read_tasks_max ? config->read_tasks_max : 4096;
	config->none_tasks_max = config->none_tasks_max ? config->none_tasks_max : 64;
	w->lanes_max = w->readers_max = config->workers > 1 ? config->workers - 1 : 1;
	w->nones_max = cores > 3 ? (int)cores / 2 : 1;
}

struct work *work_new(const struct work_config *config)
{
	struct work *w = calloc(1, sizeof(*w));

	CHECK(w != NULL && config->store != NULL);
	w->config = *config;
	defaults(w);
	pthread_mutex_init(&w->lock, NULL);
	pthread_mutex_init(&w->wake_lock, NULL);
	pthread_cond_init(&w->more, NULL);
	pthread_cond_init(&w->lane_free, NULL);
	for (int i = 0; i < w->config.workers; i++) {
		CHECK(pthread_create(&w->threads[i], NULL, worker_run, w) == 0);
		pthread_setname_np(w->threads[i], "worker");
	}
	return w;
}

/* With the lock. Wakes a worker only when there is something new for it to take. */
static bool enqueue(struct work *w, struct task *t)
{
	const struct work_config *config = &w->config;
	struct task_queue *q = t->kind == WORK_NONE ? &w->nones : &w->reads;

	if (is_write(t)) {
		struct lane *lane = lane_get(&w->lanes, lane_org(t));

		if (lane->tasks.count >= config->lane_tasks_max)
			return false;
		queue_push(&lane->tasks, t);
		w->stats.writes_queued++;
		if (lane_line_up(&w->lanes, lane))
			pthread_cond_signal(&w->more);
		return true;
	}
	if (q->count >= (t->kind == WORK_NONE ? config->none_tasks_max : config->read_tasks_max))
		return false;
	queue_push(q, t);
	w->stats.reads_queued = w->reads.count + w->nones.count;
	pthread_cond_signal(&w->more);
	return true;
}

bool work_submit(struct work *w, struct task *t)
{
	CHECK(t->run != NULL && t->arena != NULL && t->org_id >= 0);
	CHECK(t->org_id > 0 || (t->kind != WORK_READ && t->kind != WORK_WRITE));
	pthread_mutex_lock(&w->lock);
	bool ok = !w->stopping && w->config.workers > 0 && enqueue(w, t);

	w->stats.refused += !ok;
	pthread_mutex_unlock(&w->lock);
	return ok;
}

/* Wait for the lane and take it. */
static struct lane *lane_take(struct work *w, int64_t org_id)
{
	pthread_mutex_lock(&w->lock);
	struct lane *lane = lane_get(&w->lanes, org_id);

	lane->waiters++;
	while (lane->running)
		pthread_cond_wait(&w->lane_free, &w->lock);
	lane->waiters--;
	lane->running = true;
	w->lanes_running++;
	pthread_mutex_unlock(&w->lock);
	return lane;
}

static void lane_give(struct work *w, struct lane *lane, const struct batch *b)
{
	pthread_mutex_lock(&w->lock);
	lane->running = false;
	w->lanes_running--;
	count_batch(w, b);
	if (lane->waiters > 0)
		pthread_cond_broadcast(&w->lane_free);
	lane_line_up(&w->lanes, lane);
	lane_put(&w->lanes, lane);
	pthread_cond_broadcast(&w->more);
	pthread_mutex_unlock(&w->lock);
}

static bool run_write(struct work *w, struct task *t, struct err *out)
{
	struct batch *b = calloc(1, sizeof(*b));

	CHECK(b != NULL);
	b->store = w->config.store;
	b->tasks[b->count++] = t;
	struct lane *lane = lane_take(w, lane_org(t));

	batch_write(b);
	lane_give(w, lane, b);
	store_settle(b->store, &b->mark);
	store_tend(b->store, &b->mark);

	bool ok = b->ok[0];

	*out = b->ctxs[0].err;
	free(b);
	return ok;
}

bool work_run(struct work *w, struct ctx *c, struct task *t)
{
	struct err e = { 0 };
	bool ok;

	t->actor = c->actor;
	t->arena = t->arena ? t->arena : c->arena;
	t->app = t->app ? t->app : c->app;
	if (is_write(t)) {
		ok = run_write(w, t, &e);
	} else {
		struct ctx own;

		ok = batch_read(w->config.store, t, &own);
		e = own.err;
	}
	if (!ok)
		c->err = e;
	tell(t, ok, &e);
	return ok;
}

void work_set_schedule(struct work *w, struct schedule *s)
{
	pthread_mutex_lock(&w->wake_lock);
	w->schedule = s;
	pthread_mutex_unlock(&w->wake_lock);
}

void work_wake(struct work *w, const char *job, int64_t org_id)
{
	pthread_mutex_lock(&w->wake_lock);
	if (w->schedule)
		schedule_wake(w->schedule, job, org_id);
	pthread_mutex_unlock(&w->wake_lock);
}

struct store *work_store(const struct work *w)
{
	return w->config.store;
}

void work_stop(struct work *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->more);
	pthread_mutex_unlock(&w->lock);
	for (int i = 0; i < w->config.workers; i++)
		CHECK(pthread_join(w->threads[i], NULL) == 0);
	lanes_release(&w->lanes);
	while (w->pool) {
		struct round *r = w->pool;

		w->pool = r->next;
		free(r);
	}
	pthread_mutex_destroy(&w->lock);
	pthread_mutex_destroy(&w->wake_lock);
	pthread_cond_destroy(&w->more);
	pthread_cond_destroy(&w->lane_free);
	free(w);
}

struct work_stats work_stats(struct work *w)
{
	pthread_mutex_lock(&w->lock);
	struct work_stats stats = w->stats;

	stats.lanes_busy = w->lanes_running;
	pthread_mutex_unlock(&w->lock);
	return stats;
}
