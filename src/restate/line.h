/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_LINE_H
#define RESTATE_LINE_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * What a restatement comes to, a line for each partner and currency: the preview (how many
 * commissions would be raised, lowered or stay; what they come to and would come to), and what
 * has been posted. Where the two differ, something was told in between, or since.
 */

struct line {
	int64_t run_id;
	int64_t partner_id;
	struct str currency;
	int64_t raised, lowered, unchanged;
	int64_t was, becomes;  /* minor units: of those commissions */
	int64_t posted;        /* of adjustments together; below zero takes back */
	int64_t adjustments;
};

extern const struct model line_model;

/* Add to the line, which is made where there is none. */
bool line_add(struct ctx *c, const struct line *more);

/* By partner. */
bool line_list(struct ctx *c, int64_t run_id, struct list *out);

/* How many of a run together. */
struct line_sum {
	int64_t raised, lowered, unchanged, adjustments, partners;
};

bool line_sum(struct ctx *c, int64_t run_id, struct line_sum *out);

/* The sum of lines in the i-th currency among them; false where there are fewer. */
bool line_total(const struct list *lines, size_t i, struct line *out);

/* Is what has been posted what was previewed? Also true while nothing is posted yet. */
struct restatement; /* restate/restatement.h */
bool line_as_previewed(const struct restatement *r, const struct list *lines);

extern const struct sql *const line_sql[];

#endif
