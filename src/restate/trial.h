/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_TRIAL_H
#define RESTATE_TRIAL_H

#include "commission/commission.h"
#include "event/scene.h"
#include "restate/line.h"
#include "restate/restatement.h"

/*
 * What tests of restatements do: sell, let a run go through, look at what is owed. A step that
 * fails ends the test.
 */

#define TRIAL_PERCENT(percent, more) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"" percent "\"}" more "}"

#define TRIAL_PLAIN(percent) TRIAL_PERCENT(percent, "")

/* A part of the seller's commission for the one above. */
#define TRIAL_CHAIN(percent, above) \
	TRIAL_PERCENT(percent, ",\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"" above "\"}]}")

#define TRIAL_CAP(percent, scope, period, amount) \
	TRIAL_PERCENT(percent, ",\"caps\":[{\"scope\":\"" scope "\",\"period\":\"" period "\"," \
	                       "\"amount\":" amount "}]")

/* 20 %, and once so much was driven 30 %; more: of the tiers, as ",\"period\":\"month\"". */
#define TRIAL_TIERS(from, more) \
	TRIAL_PERCENT("20", ",\"tiers\":{\"by\":\"revenue\"" more ",\"steps\":[{\"from\":" from "," \
	                    "\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]}")

#define TRIAL_RETROACTIVE(from, period) \
	TRIAL_TIERS(from, ",\"period\":\"" period "\",\"retroactive\":true")

/* Ann, below the scene's partner. */
int64_t trial_recruit(struct ctx *c, const struct scene *scene);

/* To the customer of the sale's name, in USD, by the partner (0: by nobody). */
void trial_sell(struct ctx *c, int64_t partner_id, const char *id, int64_t amount);

/* 100.00 to this customer. */
void trial_buy(struct ctx *c, int64_t partner_id, const char *id, const char *customer);

void trial_lead(struct ctx *c, int64_t partner_id, const char *id, const char *address);

/* 0: all that is left. */
void trial_refund(struct ctx *c, const char *id, const char *sale, int64_t amount);

/* Sales of the scene's partner and of Ann, whom it recruits, and refunds of some, over 80 days. */
void trial_eighty_days(struct ctx *c, const struct scene *scene);

/*
 * By each of these terms, up to NULL, in turn: what they would have cost (whatif/whatif.h) is what
 * is owed to everybody once they are applied, as it is before.
 */
void trial_foretold(struct ctx *c, const struct scene *scene, const char *const *documents);

/* The sale's first commission. */
struct commission trial_commission(struct ctx *c, const char *sale);

/* The job, until nothing is left to do. */
void trial_work(struct ctx *c);

/* At this moment periods are trued up; and the number of true-ups there are. */
void trial_true_up(struct ctx *c, const char *at);
int64_t trial_true_ups(struct ctx *c);

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
