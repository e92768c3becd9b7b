/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORK_WORK_H
#define WORK_WORK_H

#include "base/ctx.h"
#include "db/store.h"

/*
 * Work: lanes for writes, workers for reads.
 *
 * Each organisation (0: the control data) has one lane. Tasks of a lane run one
 * at a time in the order they came, up to WORK_BATCH_MAX of them in one
 * transaction; then one commit; then all are told. While one batch goes to disk, the
 * next one runs, on the same worker where others have nothing to do. Lanes take turns,
 * a batch each. done() is never called before
 * the commit is on disk; when the commit fails, every task of the batch is told so with
 * ERR_STORAGE or ERR_FULL: nothing is known to have happened.
 *
 * A task that returns false is undone alone: a batch with a failure is rolled back
 * and repeated without the failed task, with savepoints; and so are the next ones
 * from the start. So run() may be called again (with a fresh ctx): it must answer
 * afresh and have no effects outside the transaction and its arena.
 *
 * Reads run side by side on the workers, in a read transaction of the
 * organisation, with c->control open for reading as well. Neither reads nor lanes
 * can take all workers; WORK_NONE tasks run one at a time for each two cores.
 *
 * Back-pressure: work_submit refuses when the lane or the queue is full.
 */

#define WORK_BATCH_MAX 128

enum work_kind {
	WORK_NONE,          /* a worker, no database (argon2id, …) */
	WORK_READ,          /* c->db and c->control for reading */
	WORK_WRITE,         /* the lane of org_id; c->control for reading */
	WORK_CONTROL_READ,  /* c->control for reading */
	WORK_CONTROL_WRITE, /* the control lane; c->control for writing; c->org_id as given */
};

struct task {
	enum work_kind kind;
	int64_t org_id;
	int64_t now_ms;                             /* 0: the clock when it starts */
	struct arena *arena;                        /* becomes c->arena; kept by the caller */
	void *app;                                  /* becomes c->app */
	struct actor actor;                         /* becomes c->actor */
	bool (*run)(struct ctx *c, struct task *t); /* false: undo, c->err says why */
	void (*done)(struct task *t, bool ok, const struct err *e); /* after commit or failure */
	/* NULL, or asks (db_ahead) what run will want to know; before any task of a batch runs */
	void (*ahead)(struct ctx *c, struct task *t);
	/* NULL, or after a good commit, before done */
	void (*after)(struct ctx *c, struct task *t);
	struct task *next;                          /* work's own */
};

struct work;

struct work_config {
	struct store *store;
	/* threads for reads and lanes; 0: twice the cores, -1: none (CLI) */
	int workers;
	int64_t lane_tasks_max;   /* 0: 4096 */
	int64_t read_tasks_max;   /* 0: 4096 */
	int64_t none_tasks_max;   /* 0: 64 */
};

struct work *work_new(const struct work_config *config);

/* False when full, stopping or without threads: answer ERR_BUSY; done() is not called. */
bool work_submit(struct work *w, struct task *t);

/*
 * Run one task on the calling thread when its lane is free: CLI, jobs, tests. The task takes
 * its actor, and what it leaves NULL of arena and app, from c; its error is in c->err. done()
 * is called if there is one. Not from inside a task.
 */
bool work_run(struct work *w, struct ctx *c, struct task *t);

struct store *work_store(const struct work *w);

/*
 * Have a job run soon for an organisation (0: a control job), for what a task has left to it;
 * nothing where no schedule runs: then it comes with `partnerd job`. Cheap, from any thread;
 * in a lane's task, the job comes after the task's commit.
 */
void work_wake(struct work *w, const char *job, int64_t org_id);

/* For the schedule: be told of wakes from now on, or no more (NULL). */
struct schedule;
void work_set_schedule(struct work *w, struct schedule *s);

/* Let everything queued finish, stop the threads, free. */
void work_stop(struct work *w);

struct work_stats {
	int64_t tasks, batches, batches_repeated, commits_failed, refused;
	int64_t lanes_busy, reads_queued, writes_queued;
};
struct work_stats work_stats(struct work *w);

#endif
