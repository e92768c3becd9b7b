/* SPDX-License-Identifier: Apache-2.0 */
#include "click/click.h"
#include "base/clock.h"
#include "base/id.h"
#include "db/fixture.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_MS 1768478400000 /* 2026-01-15T12:00:00Z */
#define WAIT_MS 20000
#define NEVER_MS 1000000 /* only when kicked */

struct parts {
	struct work *work;
	struct clicks *clicks;
};

static struct parts start(struct ctx *c, struct store *s, struct str dir, int64_t delay_ms)
{
	struct work_config work = { .store = s, .workers = 2 };
	struct parts p = { .work = work_new(&work) };
	struct click_config config = { .data_dir = dir, .work = p.work, .segment_bytes = 65536,
	                               .drain_delay_ms = delay_ms };

	p.clicks = click_open(c, &config);
	OK(p.clicks != NULL);
	return p;
}

static void stop(struct parts *p, int64_t ms)
{
	click_close(p->clicks, ms);
	work_stop(p->work);
}

static bool record(struct ctx *c, struct clicks *k, int64_t org_id, int64_t *out_id)
{
	struct link_entry link = { .org_id = org_id, .link_id = 11, .partner_id = 12,
	                           .campaign_id = 13 };
	struct visit v = { .at_ms = AT_MS, .ip = STR("192.0.2.1"), .user_agent = STR("Mozilla/5.0"),
	                   .referrer = STR("https://blog.example/x"),
	                   .query = STR("utm_source=a&sub=s1"), .flags = CLICK_API };

	return click_record(k, c->arena, &link, &v, out_id);
}

static void record_many(struct ctx *c, struct clicks *k, int64_t org_id, int count)
{
	int64_t id;

	while (count > 0)
		if (record(c, k, org_id, &id))
			count--;
		else
			usleep(1000);
}

static const struct sql SQL_COUNT = { .text = "SELECT COUNT(*) FROM click WHERE org_id = $1" };
static const struct sql SQL_DAILY = {
	.text = "SELECT COALESCE(SUM(clicks), 0), COALESCE(SUM(bots), 0), MIN(day) FROM click_daily"
	        " WHERE org_id = $1 AND partner_id <> 0",
};
static const struct sql SQL_ROW = {
	.text = "SELECT link_id, partner_id, campaign_id, at, device, referrer, utm, country, sub, "
		"flags"
		" FROM click WHERE org_id = $1 AND id = $2",
};

static int64_t stored(struct ctx *c, struct store *s, int64_t org_id, int64_t *out_daily)
{
	struct rows daily;
	int64_t count;

	OK(fixture_read(c, s, org_id));
	OK(db_int(c, &SQL_COUNT, NO_ARGS, &count));
	OK(db_query(c, &SQL_DAILY, NO_ARGS, &daily));
	*out_daily = rows_int(&daily, 0, 0) + rows_int(&daily, 0, 1);
	OK(fixture_commit(c, s));
	return count;
}

STORE_TEST(clicks_arrive_in_the_database_of_their_organisation)
{
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);
	struct rows r;
	int64_t id, daily;

	OK(record(c, p.clicks, 1, &id));
	record_many(c, p.clicks, 2, 700);
	OK(drain_wait(click_drain(p.clicks), 0, WAIT_MS));
	EQ(stored(c, s, 1, &daily), 1);
	EQ(daily, 1);
	EQ(stored(c, s, 2, &daily), 700);
	EQ(daily, 700);
	OK(fixture_read(c, s, 1));
	OK(db_query(c, &SQL_ROW, ARGS(val_int(id)), &r));
	EQ(r.count, 1);
	EQ(rows_int(&r, 0, 0), 11);
	EQ(rows_int(&r, 0, 1), 12);
	EQ(rows_int(&r, 0, 2), 13);
	EQ(rows_int(&r, 0, 3), AT_MS);
	EQ(rows_str(&r, 0, 4).n, 16);
	EQ_STR(rows_str(&r, 0, 5), "blog.example");
	EQ_STR(rows_str(&r, 0, 6), "a\t\t");
	EQ_STR(rows_str(&r, 0, 7), "");
	EQ_STR(rows_str(&r, 0, 8), "s1");
	EQ(rows_int(&r, 0, 9), CLICK_API);
	OK(db_query(c, &SQL_DAILY, NO_ARGS, &r));
	EQ(rows_int(&r, 0, 2), AT_MS / MS_PER_DAY);
	OK(fixture_commit(c, s));
	EQ(click_stats(p.clicks).drain.drained, 701);
	EQ(click_stats(p.clicks).drain.pending, 0);
	stop(&p, 0);
}

