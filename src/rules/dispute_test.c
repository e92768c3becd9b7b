/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/dispute.h"

#include "unit.h"

static struct dispute_fact fold(const struct dispute_notice *all, size_t count)
{
	struct dispute_fact out[4];

	EQ(dispute_fold(all, count, out), 1);
	return out[0];
}

TEST(a_decision_counts_whether_it_comes_before_or_after_the_opening)
{
	const struct dispute_notice told[] = {
		{ STR("d"), DISPUTE_WON, 0, 9 }, { STR("d"), DISPUTE_OPEN, 500, 3 },
		{ STR("d"), DISPUTE_LOST, 200, 5 },
	};
	struct dispute_fact f = fold(told, 3);

	EQ(f.state, DISPUTE_WON);
	EQ(f.at_ms, 3);
	EQ(f.amount_minor, 500);
	f = fold(told + 1, 2);
	EQ(f.state, DISPUTE_LOST);
	EQ(f.amount_minor, 200);
	EQ(fold(told + 1, 1).state, DISPUTE_OPEN);
}

TEST(of_two_decisions_the_later_counts)
{
	const struct dispute_notice told[] = {
		{ STR("d"), DISPUTE_LOST, 0, 5 }, { STR("d"), DISPUTE_WON, 0, 6 },
		{ STR("d"), DISPUTE_LOST, 0, 5 },
	};

	EQ(fold(told, 2).state, DISPUTE_WON);
	EQ(fold(told + 1, 2).state, DISPUTE_WON);
}

TEST(of_two_decisions_at_the_same_moment_the_loss_counts)
{
	const struct dispute_notice told[] = {
		{ STR("d"), DISPUTE_LOST, 0, 5 }, { STR("d"), DISPUTE_WON, 0, 5 },
		{ STR("d"), DISPUTE_LOST, 0, 5 },
	};

	EQ(fold(told, 2).state, DISPUTE_LOST);
	EQ(fold(told + 1, 2).state, DISPUTE_LOST);
}

TEST(notices_in_any_order_and_repeated_tell_the_same)
{
	uint64_t seed = 5;

	for (int round = 0; round < 5000; round++) {
		struct dispute_notice told[10];
		struct dispute_fact f;

		for (size_t i = 0; i < 5; i++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			told[i] = (struct dispute_notice){ STR("d"),
				                           (enum dispute_state)((seed >> 33) % 3),
				                           (int64_t)((seed >> 40) % 3) * 100,
				                           (int64_t)((seed >> 50) % 3) };
		}
		for (size_t i = 0; i < 5; i++)
			told[5 + i] = told[4 - i];
		f = fold(told, 5);
		EQ(fold(told + 5, 5).amount_minor, f.amount_minor);
		EQ(fold(told + 5, 5).state, f.state);
		EQ(fold(told, 10).amount_minor, f.amount_minor);
		EQ(fold(told, 10).state, f.state);
		EQ(fold(told, 10).at_ms, f.at_ms);
	}
}

TEST(of_two_losses_at_the_same_moment_the_larger_counts)
{
	const struct dispute_notice told[] = { { STR("d"), DISPUTE_LOST, 200, 5 },
		                               { STR("d"), DISPUTE_LOST, 300, 5 },
		                               { STR("d"), DISPUTE_LOST, 100, 5 } };

	EQ(fold(told, 3).amount_minor, 300);
}

TEST(each_dispute_is_judged_by_its_own_notices)
{
	const struct dispute_notice told[] = {
		{ STR("a"), DISPUTE_OPEN, 100, 1 }, { STR("b"), DISPUTE_OPEN, 200, 2 },
		{ STR("a"), DISPUTE_LOST, 0, 3 },
	};
	struct dispute_fact out[3];

	EQ(dispute_fold(told, 3, out), 2);
	EQ(out[0].state, DISPUTE_LOST);
	EQ(out[0].amount_minor, 100);
	EQ(out[1].state, DISPUTE_OPEN);
	EQ(dispute_fold(told, 0, out), 0);
}

TEST(what_is_refunded_and_lost_is_gone_but_never_more_than_the_sale)
{
	struct dispute_fact all[] = { { DISPUTE_LOST, 300, 1 }, { DISPUTE_OPEN, 0, 1 },
		                      { DISPUTE_WON, 0, 1 } };

	EQ(dispute_gone(1000, 0, all, 3), 300);
	EQ(dispute_gone(1000, 500, all, 3), 800);
	EQ(dispute_gone(1000, 900, all, 3), 1000);
	all[1].state = DISPUTE_LOST;
	EQ(dispute_gone(1000, 0, all, 3), 1000);
	EQ(dispute_gone(1000, 0, all, 0), 0);
	EQ(dispute_gone(1000, 1500, all, 0), 1000);
}
