/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/retry.h"
#include "unit.h"

static struct retry judge(int64_t status, int64_t attempts, int64_t retry_after)
{
	return retry_judge(&(struct retry_input){ .status = status, .attempts = attempts,
	                                          .retry_after_s = retry_after });
}

TEST(webhooks_are_tried_ten_times_over_three_days)
{
	static const int64_t seconds[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };

	for (int64_t n = 1; n < RETRY_ATTEMPTS; n++) {
		struct retry r = judge(500, n, -1);

		EQ(r.verdict, RETRY_AGAIN);
		EQ(r.next_ms, seconds[n - 1] * 1000);
		NO(r.wait);
	}
	EQ(judge(500, RETRY_ATTEMPTS, -1).verdict, RETRY_NEVER);
	EQ(judge(0, RETRY_ATTEMPTS, -1).verdict, RETRY_NEVER);
}

TEST(webhooks_come_a_little_later_by_chance_and_never_earlier)
{
	struct retry_input in = { .status = 500, .attempts = 2, .retry_after_s = -1,
		                  .now_ms = 1000, .chance_ppm = 999999 };

	EQ(retry_judge(&in).next_ms, 1000 + 300000 + 59999);
	in.chance_ppm = 500000;
	EQ(retry_judge(&in).next_ms, 1000 + 300000 + 30000);
}

TEST(only_2xx_delivers_a_webhook)
{
	static const int64_t good[] = { 200, 201, 202, 204, 299 };
	static const int64_t bad[] = { 0, 100, 199, 300, 301, 302, 307, 308, 400, 404, 500, 503 };

	for (size_t i = 0; i < LEN(good); i++)
		EQ(judge(good[i], 1, -1).verdict, RETRY_DELIVERED);
	for (size_t i = 0; i < LEN(bad); i++)
		EQ(judge(bad[i], 1, -1).verdict, RETRY_AGAIN);
	EQ(judge(410, 1, -1).verdict, RETRY_GONE);
	EQ(judge(410, RETRY_ATTEMPTS, 5).verdict, RETRY_GONE);
	EQ(judge(200, RETRY_ATTEMPTS, 5).verdict, RETRY_DELIVERED);
}

TEST(receivers_that_are_overloaded_get_the_time_they_ask_for)
{
	static const int64_t statuses[] = { 429, 502, 503, 504 };

	for (size_t i = 0; i < LEN(statuses); i++) {
		EQ(judge(statuses[i], 1, 120).next_ms, 120000);
		OK(judge(statuses[i], 1, 120).wait);
		EQ(judge(statuses[i], 1, 2).next_ms, 5000);
		EQ(judge(statuses[i], 1, INT64_MAX).next_ms, 86400000);
		NO(judge(statuses[i], 1, 0).wait);
	}
	EQ(judge(500, 1, 120).next_ms, 5000);
	NO(judge(500, 1, 120).wait);
}
