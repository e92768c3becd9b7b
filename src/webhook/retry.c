/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/retry.h"

#include "base/check.h"
#include "base/clock.h"

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60LL * MINUTE_MS)
#define JITTER 5 /* a fifth of the delay */

static const int64_t delays_ms[RETRY_ATTEMPTS - 1] = {
	5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS,
	10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS,
};

static bool overloaded(int64_t status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

static int64_t asked_ms(const struct retry_input *in)
{
	if (!overloaded(in->status) || in->retry_after_s <= 0)
		return 0;
	if (in->retry_after_s > MS_PER_DAY / SECOND_MS)
		return MS_PER_DAY;
	return in->retry_after_s * SECOND_MS;
}

struct retry retry_judge(const struct retry_input *in)
{
	struct retry out = { .verdict = RETRY_AGAIN };
	int64_t delay, asked = asked_ms(in);

	CHECK(in->attempts >= 1 && in->chance_ppm >= 0 && in->chance_ppm < 1000000);
	if (in->status >= 200 && in->status < 300)
		return (struct retry){ .verdict = RETRY_DELIVERED };
	if (in->status == 410)
		return (struct retry){ .verdict = RETRY_GONE };
	if (in->attempts >= RETRY_ATTEMPTS)
		return (struct retry){ .verdict = RETRY_NEVER };
	delay = delays_ms[in->attempts - 1];
	delay += delay / JITTER * in->chance_ppm / 1000000;
	out.wait = asked > 0;
	out.next_ms = in->now_ms + (asked > delay ? asked : delay);
	return out;
}
