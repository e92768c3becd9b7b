/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_STEP_H
#define RULES_STEP_H

#include "rules/input.h"

/*
 * The trace the engine leaves: each thing it looked at or computed, with its operands.
 *
 * rules/explain.h turns steps into JSON and sentences. The names of the enums below on the
 * outside are in explain.c; numbers are never stored.
 */

/* The levels of rewards, most specific first. */
enum rule {
	RULE_OWN, RULE_OVERRIDE, RULE_CONDITION, RULE_TIER, RULE_GROUP, RULE_STANDARD, RULE_COUNT
};

/* Why a candidate was not taken. */
enum why {
	WHY_NONE, WHY_OUTRANKED, WHY_EARLIER_MATCH, WHY_NOT_REACHED, WHY_HIGHER_TIER,
	WHY_NOT_YET, WHY_EXPIRED, WHY_EVENT, WHY_PRODUCT, WHY_SITE, WHY_COUNTRY, WHY_PLAN,
	WHY_RENEWAL, WHY_FIRST_PAYMENT, WHY_AMOUNT, WHY_ATTRIBUTE, WHY_COUNT
};

/* Why nothing was earned. */
enum gate {
	GATE_NONE, GATE_NOT_CREDITED, GATE_CAMPAIGN_CLOSED, GATE_TRIGGER, GATE_BOT, GATE_DUPLICATE,
	GATE_SELF, GATE_UNQUALIFIED, GATE_NO_AMOUNT, GATE_TOO_LARGE, GATE_BANNED, GATE_CLOSED,
	GATE_NO_REWARD, GATE_ZERO_REWARD, GATE_DELAY, GATE_DURATION, GATE_WINDOW, GATE_NOTHING_LEFT,
	GATE_CAPPED, GATE_ROUNDS_TO_ZERO, GATE_COUNT
};

/* The members used by each kind: result is always what the amount is after the step. */
enum step_code {
	STEP_BASE,     /* a amount, b tax, c shipping, index 1 if gross */
	STEP_CONVERT,  /* a of; index 0: at the occurrence's rate, i: at reward_fx[i - 1] */
	STEP_SKIP,     /* rule, index, why; a is, b needed; name of group or attribute */
	STEP_PERCENT,  /* rule, index, name; a rate, b of */
	STEP_FIXED,    /* rule, index, name; a amount, b quantity, c of */
	STEP_DURATION, /* rule, index; a months, b invoice index */
	STEP_WINDOW,   /* a days, b referred at, c event at */
	STEP_SHARE,    /* index of the part, a its share, b of; all shares are in the accrual */
	STEP_TRUE_UP,  /* index events, name of the period; a is, b was, c before */
	STEP_OVERRIDE, /* index level from 1 (0 recruiting), a rate, b of, c partner below */
	STEP_LEFT,     /* a wanted; no more than result was left of the earner's commission */
	STEP_GIVE,     /* a given away, b of, c to whom */
	STEP_CAP,      /* index of the cap; a limit, b used before, c cut */
	STEP_HOLD,     /* a hold bits */
	STEP_MATURES,  /* a days, b counted from, index 1 if from clearing */
	STEP_GATE      /* why is the enum gate; a is, b needed */
};

struct step {
	uint8_t code, rule, why;
	int32_t index;
	int64_t a, b, c, result;
	const struct currency *currency;
	struct str name;
};

#endif
