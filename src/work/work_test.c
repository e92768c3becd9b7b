/* SPDX-License-Identifier: Apache-2.0 */
#include "work/work.h"
#include "base/clock.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static const struct sql SQL_ADD = {
	.text = "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review, created_at)"
	        " VALUES ($1, $2, $3, 'n', 'EUR', '', $4, 0, 0) ON CONFLICT DO NOTHING",
};
static const struct sql SQL_COUNT = { .text = "SELECT count(*) FROM thing WHERE org_id = $1" };
static const struct sql SQL_SUM = { .text = "SELECT sum(status) FROM thing WHERE org_id = $1" };

/* A task that adds a row, or adds one and then fails; and what it was told. */
struct add {
	struct task task;
	struct arena arena;
	int64_t id;
	bool fails;
	int runs;
	bool ok;
	struct err err;
	atomic_int told, after;
};

static bool add_run(struct ctx *c, struct task *t)
{
	struct add *a = (struct add *)t;

	a->runs++;
	if (!db_exec(c, &SQL_ADD,
	             ARGS(val_int(a->id),
	                  val_str(arena_printf(c->arena, "s%lld", (long long)a->id)),
	                  val_int(1))))
		return false;
	return !a->fails || fail(c, ERR_INVALID, "id", "no");
}

static void add_done(struct task *t, bool ok, const struct err *e)
{
	struct add *a = (struct add *)t;

	a->ok = ok;
	a->err = *e;
	atomic_fetch_add(&a->told, 1);
}

static void add_after(struct ctx *c, struct task *t)
{
	CHECK(c->db == NULL && c->control == NULL);
	atomic_fetch_add(&((struct add *)t)->after, 1);
}

static struct add *adds_new(struct ctx *c, size_t count, int64_t org_id)
{
	struct add *list = ARENA_ARRAY(c->arena, struct add, count);

	for (size_t i = 0; i < count; i++) {
		arena_init(&list[i].arena);
		list[i].id = org_id * 100000 + (int64_t)i + 1;
		list[i].task = (struct task){
			.kind = WORK_WRITE, .org_id = org_id, .arena = &list[i].arena,
			.run = add_run, .done = add_done, .after = add_after,
		};
	}
	return list;
}

static void adds_wait(struct add *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int tries = 0; !atomic_load(&list[i].told); tries++) {
			if (tries > 100000)
				FAIL("task %zu was never told", i);
			usleep(100);
		}
	}
	for (size_t i = 0; i < count; i++)
		arena_release(&list[i].arena);
}

static int64_t ask(struct ctx *c, struct store *s, int64_t org_id, const struct sql *sql)
{
	int64_t n = -1;

	OK(fixture_read(c, s, org_id));
	OK(db_int(c, sql, NO_ARGS, &n));
	OK(fixture_commit(c, s));
	return n;
}

/* Holds the lane of organisation 1 until it is told to go on. */
struct hold {
	struct task task;
	struct arena arena;
	atomic_bool running, go;
	atomic_int told;
};

static bool hold_run(struct ctx *c, struct task *t)
{
	struct hold *h = (struct hold *)t;

	(void)c;
	atomic_store(&h->running, true);
	while (!atomic_load(&h->go))
		usleep(100);
	return true;
}

static void hold_done(struct task *t, bool ok, const struct err *e)
{
	(void)ok;
	(void)e;
	atomic_fetch_add(&((struct hold *)t)->told, 1);
}

static void hold_start(struct work *w, struct hold *h, enum work_kind kind, int64_t org_id)
{
	*h = (struct hold){ .task = { .kind = kind, .org_id = org_id, .run = hold_run,
	                              .done = hold_done } };
	arena_init(&h->arena);
	h->task.arena = &h->arena;
	CHECK(work_submit(w, &h->task));
	while (!atomic_load(&h->running))
		usleep(100);
}

static void hold_end(struct hold *h)
{
	atomic_store(&h->go, true);
	while (!atomic_load(&h->told))
		usleep(100);
	arena_release(&h->arena);
}

static struct work *work_start(struct store *s, int workers)
{
	struct work_config config = { .store = s, .workers = workers };

	return work_new(&config);
}

