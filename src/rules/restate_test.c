/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/restate.h"

#include "base/check.h"
#include "rules/true_up.h"
#include "unit.h"

static struct accrual accrued;
static struct restate sum;

static struct terms percent(int64_t ppm)
{
	return (struct terms){
		.currency = currency_find(STR("USD")),
		.standard = { .reward = { REWARD_PERCENTAGE, ppm, 0, NULL } },
	};
}

/* 99.00 to one partner, by these terms. */
static void judge(const struct terms *t)
{
	struct credit credit = { .partner_id = 1, .share_ppm = PPM_ONE };
	struct standing standing = { .credits = &credit, .credit_count = 1 };
	struct occurrence sale = { .kind = TRIGGER_SALE, .amount_minor = 9900,
		                   .currency = t->currency };

	accrue(t, &standing, &sale, &accrued);
	restate_judged(&sum, &accrued);
}

TEST(a_part_is_what_the_chosen_terms_give_less_what_is_there)
{
	struct terms t = percent(250000);

	judge(&t);
	EQ(sum.count, 1);
	EQ(sum.parts[0].judged_minor, 2475);
	sum.parts[0].made_minor = sum.parts[0].left_minor = 1980;
	EQ(restate_difference(&sum.parts[0]), 495);
	sum.parts[0].before_minor = 495;
	EQ(restate_difference(&sum.parts[0]), 0);
}

/* Partners 1 and 2 share 100.00 at 20 %; partner 9 has recruited both. */
TEST(what_a_partner_gets_by_two_of_the_credited_is_one_part)
{
	struct terms t = percent(200000);
	struct upline recruiter = { .partner_id = 9 };
	struct credit credits[] = {
		{ .partner_id = 1, .share_ppm = 600000, .recruiter = &recruiter },
		{ .partner_id = 2, .share_ppm = 400000, .recruiter = &recruiter },
	};
	struct standing standing = { .credits = credits, .credit_count = 2 };
	struct occurrence sale = { .kind = TRIGGER_SALE, .amount_minor = 10000,
		                   .currency = t.currency };
	struct restate_part *p;

	t.recruiting_ppm = 100000;
	accrue(&t, &standing, &sale, &accrued);
	EQ(accrued.earning_count, 4);
	restate_judged(&sum, &accrued);
	EQ(sum.count, 3);
	EQ(restate_part(&sum, 1, EARNING_OWN, t.currency)->judged_minor, 1200);
	EQ(restate_part(&sum, 2, EARNING_OWN, t.currency)->judged_minor, 800);
	p = restate_part(&sum, 9, EARNING_RECRUITING, t.currency);
	EQ(p->judged_minor, 120 + 80);
	EQ(p->earning, 1); /* the first of the two explains it */
	EQ(sum.count, 3);
}

TEST(of_what_is_refunded_nothing_is_left_of_either)
{
	struct restate_part p = { .judged_minor = 2475, .made_minor = 1980, .left_minor = 660,
		                  .before_minor = 495 };

	EQ(restate_target(&p), 825);
	EQ(restate_difference(&p), 825 - 660 - 495);
	p.left_minor = 0;
	EQ(restate_target(&p), 0);
	EQ(restate_difference(&p), -495);
}

TEST(where_nothing_was_made_what_is_gone_is_taken_off)
{
	struct restate_part p = { .judged_minor = 2475, .gone_minor = 825 };

	EQ(restate_target(&p), 1650);
	EQ(restate_difference(&p), 1650);
	p.gone_minor = 2475;
	p.before_minor = 1650;
	EQ(restate_difference(&p), -1650);
}

TEST(parts_are_by_partner_kind_and_currency)
{
	const struct currency *usd = currency_find(STR("USD")), *eur = currency_find(STR("EUR"));

	sum.count = 0;
	restate_part(&sum, 1, EARNING_OWN, usd)->made_minor = 5;
	EQ(restate_part(&sum, 1, EARNING_OWN, usd)->made_minor, 5);
	EQ(restate_part(&sum, 1, EARNING_OVERRIDE, usd)->made_minor, 0);
	EQ(restate_part(&sum, 1, EARNING_OWN, eur)->made_minor, 0);
	EQ(restate_part(&sum, 2, EARNING_OWN, usd)->earning, -1);
	EQ(sum.count, 4);
	for (int64_t i = 0; i < RESTATE_PARTS_MAX; i++)
		restate_part(&sum, i + 10, EARNING_OWN, usd);
	OK(!restate_part(&sum, 9999, EARNING_OWN, usd));
	OK(restate_part(&sum, 1, EARNING_OWN, usd) == &sum.parts[0]);
}

