/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CHAIN_H
#define RULES_CHAIN_H

#include "rules/trace.h"

/* Inside the engine: what the partners above an earner get. */

struct part {
	const struct upline *who;
	int level;              /* from 1; 0 for the recruiter */
	int64_t rate_ppm;
	int64_t of_minor;       /* what the percentage was taken of … */
	int64_t below_id;       /* … and whose it is */
	int64_t wanted_minor;
	int64_t amount_minor;   /* less than wanted if the earner's commission is used up */
	bool from_earner;
};

struct chain {
	struct part parts[LEVELS_MAX + 1];
	size_t count;
	int64_t kept_minor;     /* what the earner keeps */
};

void chain_compute(const struct terms *t, const struct credit *cr, int64_t own_minor,
                   struct chain *out);

#endif
