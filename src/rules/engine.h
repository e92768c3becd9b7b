/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include "rules/reverse.h"
#include "rules/step.h"

/*
 * accrue: which partners earn what from an event, and why.
 *
 * Pure: no clock, no database, no allocation, no floating point; the same input gives the
 * same output for ever. The exact rules, each with an example, are in docs/RULES.md.
 *
 * Every credited partner and everybody above gets one earning: those with GATE_NONE are
 * commissions with a positive amount; the others say what kept them from one. Order is
 * credit by credit, the earner first, then its chain from below, then its recruiter.
 */

#define EARNINGS_MAX (CREDITS_MAX * (2 + LEVELS_MAX))
#define STEPS_MAX (8 + CREDITS_MAX * (REWARDS_MAX + TIERS_MAX + 27 + (1 + LEVELS_MAX) * 12))

enum earning_kind { EARNING_OWN, EARNING_OVERRIDE, EARNING_RECRUITING };

struct earning {
	enum gate gate;
	enum earning_kind kind;
	int64_t partner_id;
	size_t credit;                   /* index into the standing's credits */
	int level;                       /* EARNING_OVERRIDE: from 1 */
	int64_t amount_minor;            /* > 0, or 0 with a gate; of a correction also < 0 */
	const struct currency *currency;
	int64_t matures_at_ms;
	unsigned holds;                  /* not 0: held, otherwise pending */

	enum rule rule;                  /* EARNING_OWN: where the value came from … */
	int32_t rule_index;              /* … and which condition or tier, from 0 */
	int64_t driven;                  /* that tiers go by; 0 without them */
	int64_t base_minor;              /* what a percentage was taken of */
	int64_t rate_ppm;                /* 0 for fixed rewards */
	int64_t share_ppm;
	int64_t cut_minor;               /* by all caps together */

	uint32_t step_from, step_count;  /* into accrual.steps */
};

/* Large, and never cleared as a whole: keep one per thread or in an arena, and reuse it. */
struct accrual {
	enum gate gate;                  /* GATE_NONE if anybody earns; else why nobody does */
	size_t commission_count;         /* earnings with GATE_NONE */
	struct earning earnings[EARNINGS_MAX];
	size_t earning_count;            /* 0 if the event as a whole was turned away */

	/* of base_minor: the campaign's; the event's without a rate */
	const struct currency *currency;
	int64_t base_minor;
	int64_t shares[CREDITS_MAX];     /* the credits' */
	size_t share_count;
	struct fx fx, reward_fx[REWARD_FX_MAX]; /* as the occurrence's */
	int64_t terms_id;

	/* the first common_count belong to every earning of a credit */
	struct step steps[STEPS_MAX];
	uint32_t step_count, common_count;
};

void accrue(const struct terms *t, const struct standing *s, const struct occurrence *o,
            struct accrual *out);

/* Do the terms pay for this kind of event at all, by their trigger or by a condition? */
bool accrue_pays_for(const struct terms *t, enum trigger kind);

/*
 * What the event adds to a credited partner's counters, for the caller to keep; also for events
 * that earn nothing. Revenue is only known in the campaign's currency (see struct accrual).
 */
struct counters accrue_counts(const struct terms *t, const struct occurrence *o,
                              const struct accrual *a, size_t credit);

/* What a period comes to beside what has been posted for it; see rules/true_up.h. */
struct correction {
	int64_t is_minor;      /* what its events would earn by what was reached in the end */
	int64_t was_minor;     /* what they have earned */
	int64_t before_minor;  /* earlier corrections of this period */
	int64_t events;        /* that come out differently */
	struct str period;     /* "2026-11", "2026-Q4", "2026" */
	int64_t at_ms;         /* its last moment */
};

/*
 * One credited partner's correction, which is not 0: posted, shared with those above, capped and
 * held as any other reward. Below zero it takes back: no cap applies, nor does the partner's
 * standing; of those above, who may not earn neither gets nor gives back a part.
 */
void accrue_correction(const struct terms *t, const struct standing *s,
                       const struct correction *x, struct accrual *out);

#endif