TEST(an_event_counts_for_its_own_tier_where_the_chosen_terms_say_so)
{
	struct terms t = percent(250000);
	struct occurrence sale = { .kind = TRIGGER_SALE, .amount_minor = 9900,
		                   .currency = t.currency };
	struct counters own;

	judge(&t);
	own = true_up_own(&t, &sale, &accrued, 0);
	EQ(own.sales + own.customers + own.projects + own.revenue_minor, 0);
	t.counts_current = true;
	own = true_up_own(&t, &sale, &accrued, 0);
	EQ(own.revenue_minor, 9900);
	EQ(own.sales, 1);
}

TEST(terms_that_look_at_more_than_was_stored_need_it_found_again)
{
	static const struct tier tiers[] = {
		{ 1000000, { .reward = { REWARD_PERCENTAGE, 250000, 0, NULL } } },
	};
	struct terms was = percent(200000), chosen = percent(250000);

	NO(restate_looks_further(&was, &chosen));
	chosen.cap_count = 1;
	OK(restate_looks_further(&was, &chosen));
	OK(restate_looks_further(&chosen, &chosen));
	NO(restate_looks_further(&chosen, &was));

	chosen = percent(250000);
	chosen.tiers = tiers;
	chosen.tier_count = 1;
	chosen.tiers_by = TIERS_REVENUE;
	chosen.tiers_period = PERIOD_MONTH;
	OK(restate_looks_further(&was, &chosen));
	was.tiers_by = TIERS_SALES;
	OK(restate_looks_further(&was, &chosen));
	was.tiers_period = PERIOD_MONTH;
	NO(restate_looks_further(&was, &chosen));
	chosen.retroactive = true;
	OK(true_up_retroactive(&chosen));
	OK(restate_looks_further(&was, &chosen));
	was.retroactive = true; /* without tiers there is nothing to count for all of a period */
	NO(true_up_retroactive(&was));
	NO(true_up_asked(&was));
	was.clawback_period = PERIOD_MONTH;
	OK(true_up_asked(&was));
	OK(true_up_asked(&chosen));
}

/* 24.75 were made; what refunds have left alone until the end of the period is taken off. */
TEST(what_its_terms_would_settle_at_the_end_of_a_period_is_taken_off)
{
	struct restate_part p = { .judged_minor = 1980, .made_minor = 2475, .left_minor = 2475 };

	p.settled_minor = true_up_unsettled(p.made_minor, p.left_minor, 3300, 9900);
	EQ(p.settled_minor, 825);
	EQ(restate_target(&p), 1320);
	EQ(restate_difference(&p), 1320 - 2475);
	p.left_minor = 1000; /* a lost dispute has taken more than that */
	EQ(true_up_unsettled(p.made_minor, p.left_minor, 3300, 9900), 0);
	EQ(true_up_unsettled(p.made_minor, p.left_minor, 12000, 9900), 1000);
	EQ(true_up_unsettled(p.made_minor, p.left_minor, 0, 0), 0);
}

/* 24.75 of a sale of 99.00, of which 33.00 are refunded. */
TEST(what_the_end_of_a_period_would_settle_is_gone_at_once)
{
	struct earned e = { .amount_minor = 2475, .sale_minor = 9900 };
	struct adjustment said = { .target_minor = 0 };
	struct terms t = percent(250000);

	EQ(restate_gone(&t, &said, 3300, &e), 0);
	t.clawback_period = PERIOD_QUARTER;
	EQ(restate_gone(&t, &said, 3300, &e), 825);
	EQ(restate_gone(&t, &said, 12000, &e), 2475);
	said.target_minor = 2000;
	EQ(restate_gone(&t, &said, 3300, &e), 2000);
	e.sale_minor = 0;
	EQ(restate_gone(&t, &said, 3300, &e), 2000);
}

TEST(partners_above_and_leads_that_were_repeated_can_be_found_again)
{
	struct terms was = percent(200000), chosen = percent(250000);

	chosen.level_count = 2;
	was.level_count = 1;
	OK(restate_looks_further(&was, &chosen));
	NO(restate_looks_further(&chosen, &was));
	chosen.level_count = 0;
	chosen.recruiting_ppm = 100000;
	OK(restate_looks_further(&was, &chosen));
	was.recruiting_ppm = 50000;
	NO(restate_looks_further(&was, &chosen));
	was = chosen = percent(200000);
	chosen.trigger = TRIGGER_LEAD;
	OK(restate_looks_at_leads(&was, &chosen));
	OK(restate_looks_further(&was, &chosen));
	was.trigger = TRIGGER_LEAD;
	NO(restate_looks_at_leads(&was, &chosen));
	NO(restate_looks_further(&was, &chosen));
}
