/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_RETRY_H
#define WEBHOOK_RETRY_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What follows from an attempt, as Standard Webhooks asks for: 2xx is success, all else
 * is not, redirections neither. There are 10 attempts over about three days: at once, then
 * after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each up to a fifth later
 * by chance, so that an endpoint which was away is not met by all at once. Where a
 * receiver that is overloaded (429, 502, 503, 504) says Retry-After, it gets that time, but
 * no more than a day. 410 says that nothing should be sent any more.
 */

#define RETRY_ATTEMPTS 10

enum retry_verdict {
	RETRY_DELIVERED,
	RETRY_AGAIN,
	RETRY_NEVER,  /* it was the last attempt */
	RETRY_GONE,   /* the endpoint is to be disabled */
};

struct retry_input {
	int64_t status;         /* of the answer; 0: there was none */
	int64_t attempts;       /* with this one */
	int64_t retry_after_s;  /* -1: not said */
	int64_t now_ms;
	int64_t chance_ppm;     /* 0 to 999999, at random */
};

struct retry {
	enum retry_verdict verdict;
	int64_t next_ms;        /* RETRY_AGAIN */
	bool wait;              /* nothing else should be sent there before next_ms */
};

struct retry retry_judge(const struct retry_input *in);

#endif