STORE_TEST(waiting_writes_share_one_commit_and_keep_their_order)
{
	struct work *w = work_start(s, 3);
	struct add *list = adds_new(c, 300, 1);
	struct hold h;

	hold_start(w, &h, WORK_WRITE, 1);
	for (size_t i = 0; i < 300; i++)
		OK(work_submit(w, &list[i].task));
	EQ(work_stats(w).writes_queued, 300);
	hold_end(&h);
	adds_wait(list, 300);
	OK(work_stats(w).batches < 300 / 8);
	EQ(work_stats(w).tasks, 301);
	for (size_t i = 0; i < 300; i++) {
		OK(list[i].ok);
		EQ(atomic_load(&list[i].after), 1);
	}
	EQ(ask(c, s, 1, &SQL_COUNT), 300);
	work_stop(w);
}

STORE_TEST(a_task_that_fails_is_undone_alone)
{
	struct work *w = work_start(s, 3);
	struct add *list = adds_new(c, 100, 1);
	struct hold h;

	hold_start(w, &h, WORK_WRITE, 1);
	for (size_t i = 0; i < 100; i++) {
		list[i].fails = i % 10 == 7;
		OK(work_submit(w, &list[i].task));
	}
	hold_end(&h);
	adds_wait(list, 100);
	for (size_t i = 0; i < 100; i++) {
		EQ(list[i].ok, !list[i].fails);
		EQ(atomic_load(&list[i].told), 1);
		EQ(atomic_load(&list[i].after), list[i].ok);
		EQ(list[i].err.code, list[i].fails ? ERR_INVALID : ERR_NONE);
		OK(list[i].runs <= 2);
	}
	EQ(ask(c, s, 1, &SQL_COUNT), 90);
	EQ(ask(c, s, 1, &SQL_SUM), 90);
	work_stop(w);
}

static bool refuse_commit(int64_t org_id)
{
	(void)org_id;
	return false;
}

STORE_TEST(a_failed_commit_is_told_to_all_and_nothing_has_happened)
{
	struct work *w = work_start(s, 3);
	struct add *list = adds_new(c, 50, 1), *later = adds_new(c, 1, 1);
	struct hold h;

	hold_start(w, &h, WORK_WRITE, 1);
	for (size_t i = 0; i < 50; i++)
		OK(work_submit(w, &list[i].task));
	store_inject_commit(s, refuse_commit);
	hold_end(&h);
	adds_wait(list, 50);
	store_inject_commit(s, NULL);
	for (size_t i = 0; i < 50; i++) {
		NO(list[i].ok);
		EQ(list[i].err.code, ERR_STORAGE);
		EQ(atomic_load(&list[i].after), 0);
	}
	EQ(ask(c, s, 1, &SQL_COUNT), 0);
	EQ(work_stats(w).commits_failed, work_stats(w).batches);
	OK(work_submit(w, &later->task));
	adds_wait(later, 1);
	OK(later->ok);
	EQ(ask(c, s, 1, &SQL_COUNT), 1);
	work_stop(w);
}

STORE_TEST(one_busy_organisation_does_not_keep_another_waiting)
{
	struct work *w = work_start(s, 2); /* one lane at a time */
	struct add *busy = adds_new(c, 1000, 1), *other = adds_new(c, 1, 2);
	struct hold h;

	hold_start(w, &h, WORK_WRITE, 1);
	for (size_t i = 0; i < 1000; i++)
		OK(work_submit(w, &busy[i].task));
	OK(work_submit(w, &other->task));
	hold_end(&h);
	adds_wait(other, 1);
	OK(!atomic_load(&busy[999].told));
	adds_wait(busy, 1000);
	EQ(ask(c, s, 1, &SQL_COUNT), 1000);
	EQ(ask(c, s, 2, &SQL_COUNT), 1);
	work_stop(w);
}

STORE_TEST(reads_go_on_while_lanes_are_busy)
{
	struct work *w = work_start(s, 2);
	struct hold lane, read;

	hold_start(w, &lane, WORK_WRITE, 1);
	hold_start(w, &read, WORK_READ, 1);
	hold_end(&read);
	hold_end(&lane);
	work_stop(w);
}

STORE_TEST(slow_work_without_a_database_runs_one_at_a_time)
{
	struct work *w = work_start(s, 4);
	struct hold first, second = { .task = { .kind = WORK_NONE, .run = hold_run,
	                                        .done = hold_done } };
	struct add *list = adds_new(c, 1, 1);

	hold_start(w, &first, WORK_NONE, 0);
	arena_init(&second.arena);
	second.task.arena = &second.arena;
	OK(work_submit(w, &second.task));
	OK(work_submit(w, &list->task));
	adds_wait(list, 1);
	if (sysconf(_SC_NPROCESSORS_ONLN) <= 3)
		OK(!atomic_load(&second.running));
	hold_end(&first);
	hold_end(&second);
	work_stop(w);
}

