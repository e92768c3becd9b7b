/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/caps.h"

/* What this event has given already that counts against the cap. */
static int64_t given(const struct input *in, const struct cap *cap, const struct accrual *a,
                     const struct earning *e)
{
	int64_t sum = 0;

	for (const struct earning *before = a->earnings; before < e; before++)
		if (before->currency == in->terms->currency
		    && (cap->scope != CAP_PARTNER || before->partner_id == e->partner_id))
			sum += before->amount_minor;
	return sum;
}

void caps_apply(const struct input *in, const int64_t *cap_used, struct accrual *a,
                struct earning *e)
{
	const struct terms *t = in->terms;

	if (t->cap_count > 0 && e->currency != t->currency) {
		e->holds |= HOLD_NO_RATE;
		return;
	}
	for (size_t i = 0; i < t->cap_count; i++) {
		const struct cap *cap = &t->caps[i];
		int64_t used = cap->scope == CAP_PARTNER ? cap_used[i] : in->standing->cap_used[i];

		used += given(in, cap, a, e);

		int64_t left = used < cap->amount_minor ? cap->amount_minor - used : 0;

		if (e->amount_minor <= left)
			continue;
		struct step *s = trace(a, STEP_CAP);

		s->index = (int32_t)i;
		s->a = cap->amount_minor;
		s->b = used;
		s->c = e->amount_minor - left;
		s->result = left;
		s->currency = e->currency;
		e->cut_minor += e->amount_minor - left;
		e->amount_minor = left;
	}
}
