/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/restate.h"

#include "base/check.h"
#include "rules/true_up.h"

struct restate_part *restate_part(struct restate *r, int64_t partner_id, enum earning_kind kind,
                                  const struct currency *cur)
{
	struct restate_part *p = r->parts;

	for (; p < r->parts + r->count; p++)
		if (p->partner_id == partner_id && p->kind == kind && p->currency == cur)
			return p;
	if (r->count == RESTATE_PARTS_MAX)
		return NULL;
	r->count++;
	*p = (struct restate_part){ .partner_id = partner_id, .kind = kind, .currency = cur,
		                    .earning = -1 };
	return p;
}

void restate_judged(struct restate *r, const struct accrual *a)
{
	r->count = 0;
	for (size_t i = 0; i < a->earning_count; i++) {
		const struct earning *e = &a->earnings[i];
		struct restate_part *p;

		if (e->gate != GATE_NONE)
			continue;
		p = restate_part(r, e->partner_id, e->kind, e->currency);
		CHECK(p != NULL);
		if (p->earning < 0)
			p->earning = (int)i;
		p->judged_minor += e->amount_minor;
		p->holds |= e->holds;
		p->matures_at_ms = e->matures_at_ms;
	}
}

int64_t restate_target(const struct restate_part *p)
{
	if (p->made_minor > 0)
		return money_muldiv(p->judged_minor, p->left_minor - p->settled_minor,
		                    p->made_minor);
	return p->judged_minor - p->gone_minor;
}

int64_t restate_difference(const struct restate_part *p)
{
	return restate_target(p) - p->left_minor - p->before_minor;
}

static bool counted(const struct terms *was, const struct terms *chosen)
{
	return chosen->tiers_by == TIERS_NONE
	       || (was->tiers_by != TIERS_NONE && was->tiers_period == chosen->tiers_period);
}

/* Partners above are stored as far as the terms of the time paid them. */
static bool knew_above(const struct terms *was, const struct terms *chosen)
{
	if (chosen->level_count > was->level_count)
		return false;
	return chosen->recruiting_ppm == 0 || was->recruiting_ppm > 0;
}

bool restate_looks_at_leads(const struct terms *was, const struct terms *chosen)
{
	return accrue_pays_for(chosen, TRIGGER_LEAD) && !accrue_pays_for(was, TRIGGER_LEAD);
}

bool restate_looks_further(const struct terms *was, const struct terms *chosen)
{
	return !counted(was, chosen) || !knew_above(was, chosen) || chosen->cap_count > 0
	       || true_up_retroactive(chosen)
	       || restate_looks_at_leads(was, chosen);
}

int64_t restate_gone(const struct terms *chosen, const struct adjustment *said,
                     int64_t refunded_minor, const struct earned *e)
{
	int64_t refunded = refunded_minor < e->sale_minor ? refunded_minor : e->sale_minor, gone;

	if (chosen->clawback_period == PERIOD_LIFETIME || e->sale_minor == 0)
		return said->target_minor;
	gone = money_muldiv(e->amount_minor, refunded, e->sale_minor);
	return gone > said->target_minor ? gone : said->target_minor;
}
