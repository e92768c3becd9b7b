/* SPDX-License-Identifier: Apache-2.0 */
#include "click/courtesy.h"
#include "unit.h"

#define MS 1000000

static bool decide(struct courtesy *k, int64_t now_ms, int64_t cpu_ms, int64_t waiting)
{
	struct courtesy_load load = { now_ms * MS, cpu_ms * MS, 2 };

	return courtesy_decide(k, &load, waiting);
}

TEST(what_can_wait_waits_while_nearly_all_processor_time_is_used)
{
	struct courtesy k = { 0 };

	NO(decide(&k, 1000, 900, 0)); /* nothing to compare with yet */
	NO(decide(&k, 1100, 1060, 0)); /* 160 of 200 ms */
	OK(decide(&k, 1200, 1235, 0)); /* 175 of 200 ms */
	NO(decide(&k, 1300, 1240, 0));
}

TEST(what_waits_does_not_go_on_just_because_it_left_some_time)
{
	struct courtesy k = { 0 };

	NO(decide(&k, 1000, 0, 0));
	OK(decide(&k, 1100, 175, 0));
	OK(decide(&k, 1200, 300, 0)); /* 125 of 200 ms, without what waits */
	NO(decide(&k, 1300, 415, 0));
	NO(decide(&k, 1400, 540, 0));
}

TEST(a_rush_that_does_not_end_is_none)
{
	struct courtesy k = { 0 };

	NO(decide(&k, 1000, 0, 0));
	OK(decide(&k, 1100, 200, 0));
	OK(decide(&k, 60900, 119000, 0));
	NO(decide(&k, 61000, 119200, 0));
	NO(decide(&k, 61100, 119300, 0));
	OK(decide(&k, 61200, 119500, 0)); /* another one */
}

TEST(a_rush_after_a_quiet_time_is_noticed_soon)
{
	struct courtesy k = { 0 };

	NO(decide(&k, 1000, 0, 0));
	NO(decide(&k, 2010, 20, 0)); /* the last 10 ms may have been busy */
	NO(courtesy_is_due(&k, 2029 * MS));
	OK(courtesy_is_due(&k, 2030 * MS));
	OK(decide(&k, 2030, 60, 0));
	NO(courtesy_is_due(&k, 2129 * MS));
	OK(courtesy_is_due(&k, 2130 * MS));
}

TEST(when_too_many_wait_they_wait_no_longer)
{
	struct courtesy k = { 0 };

	NO(decide(&k, 1000, 0, 0));
	OK(decide(&k, 1100, 200, COURTESY_WAITING_MAX - 1));
	NO(decide(&k, 1200, 400, COURTESY_WAITING_MAX));
}

TEST(an_idle_program_is_not_busy)
{
	struct courtesy k = { 0 };

	NO(courtesy_asks_to_wait(&k, 0));
	NO(courtesy_asks_to_wait(&k, 0));
}
