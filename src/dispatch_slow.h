/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCH_SLOW_H
#define DISPATCH_SLOW_H

#include "work/work.h"

/*
 * The queue of slow tasks: one runs at a time, few wait, the others are refused.
 * So a flood of sign-ins costs one core and some memory, and nobody else waits.
 */

#define SLOW_WAITING_MAX 32

struct slow;

struct slow *slow_new(struct work *w);
void slow_free(struct slow *s);

/* As work_submit. The task's done() must call slow_next() once. */
bool slow_submit(struct slow *s, struct task *t);
void slow_next(struct slow *s);

struct slow_stats {
	int64_t waiting, refused;
};
struct slow_stats slow_stats(struct slow *s);

#endif
