/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_TRIAL_H
#define RESTATE_TRIAL_H

#include "event/scene.h"
#include "restate/line.h"
#include "restate/restatement.h"

/*
 * What tests of restatements do: sell, let a run go through, look at what is owed. A step that
 * fails ends the test.
 */

/* To the customer of the sale's name, in USD, by the partner (0: by nobody). */
void trial_sell(struct ctx *c, int64_t partner_id, const char *id, int64_t amount);

/* 0: all that is left. */
void trial_refund(struct ctx *c, const char *id, const char *sale, int64_t amount);

/* The job, until nothing is left to do. */
void trial_work(struct ctx *c);

/* A run over everything by these terms; and posted. */
struct restatement trial_preview(struct ctx *c, int64_t campaign_id, const char *terms);
struct restatement trial_post(struct ctx *c, int64_t campaign_id, const char *terms);

/* The run's first line for a partner; all zero if it has none. */
struct line trial_line_of(struct ctx *c, const struct restatement *r, int64_t partner_id);

/* Pending and payable together. */
int64_t trial_owed(struct ctx *c, int64_t partner_id);

/* How much the audit finds, and what it says; and that it is nothing. */
int64_t trial_findings(struct ctx *c, struct str *out_said);
void trial_proves(struct ctx *c);

#endif
