/* SPDX-License-Identifier: Apache-2.0 */
#include "work/batch.h"
#include "base/check.h"
#include "base/clock.h"

struct ctx batch_ctx(const struct task *t)
{
	return (struct ctx){
		.arena = t->arena,
		.app = t->app,
		.org_id = t->org_id,
		.now_ms = t->now_ms ? t->now_ms : clock_now_ms(),
		.actor = t->actor,
	};
}

/* The databases of a lane: one to write, and the control data to read beside an organisation's. */
struct handles {
	struct db *writer, *control;
};

static bool handles_begin(struct store *s, struct ctx *c, const struct task *t, struct handles *h)
{
	bool control = t->kind == WORK_CONTROL_WRITE;

	h->control = control ? NULL : store_begin(s, c, 0, STORE_READ);
	if (!control && !h->control)
		return false;
	h->writer = store_begin(s, c, control ? 0 : t->org_id, STORE_WRITE);
	if (!h->writer && h->control)
		store_rollback(s, h->control);
	return h->writer != NULL;
}

static void handles_lend(struct ctx *c, const struct task *t, const struct handles *h)
{
	if (t->kind == WORK_CONTROL_WRITE) {
		c->control = h->writer;
	} else {
		c->db = h->writer;
		c->control = h->control;
	}
}

static void handles_rollback(struct store *s, const struct handles *h)
{
	store_rollback(s, h->writer);
	if (h->control)
		store_rollback(s, h->control);
}

static bool handles_commit(struct batch *b, struct ctx *c, const struct handles *h)
{
	bool ok = store_commit_early(b->store, c, h->writer, &b->mark);

	if (h->control)
		store_rollback(b->store, h->control);
	return ok;
}

/* The whole transaction is lost, not only what the task did. */
static bool is_fatal(const struct ctx *c)
{
	return c->err.code == ERR_STORAGE || c->err.code == ERR_FULL;
}

static void fail_all(struct batch *b, const struct err *e)
{
	for (size_t i = 0; i < b->count; i++) {
		b->ok[i] = false;
		b->ctxs[i].err = *e;
	}
}

static bool run_one(struct batch *b, size_t i, const struct handles *h)
{
	struct task *t = b->tasks[i];
	struct ctx *c = &b->ctxs[i];

	*c = batch_ctx(t);
	handles_lend(c, t, h);
	b->ok[i] = t->run(c, t);
	CHECK(b->ok[i] || c->err.code != ERR_NONE);
	return b->ok[i];
}

/* Run a task so that nothing of it stays if it fails; false when the transaction is lost. */
static bool run_guarded(struct batch *b, size_t i, const struct handles *h)
{
	struct ctx *c = &b->ctxs[i];
	struct ctx guard = batch_ctx(b->tasks[i]);

	handles_lend(&guard, b->tasks[i], h);
	if (!store_savepoint(&guard, h->writer)) {
		b->ok[i] = false;
		c->err = guard.err;
		return false;
	}
	if (run_one(b, i, h))
		return store_savepoint_release(c, h->writer);
	return !is_fatal(c) && store_savepoint_undo(c, h->writer);
}

enum outcome { DONE, LOST, AGAIN };

/*
 * Run all tasks in one transaction. Those before `known` have run well before; `skip`
 * (SIZE_MAX: none) has failed and is left out; the others are guarded when `guarded`.
 * AGAIN with *out_failed when a task failed that was not guarded.
 */
struct attempt {
	size_t known, skip;
	bool guarded;
};

/* Questions share one round trip when all tasks ask before the first one waits for an answer. */
static void ask_ahead(struct batch *b, size_t skip, const struct handles *h)
{
	for (size_t i = 0; i < b->count; i++) {
		struct ctx c = batch_ctx(b->tasks[i]);

		if (i == skip || !b->tasks[i]->ahead)
			continue;
		handles_lend(&c, b->tasks[i], h);
		b->tasks[i]->ahead(&c, b->tasks[i]);
	}
}