static const struct sql SQL_BY_PARTNER = {
	.text = "SELECT partner_id, clicks FROM click_daily WHERE org_id = $1 ORDER BY partner_id",
};

STORE_TEST(clicks_without_a_link_are_counted_for_each_partner)
{
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);
	struct link_entry codes[] = { { .org_id = 1, .partner_id = 12, .campaign_id = 13 },
		                      { .org_id = 1, .partner_id = 14, .campaign_id = 13 } };
	struct visit v = { .at_ms = AT_MS, .user_agent = STR("Mozilla/5.0"), .flags = CLICK_API };
	struct rows r;
	int64_t id;

	for (int i = 0; i < 5; i++) {
		OK(click_record(p.clicks, c->arena, &codes[i % 2], &v, &id));
		if (i > 2) /* the others together, in one batch */
			OK(drain_wait(click_drain(p.clicks), 0, WAIT_MS));
	}
	OK(fixture_read(c, s, 1));
	OK(db_query(c, &SQL_BY_PARTNER, NO_ARGS, &r));
	EQ(r.count, 3);
	EQ(rows_int(&r, 0, 0), 0); /* all together */
	EQ(rows_int(&r, 0, 1), 5);
	EQ(rows_int(&r, 1, 0), 12);
	EQ(rows_int(&r, 1, 1), 3);
	EQ(rows_int(&r, 2, 0), 14);
	EQ(rows_int(&r, 2, 1), 2);
	OK(fixture_commit(c, s));
	stop(&p, 0);
}

STORE_TEST(a_click_is_found_at_once_and_only_by_its_organisation)
{
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);
	struct click got;
	int64_t id, other;

	for (int i = 0; i < 50; i++) {
		OK(record(c, p.clicks, 1, &id));
		OK(record(c, p.clicks, 2, &other));
		OK(click_find_recent(p.clicks, c->arena, 1, id, &got));
		EQ(got.id, id);
		EQ(got.partner_id, 12);
		EQ_STR(got.sub, "s1");
		NO(click_find_recent(p.clicks, c->arena, 2, id, &got));
		NO(click_find_recent(p.clicks, c->arena, 1, id + 1, &got));
		usleep((useconds_t)(i % 5) * 2000);
	}
	OK(drain_wait(click_drain(p.clicks), 1, WAIT_MS));
	NO(click_find_recent(p.clicks, c->arena, 1, id, &got));
	OK(click_find_recent(p.clicks, c->arena, 2, other, &got));
	stop(&p, 0);
}

STORE_TEST(clicks_left_at_the_end_arrive_after_the_next_start)
{
	struct str dir = unit_dir(c);
	struct parts p = start(c, s, dir, NEVER_MS);
	struct click got;
	int64_t daily, id = 0;

	record_many(c, p.clicks, 1, 600);
	OK(drain_wait(click_drain(p.clicks), 1, WAIT_MS));
	record_many(c, p.clicks, 1, 30);
	OK(record(c, p.clicks, 1, &id));
	click_close(p.clicks, 0); /* may or may not have had time */
	work_stop(p.work);
	p = start(c, s, dir, NEVER_MS);
	(void)click_find_recent(p.clicks, c->arena, 1, id, &got);
	OK(drain_wait(click_drain(p.clicks), 0, WAIT_MS));
	EQ(stored(c, s, 1, &daily), 631);
	EQ(daily, 631);
	stop(&p, 0);
}

static const struct sql SQL_AHEAD = {
	.text = "UPDATE drain_position SET position = position + 1000000 WHERE org_id = $1",
};

STORE_TEST(a_journal_that_is_older_than_the_database_loses_nothing_new)
{
	struct str dir = unit_dir(c);
	struct parts p = start(c, s, dir, NEVER_MS);
	int64_t daily;

	record_many(c, p.clicks, 1, 30);
	stop(&p, WAIT_MS);
	OK(fixture_write(c, s, 1)); /* as if it had gone on with a later state of this journal */
	OK(db_exec(c, &SQL_AHEAD, NO_ARGS));
	OK(fixture_commit(c, s));
	for (int run = 0; run < 2; run++) {
		p = start(c, s, dir, NEVER_MS);
		record_many(c, p.clicks, 1, 5);
		OK(drain_wait(click_drain(p.clicks), 1, WAIT_MS));
		record_many(c, p.clicks, 1, 5);
		OK(drain_wait(click_drain(p.clicks), 1, WAIT_MS));
		EQ(click_stats(p.clicks).drain.skipped, 0);
		stop(&p, WAIT_MS);
	}
	EQ(stored(c, s, 1, &daily), 50);
	EQ(daily, 50);
}

