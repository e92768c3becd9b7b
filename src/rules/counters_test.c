/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/counters.h"

#include "base/check.h"
#include "unit.h"

TEST(counters_are_added_taken_off_and_compared_member_by_member)
{
	const struct counters some = { 10000, 3, 2, 1 };
	struct counters sum = { 0 }, left;

	OK(counters_none(&sum));
	counters_add(&sum, &some);
	OK(counters_same(&sum, &some));
	counters_add(&sum, &some);
	left = counters_less(&sum, &some);
	OK(counters_same(&left, &some));
	left = counters_less(&some, &some);
	OK(counters_none(&left));
}

TEST(one_member_that_differs_is_enough)
{
	const struct counters some = { 10000, 3, 2, 1 };
	const struct counters others[] = {
		{ 10001, 3, 2, 1 }, { 10000, 2, 2, 1 }, { 10000, 3, 1, 1 }, { 10000, 3, 2, 0 },
	};

	for (size_t i = 0; i < LEN(others); i++) {
		struct counters less = counters_less(&others[i], &some);

		NO(counters_same(&some, &others[i]));
		NO(counters_none(&less));
	}
}

TEST(only_what_the_credited_earn_themselves_in_the_campaigns_currency_counts_against_caps)
{
	static struct accrual a;
	const struct terms t = { .currency = currency_find(STR("USD")) };

	a.earning_count = 5;
	for (size_t i = 0; i < a.earning_count; i++)
		a.earnings[i] = (struct earning){ .credit = 1, .amount_minor = 100,
			                          .currency = t.currency };
	a.earnings[0].credit = 0;
	a.earnings[1].kind = EARNING_OVERRIDE;
	a.earnings[2].gate = GATE_CAPPED;
	a.earnings[3].currency = currency_find(STR("EUR"));
	EQ(counters_earned(&t, &a, 1), 100);
	EQ(counters_earned(&t, &a, 0), 100);
	EQ(counters_earned(&t, &a, 2), 0);
}
