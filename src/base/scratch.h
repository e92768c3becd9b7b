/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/ctx.h"

/*
 * Memory for one turn of a long loop, so that a request about a hundred thousand rows does not
 * hold what it needed for each of them:
 *
 *     struct scratch *s = scratch_new(c);
 *
 *     for (…) {
 *         scratch_enter(c, s);
 *         ok = pay(c, …);
 *         scratch_leave(c, s);
 *     }
 *
 * Between the two c->arena is the scratch's. What is left in structs of the caller must not
 * point there; what the database was given it has copied; a turn that asked to be called after
 * the commit keeps its memory until the request ends.
 */

struct scratch;

struct scratch *scratch_new(struct ctx *c);
void scratch_enter(struct ctx *c, struct scratch *s);
void scratch_leave(struct ctx *c, struct scratch *s);

#endif
