/* SPDX-License-Identifier: Apache-2.0 */
#include "work/job.h"
#include "base/clock.h"
#include "base/log.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static const struct sql SQL_ADD = {
	.text = "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review, created_at)"
	        " VALUES ($1, $2, $3, 'n', 'EUR', '', 0, 0, $4) ON CONFLICT DO NOTHING",
};
static const struct sql SQL_COUNT = { .text = "SELECT count(*) FROM thing WHERE org_id = $1" };
static const struct sql SQL_LAST = { .text = "SELECT max(created_at) FROM thing WHERE org_id = $1" };
static const struct sql SQL_SETTLED = {
	.text = "SELECT count(*) FROM thing WHERE org_id = $1 AND status = 2",
};
static const struct sql SQL_TAKE = {
	.text = "SELECT id FROM thing WHERE org_id = $1 AND status = 0 ORDER BY id LIMIT 1",
};
static const struct sql SQL_SETTLE = {
	.text = "UPDATE thing SET status = 2 WHERE org_id = $1 AND id = $2",
};

static bool add(struct ctx *c, int64_t id)
{
	return db_exec(c, &SQL_ADD,
	               ARGS(val_int(id), val_str(arena_printf(c->arena, "s%lld", (long long)id)),
	                    val_int(c->now_ms)));
}

/* Adds one row a step until there are five. */
static bool grow(struct ctx *c, bool *out_more)
{
	int64_t count;

	CHECK(c->actor.kind == ACTOR_SYSTEM);
	if (!db_int(c, &SQL_COUNT, NO_ARGS, &count))
		return false;
	*out_more = count < 4;
	return count >= 5 || add(c, count + 1);
}

static bool never(struct ctx *c, bool *out_more)
{
	*out_more = true;
	return add(c, 99) && fail(c, ERR_STATE, NULL, "not today");
}

static atomic_int control_runs, sent;

static bool control(struct ctx *c, bool *out_more)
{
	CHECK(c->control != NULL && c->db == NULL && c->org_id == 0);
	*out_more = false;
	atomic_fetch_add(&control_runs, 1);
	return true;
}

static bool mail_take(struct ctx *c, void **load, bool *out_more)
{
	int64_t *id = ARENA_NEW(c->arena, int64_t);

	if (!db_int(c, &SQL_TAKE, NO_ARGS, id))
		return false;
	*load = *id ? id : NULL;
	*out_more = *id != 0;
	return true;
}

static bool mail_send(struct ctx *c, void *load)
{
	CHECK(c->db == NULL && c->control == NULL && load != NULL);
	atomic_fetch_add(&sent, 1);
	return true;
}

static bool mail_settle(struct ctx *c, void *load)
{
	return db_exec(c, &SQL_SETTLE, ARGS(val_int(*(int64_t *)load)));
}

static const struct job jobs[] = {
	{ .name = "grow", .every_ms = 3600000, .step = grow },
	{ .name = "never", .step = never },
	{ .name = "control", .every_ms = 60000, .control = true, .step = control },
	{ .name = "mail", .take = mail_take, .send = mail_send, .settle = mail_settle },
};

static int64_t ask(struct ctx *c, struct store *s, int64_t org_id, const struct sql *sql)
{
	int64_t n = -1;

	OK(fixture_read(c, s, org_id));
	OK(db_int(c, sql, NO_ARGS, &n));
	OK(fixture_commit(c, s));
	return n;
}

static struct work *work_start(struct store *s, int workers)
{
	struct work_config config = { .store = s, .workers = workers };

	return work_new(&config);
}

STORE_TEST(a_job_run_by_hand_goes_on_until_there_is_no_more)
{
	struct work *w = work_start(s, -1);

	OK(job_run(w, c, &jobs[0], 1, 12345));
	EQ(ask(c, s, 1, &SQL_COUNT), 5);
	EQ(ask(c, s, 1, &SQL_LAST), 12345);
	EQ(ask(c, s, 2, &SQL_COUNT), 0);
	OK(job_run(w, c, &jobs[0], 1, 99999));
	EQ(ask(c, s, 1, &SQL_LAST), 12345);
	OK(job_run(w, c, &jobs[2], 0, 0));
	work_stop(w);
}

STORE_TEST(a_step_that_fails_leaves_nothing_and_ends_the_job)
{
	struct work *w = work_start(s, -1);

	FAILS(job_run(w, c, &jobs[1], 1, 0), ERR_STATE, "");
	EQ(ask(c, s, 1, &SQL_COUNT), 0);
	work_stop(w);
}

STORE_TEST(a_job_that_talks_to_the_world_does_so_between_two_transactions)
{
	struct work *w = work_start(s, -1);

	atomic_store(&sent, 0);
	OK(job_run(w, c, &jobs[0], 1, 0));
	OK(job_run(w, c, &jobs[3], 1, 0));
	EQ(atomic_load(&sent), 5);
	EQ(ask(c, s, 1, &SQL_SETTLED), 5);
	work_stop(w);
}

static void wait_for(struct ctx *c, struct store *s, int64_t org_id, const struct sql *sql,
                     int64_t n)
{
	for (int tries = 0; ask(c, s, org_id, sql) != n; tries++) {
		if (tries > 1000)
			FAIL("it never came to %lld", (long long)n);
		usleep(10000);
	}
}

static void drop(struct str line)
{
	(void)line;
}

STORE_TEST(the_schedule_runs_every_job_at_the_start_and_again_when_due)
{
	struct work *w = work_start(s, 3);

	atomic_store(&control_runs, 0);
	struct schedule *schedule = schedule_start(w, jobs, LEN(jobs), NULL);

	wait_for(c, s, 1, &SQL_COUNT, 5);
	wait_for(c, s, 2, &SQL_COUNT, 5);
	for (int tries = 0; atomic_load(&control_runs) < 1 && tries < 1000; tries++)
		usleep(10000);
	EQ(atomic_load(&control_runs), 1);
	clock_shift_ms(61000);
	for (int tries = 0; atomic_load(&control_runs) < 2 && tries < 1000; tries++)
		usleep(10000);
	EQ(atomic_load(&control_runs), 2);
	clock_shift_ms(0);
	schedule_stop(schedule);
	work_stop(w);
}

STORE_TEST(a_job_that_is_woken_runs_soon_and_one_that_fails_is_only_logged)
{
	struct work *w = work_start(s, 3);
	struct schedule *schedule = schedule_start(w, jobs, LEN(jobs), NULL);

	log_set_sink(drop);
	atomic_store(&sent, 0);
	wait_for(c, s, 2, &SQL_COUNT, 5);
	for (int i = 0; i < 100; i++) {
		schedule_wake(schedule, "never", 1);
		work_wake(w, "mail", 2);
	}
	wait_for(c, s, 2, &SQL_SETTLED, 5);
	EQ(atomic_load(&sent), 5);
	schedule_stop(schedule);
	work_wake(w, "mail", 2); /* nobody is there to hear it */
	work_stop(w);
	log_set_sink(NULL);
	OK(job_find(jobs, LEN(jobs), STR("mail")) == &jobs[3]);
	OK(job_find(jobs, LEN(jobs), STR("male")) == NULL);
}
