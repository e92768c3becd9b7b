/* SPDX-License-Identifier: Apache-2.0 */
#include "access/rate.h"
#include "unit.h"

#define S 1000000000LL

static const struct rate_policy ten_a_minute = { 10, 60 };

TEST(a_quota_can_be_used_at_once_and_comes_back_evenly)
{
	struct rate *r = rate_new(100);
	struct rate_state s = { 0 };

	for (int i = 9; i >= 0; i--) {
		s = rate_take(r, STR("a"), ten_a_minute, 1000 * S);
		OK(s.allowed);
		EQ(s.remaining, i);
		EQ(s.reset_s, 6 * (10 - i));
		EQ(s.wait_s, 0);
	}
	s = rate_take(r, STR("a"), ten_a_minute, 1000 * S);
	NO(s.allowed);
	EQ(s.wait_s, 6);
	EQ(s.reset_s, 60);
	NO(rate_take(r, STR("a"), ten_a_minute, 1005 * S).allowed);
	OK(rate_take(r, STR("a"), ten_a_minute, 1006 * S).allowed);
	NO(rate_take(r, STR("a"), ten_a_minute, 1006 * S).allowed);
	rate_free(r);
}

TEST(what_costs_more_takes_more_but_never_more_than_there_can_be)
{
	static const struct rate_policy one_a_minute = { 1, 60 };
	struct rate *r = rate_new(100);
	struct rate_state s;

	for (int i = 0; i < 4; i++)
		EQ(rate_take_many(r, STR("a"), ten_a_minute, 2, S).remaining, 8 - 2 * i);
	OK(rate_take(r, STR("a"), ten_a_minute, S).allowed);
	s = rate_take_many(r, STR("a"), ten_a_minute, 2, S);
	NO(s.allowed);
	EQ(s.remaining, 1);
	EQ(s.wait_s, 6);
	OK(rate_take_many(r, STR("b"), one_a_minute, 2, S).allowed);
	rate_free(r);
}

TEST(names_do_not_share_a_quota)
{
	struct rate *r = rate_new(100);

	for (int i = 0; i < 10; i++)
		OK(rate_take(r, STR("a"), ten_a_minute, S).allowed);
	NO(rate_take(r, STR("a"), ten_a_minute, S).allowed);
	OK(rate_take(r, STR("b"), ten_a_minute, S).allowed);
	rate_free(r);
}

TEST(looking_takes_nothing)
{
	struct rate *r = rate_new(100);

	for (int i = 0; i < 100; i++)
		OK(rate_look(r, STR("a"), ten_a_minute, S).allowed);
	EQ(rate_take(r, STR("a"), ten_a_minute, S).remaining, 9);
	rate_free(r);
}

TEST(over_a_long_time_no_more_than_the_quota_gets_through)
{
	struct rate *r = rate_new(100);
	int allowed = 0;

	for (int64_t ms = 0; ms < 600000; ms += 10)
		allowed += rate_take(r, STR("a"), ten_a_minute, S + ms * 1000000).allowed;
	OK(allowed >= 100 && allowed <= 110);
	rate_free(r);
}

TEST(a_flood_of_names_does_not_free_the_one_that_used_its_quota_up)
{
	struct rate *r = rate_new(256);
	char name[24];
	int allowed = 0;

	for (int i = 0; i < 10; i++)
		rate_take(r, STR("a"), ten_a_minute, S);
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "flood %d", i);
		rate_take(r, str_from(name), ten_a_minute, S);
	}
	for (int i = 0; i < 10; i++)
		allowed += rate_take(r, STR("a"), ten_a_minute, S).allowed;
	EQ(allowed, 0);
	rate_free(r);
}
