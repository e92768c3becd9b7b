/* SPDX-License-Identifier: Apache-2.0 */
#include "event/counted.h"

#include "campaign/terms_cache.h"
#include "event/about.h"
#include "event/recall.h"
#include "event/standing.h"
#include "rules/counters.h"

/* As large as the one an event is evaluated in, and as seldom cleared. */
static _Thread_local struct accrual accrued;

static bool lower_one(struct ctx *c, const struct event *sale, struct standing_change *change,
                      struct counted_gone gone)
{
	const struct counters added = change->counters;
	int64_t whole = about_whole(sale);
	struct counters before = reverse_counters(&added, gone.before_minor, whole);
	struct counters after = reverse_counters(&added, gone.after_minor, whole);

	change->counters = counters_less(&before, &after);
	return standing_add(c, change);
}

bool counted_lower(struct ctx *c, const struct event *sale, struct counted_gone gone)
{
	struct terms_in_force t;
	struct recall recall;

	if (sale->campaign_id == 0 || gone.before_minor == gone.after_minor)
		return true;
	if (!terms_in_force(c, sale->campaign_id, sale->occurred_at, &t)
	    || !recall_read(c, sale, t.terms->currency, &recall))
		return false;
	accrue(t.terms, &recall.inputs.standing, &recall.inputs.event, &accrued);
	for (size_t i = 0; i < recall.inputs.standing.credit_count; i++) {
		struct standing_change change = {
			.partner_id = recall.inputs.standing.credits[i].partner_id,
			.campaign_id = sale->campaign_id,
			.month = recall.month,
			.counters = accrue_counts(t.terms, &recall.inputs.event, &accrued, i),
		};

		if (!lower_one(c, sale, &change, gone))
			return false;
	}
	return true;
}
