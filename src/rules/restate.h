/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_RESTATE_H
#define RULES_RESTATE_H

#include "rules/engine.h"
#include "rules/reverse.h"

/*
 * A restatement of one event: what its commissions come to beside what they would have been
 * under other terms, partner by partner.
 *
 * Pure. The event is judged by the chosen terms with the standing it had. Commissions of one
 * partner, kind and currency are one part. Works by targets, as reverse.h and true_up.h:
 *
 *     target     = judged × (left − settled) ÷ made
 *                  (half away from zero; made: by the terms of its time, left: of that, after
 *                  refunds, disputes and decisions; settled: what those terms leave to the end
 *                  of the period of what refunds take)
 *     target     = judged − gone             where nothing was made; gone: what refunds and the
 *                  like take of it by the chosen terms
 *     difference = target − left − before    (before: earlier restatements of this event)
 *
 * So it is right at any time and in any order, and when nothing of a sale is left, its
 * commission and all restatements come to nothing together. Never below nothing.
 */

#define RESTATE_PARTS_MAX (3 * EARNINGS_MAX)

struct restate_part {
	int64_t partner_id;
	enum earning_kind kind;
	const struct currency *currency;
	int64_t judged_minor; /* by the chosen terms */
	int64_t gone_minor;   /* of that, where nothing was made: 0 to judged */
	int64_t made_minor, left_minor;
	int64_t settled_minor; /* 0 to left */
	int64_t before_minor;
	unsigned holds;       /* of what would be posted */
	int64_t matures_at_ms;
	int earning;          /* the judged one in the accrual; -1: there is none */
};

struct restate {
	struct restate_part parts[RESTATE_PARTS_MAX];
	size_t count;
};

/* Begin with what the chosen terms give. */
void restate_judged(struct restate *r, const struct accrual *a);

/* The part of a partner, kind and currency, made where there is none; NULL if there are too many. */
struct restate_part *restate_part(struct restate *r, int64_t partner_id, enum earning_kind kind,
                                  const struct currency *cur);

int64_t restate_target(const struct restate_part *p);
int64_t restate_difference(const struct restate_part *p);

/*
 * Do the chosen terms look at something that was not stored with events judged by `was`: what
 * partners had driven, who stood above them, what caps have used, what a period came to in the
 * end, which leads are repeated? It can be found again: restate/stand.h, restate/used.h.
 */
bool restate_looks_further(const struct terms *was, const struct terms *chosen);

/* Do they pay for leads, of which `was` noted no repeated ones? */
bool restate_looks_at_leads(const struct terms *was, const struct terms *chosen);

/*
 * What refunds take of what would have been judged, where nothing was made, by what reverse()
 * says they do: where the chosen terms settle refunds at the end of a period, all of them.
 */
int64_t restate_gone(const struct terms *chosen, const struct adjustment *said,
                     int64_t refunded_minor, const struct earned *e);

#endif
