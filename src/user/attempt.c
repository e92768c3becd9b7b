/* SPDX-License-Identifier: Apache-2.0 */
#include "user/attempt.h"
#include "access/access.h"
#include "app.h"
#include "base/clock.h"

/*
 * Failures: of an account from one address, of an account, and of an address that many may share.
 */
enum { PAIR, ACCOUNT, ADDRESS, BUCKETS };

static const struct rate_policy policies[BUCKETS] = {
	[PAIR] = { 10, 300 }, [ACCOUNT] = { 100, 300 }, [ADDRESS] = { 60, 300 },
};

/* Count a failure in every bucket, or look; seconds until all have room, 0: they have. */
static int64_t buckets(struct ctx *c, const struct attempt *a,
                    struct rate_state (*use)(struct rate *, struct str, struct rate_policy,
                                             int64_t))
{
	struct str names[BUCKETS] = {
		[PAIR] = arena_printf(c->arena, "%.*s from %.*s", STR_ARG(a->email), STR_ARG(a->ip)),
		[ACCOUNT] = arena_printf(c->arena, "account %.*s", STR_ARG(a->email)),
		[ADDRESS] = arena_printf(c->arena, "address %.*s", STR_ARG(a->ip)),
	};
	size_t count = access_tells_apart(a->ip) ? BUCKETS : ADDRESS;
	int64_t wait_s = 0;

	for (size_t i = 0; i < count; i++) {
		struct rate_state s = use(app_of(c)->access->failures, names[i], policies[i],
		                          clock_mono_ns());

		if (s.wait_s > wait_s)
			wait_s = s.wait_s;
	}
	return wait_s;
}

bool attempt_allowed(struct ctx *c, const struct attempt *a)
{
	int64_t wait_s = buckets(c, a, rate_look);

	if (wait_s == 0)
		return true;
	fail(c, ERR_RATE, NULL, "Too many wrong passwords; try again in %lld second%s",
	     (long long)wait_s, wait_s == 1 ? "" : "s");
	return fail_for(c, wait_s);
}

void attempt_failed(struct ctx *c, const struct attempt *a)
{
	buckets(c, a, rate_take);
}