STORE_TEST(a_clean_stop_leaves_nothing_behind)
{
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);
	int64_t daily;

	record_many(c, p.clicks, 1, 2000);
	stop(&p, WAIT_MS);
	EQ(stored(c, s, 1, &daily), 2000);
}

static _Atomic int refused;

static bool refuse_second(int64_t org_id)
{
	return org_id != 2 || atomic_fetch_sub(&refused, 1) <= 0;
}

STORE_TEST(an_organisation_that_cannot_be_written_holds_nobody_back)
{
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);
	struct click got;
	int64_t daily, id;

	atomic_store(&refused, 3);
	store_inject_commit(s, refuse_second);
	record_many(c, p.clicks, 2, 10);
	OK(record(c, p.clicks, 2, &id));
	record_many(c, p.clicks, 1, 10);
	OK(drain_wait(click_drain(p.clicks), 1, WAIT_MS));
	EQ(stored(c, s, 1, &daily), 10);
	OK(click_find_recent(p.clicks, c->arena, 2, id, &got));
	OK(drain_wait(click_drain(p.clicks), 2, WAIT_MS));
	store_inject_commit(s, NULL);
	EQ(stored(c, s, 2, &daily), 11);
	EQ(daily, 11);
	EQ(click_stats(p.clicks).drain.failures, 3);
	stop(&p, 0);
}

TEST(clicks_of_an_organisation_that_is_gone_are_dropped)
{
	struct store *s = fixture_sqlite(c, "");
	struct parts p = start(c, s, unit_dir(c), NEVER_MS);

	record_many(c, p.clicks, 77, 5);
	OK(drain_wait(click_drain(p.clicks), 0, WAIT_MS));
	EQ(click_stats(p.clicks).drain.dropped, 5);
	stop(&p, 0);
}

/* In the child: record clicks of both organisations until killed, counting in shared memory. */
static void record_for_ever(struct ctx *c, const struct store_config *config, struct str dir,
                            _Atomic int64_t *acknowledged)
{
	struct store *s = store_open(c, config);
	struct parts p = start(c, s, dir, 1);
	int64_t id;

	for (int64_t i = 0;; i++)
		if (record(c, p.clicks, 1 + i % 2, &id))
			atomic_fetch_add(&acknowledged[i % 2], 1);
}

static void check_after_kills(struct ctx *c, const struct store_config *config, struct str dir,
                              const int64_t acknowledged[2])
{
	struct store *s = store_open(c, config);
	struct parts p = start(c, s, dir, NEVER_MS);
	int64_t daily;

	OK(drain_wait(click_drain(p.clicks), 0, WAIT_MS));
	for (int64_t org_id = 1; org_id <= 2; org_id++) {
		int64_t count = stored(c, s, org_id, &daily), wanted = acknowledged[org_id - 1];

		OK(count >= wanted && count <= wanted + 6); /* one on its way at each kill */
		EQ(daily, count);
	}
	stop(&p, 0);
	store_close(s);
}

TEST(every_click_arrives_exactly_once_however_often_the_process_is_killed)
{
	struct str dir = unit_dir(c);
	struct store_config config = fixture_config_sqlite(c, "");
	_Atomic int64_t *acknowledged = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct store *s = store_open(c, &config);

	OK(s && store_migrate(s, c, 1) && store_migrate(s, c, 2));
	store_close(s);
	for (int round = 0; round < 6; round++) {
		int64_t before = atomic_load(&acknowledged[1]);

		fflush(NULL);
		pid_t child = fork();

		if (child == 0) {
			record_for_ever(c, &config, dir, acknowledged);
			_exit(0);
		}
		while (atomic_load(&acknowledged[1]) < before + 100)
			usleep(500);
		usleep((useconds_t)(20000 + round * 3700));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	int64_t count[2] = { acknowledged[0], acknowledged[1] };

	check_after_kills(c, &config, dir, count);
	munmap((void *)acknowledged, 4096);
}
