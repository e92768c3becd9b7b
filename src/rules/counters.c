/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/counters.h"

void counters_add(struct counters *to, const struct counters *more)
{
	to->revenue_minor += more->revenue_minor;
	to->sales += more->sales;
	to->customers += more->customers;
	to->projects += more->projects;
}

struct counters counters_less(const struct counters *all, const struct counters *off)
{
	return (struct counters){
		.revenue_minor = all->revenue_minor - off->revenue_minor,
		.sales = all->sales - off->sales,
		.customers = all->customers - off->customers,
		.projects = all->projects - off->projects,
	};
}

bool counters_same(const struct counters *a, const struct counters *b)
{
	return a->revenue_minor == b->revenue_minor && a->sales == b->sales
	       && a->customers == b->customers && a->projects == b->projects;
}

bool counters_none(const struct counters *n)
{
	return counters_same(n, &(struct counters){ 0 });
}

int64_t counters_earned(const struct terms *t, const struct accrual *a, size_t credit)
{
	int64_t sum = 0;

	for (size_t i = 0; i < a->earning_count; i++) {
		const struct earning *e = &a->earnings[i];

		if (e->credit == credit && e->kind == EARNING_OWN && e->gate == GATE_NONE
		    && e->currency == t->currency)
			sum += e->amount_minor;
	}
	return sum;
}
