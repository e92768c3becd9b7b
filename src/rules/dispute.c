/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/dispute.h"

const char *const dispute_state_names[] = {
	[DISPUTE_OPEN] = "opened", [DISPUTE_WON] = "won", [DISPUTE_LOST] = "lost", NULL,
};

static bool decides(const struct dispute_notice *n, const struct dispute_notice *decided)
{
	if (n->state == DISPUTE_OPEN)
		return false;
	if (!decided || n->at_ms != decided->at_ms)
		return !decided || n->at_ms > decided->at_ms;
	if (n->state != decided->state)
		return n->state == DISPUTE_LOST;
	return n->amount_minor > decided->amount_minor;
}

static bool is_first(const struct dispute_notice *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(all[i].dispute, all[at].dispute))
			return false;
	return true;
}

/* What is known of the dispute that all[from] is the first to name. */
static struct dispute_fact fold_one(const struct dispute_notice *all, size_t count, size_t from)
{
	struct dispute_fact f = { .state = DISPUTE_OPEN, .at_ms = all[from].at_ms };
	const struct dispute_notice *decided = NULL;

	for (size_t i = from; i < count; i++) {
		const struct dispute_notice *n = &all[i];

		if (!str_eq(n->dispute, all[from].dispute))
			continue;
		if (n->at_ms < f.at_ms)
			f.at_ms = n->at_ms;
		if (n->amount_minor > f.amount_minor)
			f.amount_minor = n->amount_minor;
		if (decides(n, decided))
			decided = n;
	}
	if (decided)
		f.state = decided->state;
	if (decided && decided->amount_minor > 0)
		f.amount_minor = decided->amount_minor;
	return f;
}

size_t dispute_fold(const struct dispute_notice *all, size_t count, struct dispute_fact *out)
{
	size_t made = 0;

	for (size_t i = 0; i < count; i++)
		if (is_first(all, i))
			out[made++] = fold_one(all, count, i);
	return made;
}

int64_t dispute_gone(int64_t sale_minor, int64_t refunded_minor, const struct dispute_fact *all,
                     size_t count)
{
	int64_t left = sale_minor - refunded_minor;

	for (size_t i = 0; i < count; i++) {
		const struct dispute_fact *d = &all[i];

		if (d->state == DISPUTE_LOST)
			left = d->amount_minor == 0 || d->amount_minor > left
			               ? 0 : left - d->amount_minor;
	}
	return left < 0 ? sale_minor : sale_minor - left;
}