STORE_TEST(a_full_lane_refuses_and_the_others_do_not)
{
	struct work_config config = { .store = s, .workers = 2, .lane_tasks_max = 3 };
	struct work *w = work_new(&config);
	struct add *list = adds_new(c, 4, 1), *other = adds_new(c, 1, 2);
	struct hold h;

	hold_start(w, &h, WORK_WRITE, 1);
	for (size_t i = 0; i < 3; i++)
		OK(work_submit(w, &list[i].task));
	OK(!work_submit(w, &list[3].task));
	OK(work_submit(w, &other->task));
	EQ(work_stats(w).refused, 1);
	hold_end(&h);
	adds_wait(list, 3);
	adds_wait(other, 1);
	EQ(atomic_load(&list[3].told), 0);
	work_stop(w);
}

STORE_TEST(work_can_be_done_without_any_thread)
{
	struct work *w = work_start(s, -1);
	struct add *list = adds_new(c, 2, 1);

	OK(work_run(w, c, &list[0].task));
	list[1].fails = true;
	FAILS(work_run(w, c, &list[1].task), ERR_INVALID, "id");
	EQ(atomic_load(&list[1].told), 1);
	EQ(ask(c, s, 1, &SQL_COUNT), 1);
	EQ(list[1].runs, 1);
	adds_wait(list, 2);
	OK(!work_submit(w, &list[0].task));
	work_stop(w);
}

STORE_TEST(an_organisation_that_is_not_there_is_an_error_of_the_task)
{
	struct work *w = work_start(s, -1);
	struct add *list = adds_new(c, 1, 77);

	if (!store_is_postgres(s))
		FAILS(work_run(w, c, &list->task), ERR_NOT_FOUND, "");
	arena_release(&list->arena);
	work_stop(w);
}

/* Several threads that run tasks by hand beside others that submit them. */
struct crowd {
	struct work *w;
	struct add *list;
	size_t count;
	bool by_hand;
};

static void *crowd_run(void *arg)
{
	struct crowd *m = arg;
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < m->count; i++) {
		struct ctx c = { .arena = &a };

		if (m->by_hand)
			CHECK(work_run(m->w, &c, &m->list[i].task) == !m->list[i].fails);
		else
			CHECK(work_submit(m->w, &m->list[i].task));
	}
	arena_release(&a);
	return NULL;
}

STORE_TEST(whoever_asks_each_task_is_done_once)
{
	enum { CROWD = 6, EACH = 60 };
	struct work *w = work_start(s, 4);
	struct crowd crowd[CROWD];
	pthread_t threads[CROWD];
	int64_t good = 0;

	for (size_t k = 0; k < CROWD; k++) {
		crowd[k] = (struct crowd){ w, adds_new(c, EACH, 1), EACH, k % 3 == 0 };
		for (size_t i = 0; i < EACH; i++) {
			crowd[k].list[i].id += (int64_t)k * 1000;
			crowd[k].list[i].fails = i % 7 == 3;
			good += !crowd[k].list[i].fails;
		}
	}
	for (size_t k = 0; k < CROWD; k++)
		OK(pthread_create(&threads[k], NULL, crowd_run, &crowd[k]) == 0);
	for (size_t k = 0; k < CROWD; k++)
		pthread_join(threads[k], NULL);
	for (size_t k = 0; k < CROWD; k++) {
		adds_wait(crowd[k].list, EACH);
		for (size_t i = 0; i < EACH; i++) {
			EQ(atomic_load(&crowd[k].list[i].told), 1);
			EQ(crowd[k].list[i].ok, !crowd[k].list[i].fails);
		}
	}
	EQ(ask(c, s, 1, &SQL_COUNT), good);
	work_stop(w);
}

STORE_TEST(stopping_finishes_what_was_accepted)
{
	struct work *w = work_start(s, 2);
	struct add *list = adds_new(c, 400, 1);

	for (size_t i = 0; i < 400; i++)
		OK(work_submit(w, &list[i].task));
	work_stop(w);
	adds_wait(list, 400);
	EQ(ask(c, s, 1, &SQL_COUNT), 400);
}