static enum outcome run_tasks(struct batch *b, const struct attempt *a, const struct handles *h,
                              size_t *out_failed)
{
	for (size_t i = 0; i < b->count; i++) {
		bool alive = true;

		*out_failed = i;
		if (i == a->skip)
			continue;
		if (a->guarded && i >= a->known)
			alive = run_guarded(b, i, h);
		else if (!run_one(b, i, h))
			return is_fatal(&b->ctxs[i]) ? LOST : AGAIN;
		if (!alive)
			return LOST;
	}
	return DONE;
}

static enum outcome attempt(struct batch *b, const struct attempt *a, size_t *out_failed)
{
	struct ctx c = batch_ctx(b->tasks[0]);
	struct handles h = { 0 };
	enum outcome result;

	*out_failed = 0;
	if (!handles_begin(b->store, &c, b->tasks[0], &h)) {
		fail_all(b, &c.err);
		return DONE;
	}
	if (b->ahead)
		ask_ahead(b, a->skip, &h);
	result = run_tasks(b, a, &h, out_failed);
	if (result == LOST) {
		struct err why = b->ctxs[*out_failed].err;

		fail_all(b, &why);
	}
	if (result != DONE) {
		handles_rollback(b->store, &h);
		return result;
	}
	b->committed = handles_commit(b, &c, &h);
	b->commit_failed = !b->committed;
	if (!b->committed)
		fail_all(b, &c.err);
	return DONE;
}

/* After a commit nothing of the transaction may be touched any more. */
static void tell_after(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		b->ctxs[i].db = NULL;
		b->ctxs[i].control = NULL;
		if (b->ok[i])
			ctx_committed(&b->ctxs[i]);
		if (b->ok[i] && b->tasks[i]->after)
			b->tasks[i]->after(&b->ctxs[i], b->tasks[i]);
	}
}

/*
 * Savepoints cost every task a little, a repetition costs the whole batch once more: where failures
 * are frequent they come first.
 */
#define CAUTIOUS 16

void batch_write(struct batch *b)
{
	struct attempt a = { .skip = SIZE_MAX, .guarded = b->cautious > 0 && b->count > 1 };
	size_t failed;

	CHECK(b->count >= 1 && b->count <= WORK_BATCH_MAX);
	b->mark = (struct store_mark){ 0 };
	b->committed = false;
	b->commit_failed = false;
	b->repeated = false;
	b->cautious -= b->cautious > 0;
	enum outcome result = attempt(b, &a, &failed);

	if (result == AGAIN && b->count > 1) {
		struct err why = b->ctxs[failed].err;

		b->repeated = true;
		b->cautious = CAUTIOUS;
		a = (struct attempt){ .known = failed, .skip = failed, .guarded = true };
		result = attempt(b, &a, &failed);
		if (result == AGAIN) {
			/* Even what went well before can fail now: another node was faster. */
			a = (struct attempt){ .skip = SIZE_MAX, .guarded = true };
			attempt(b, &a, &failed);
		} else if (b->committed) {
			b->ok[a.skip] = false;
			b->ctxs[a.skip].err = why;
		}
	}
	tell_after(b);
}

bool batch_read(struct store *s, struct task *t, struct ctx *c)
{
	struct db *control = NULL, *db = NULL;
	bool ok = true;

	*c = batch_ctx(t);
	if (t->kind != WORK_NONE)
		ok = (control = store_begin(s, c, 0, STORE_READ)) != NULL;
	if (ok && t->kind == WORK_READ)
		ok = (db = store_begin(s, c, t->org_id, STORE_READ)) != NULL;
	ok = ok && t->run(c, t);
	CHECK(ok || c->err.code != ERR_NONE);
	if (db)
		store_rollback(s, db);
	if (control)
		store_rollback(s, control);
	c->db = NULL;
	c->control = NULL;
	return ok;
}
