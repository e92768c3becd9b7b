/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REFERENCE_CASE_H
#define REFERENCE_CASE_H

#include "base/ctx.h"
#include "data/json_out.h"

/*
 * One case for the engine, as JSON, and what the engine makes of it: what is compared with the
 * reference engine beside this file, which reads the same cases.
 *
 * Beside "currency" and "terms" a case has one of: "event" and "standing" (with "item", what a
 * true-up makes of the event; with "correction", what is made of that), "earned", "contest",
 * "notices". random.mjs makes them, and fuzz_reference.c from bytes.
 */

/* The words for enum candidate_fault. */
extern const char *const case_faults[];

/* False, with the error, if the case is none: its terms are refused, or its standing. */
bool case_run(struct ctx *c, struct str line, struct buf *out);

#endif
