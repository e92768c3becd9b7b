/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/true_up.h"

#include "base/check.h"
#include "rules/explain.h"
#include "unit.h"

static struct accrual accrued;

static const struct tier tiers[] = {
	{ 1000000, { .reward = { REWARD_PERCENTAGE, 250000, 0, NULL } } },
	{ 5000000, { .reward = { REWARD_PERCENTAGE, 300000, 0, NULL } } },
};

static struct terms terms_of(void)
{
	return (struct terms){
		.currency = currency_find(STR("USD")),
		.standard = { .reward = { REWARD_PERCENTAGE, 200000, 0, NULL } },
		.tiers_by = TIERS_REVENUE, .tiers_period = PERIOD_QUARTER, .retroactive = true,
		.tiers = tiers, .tier_count = 2,
	};
}

/* One sale of 99.00 in a period, judged by what was driven before it and by what was in all. */
struct one {
	struct terms terms;
	struct credit credits[2];
	struct standing standing;
	struct occurrence event;
	struct true_up_item item;
};

static void one_init(struct one *o, int64_t before, int64_t reached)
{
	const struct currency *usd = currency_find(STR("USD"));

	*o = (struct one){ .terms = terms_of(),
		           .event = { .kind = TRIGGER_SALE, .amount_minor = 9900,
		                      .currency = usd } };
	o->credits[0] = (struct credit){ .partner_id = 1, .share_ppm = PPM_ONE,
		                         .counters = { .revenue_minor = before } };
	o->standing = (struct standing){ .credits = o->credits, .credit_count = 1 };
	o->item = (struct true_up_item){ .terms = &o->terms, .standing = &o->standing,
		                         .event = &o->event,
		                         .reached = { .revenue_minor = reached } };
}

static int64_t difference(struct one *o)
{
	struct true_up sum = { 0 };

	true_up_add(&o->item, &accrued, &sum);
	return sum.is_minor - sum.was_minor;
}

TEST(the_tier_reached_in_the_end_counts_for_the_whole_period)
{
	struct one o;

	one_init(&o, 0, 5000000);
	EQ(difference(&o), 990);
	one_init(&o, 0, 1200000);
	EQ(difference(&o), 495);
	one_init(&o, 1000000, 1200000);
	EQ(difference(&o), 0);
	one_init(&o, 1000000, 900000); /* refunds have lowered it */
	EQ(difference(&o), -495);
}

TEST(what_outranks_the_tiers_or_was_capped_is_left_alone)
{
	struct one o;

	one_init(&o, 0, 5000000);
	o.credits[0].override = (struct offer){ .reward = { REWARD_PERCENTAGE, 350000, 0, NULL } };
	EQ(difference(&o), 0);
	one_init(&o, 0, 5000000);
	o.terms.caps[0] = (struct cap){ CAP_PARTNER, PERIOD_MONTH, 1000 };
	o.terms.cap_count = 1;
	EQ(difference(&o), 0);
	one_init(&o, 0, 5000000);
	o.credits[0].standing = STANDING_BANNED;
	EQ(difference(&o), 0);
}

TEST(an_event_that_earned_nothing_below_a_tier_earns_by_it)
{
	struct one o;

	one_init(&o, 0, 1000000);
	o.terms.standard.reward.rate_ppm = 0;
	EQ(difference(&o), 2475);
}

TEST(what_was_refunded_counts_no_more)
{
	struct one o;

	one_init(&o, 0, 5000000);
	o.item.left_minor = 1320; /* of a commission of 19.80, a third taken back */
	o.item.of_minor = 1980;
	EQ(difference(&o), 660);
	o.item.left_minor = 0;
	EQ(difference(&o), 0);
}

TEST(what_the_clawback_left_alone_is_settled_without_touching_the_tiers)
{
	struct one o;

	one_init(&o, 0, 5000000);
	o.item.as_judged = true;
	EQ(difference(&o), 0);
	o.item.left_minor = o.item.of_minor = 1980;
	o.item.settle_minor = 660; /* a third was refunded, nothing taken back */
	EQ(difference(&o), -660);
	o.item.as_judged = false;
	EQ(difference(&o), 1980 - 1980);
}

TEST(an_event_that_counts_itself_is_not_counted_twice)
{
	struct one o;

	one_init(&o, 980000, 995000);
	o.terms.counts_current = true;
	EQ(difference(&o), 0);
	one_init(&o, 980000, 1000000);
	o.terms.counts_current = true;
	EQ(difference(&o), 495);
}

TEST(a_shared_event_counts_by_its_share_to_the_cent)
{
	struct one o;

	one_init(&o, 0, 1200000);
	o.credits[0].share_ppm = 333334;
	o.credits[1] = (struct credit){ .partner_id = 2, .share_ppm = 666666 };
	o.standing.credit_count = 2;
	EQ(difference(&o), 165);
}

static struct str said(struct ctx *c, const struct terms *t, size_t earning)
{
	struct buf b;

	buf_init(&b, c->arena);
	explain_sentence(&b, t, &accrued, earning);
	return buf_text(&b);
}

TEST(a_correction_is_shared_and_capped_and_says_why)
{
	struct correction x = { .is_minor = 30000, .was_minor = 24000, .events = 3,
		                .period = STR("2026-Q4") };
	struct upline above = { .partner_id = 9 };
	struct one o;

	one_init(&o, 0, 0);
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.commission_count, 1);
	EQ(accrued.earnings[0].amount_minor, 6000);
	EQ_STR(said(c, &o.terms, 0), "60.00 USD = true-up of 2026-Q4: 300.00 USD in the"
	                             " end, less 240.00 USD earned; due 1970-01-01 UTC.");

	o.terms.chain_mode = CHAIN_FROM_SHARE;
	o.terms.level_count = 1;
	o.terms.level_ppm[0] = 100000;
	o.credits[0].chain = &above;
	o.credits[0].chain_count = 1;
	o.terms.caps[0] = (struct cap){ CAP_PARTNER, PERIOD_MONTH, 5000 };
	o.terms.cap_count = 1;
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.earnings[0].amount_minor, 5000);
	EQ(accrued.earnings[1].amount_minor, 600);
}

TEST(a_correction_below_zero_takes_back_also_from_who_is_banned)
{
	struct correction x = { .is_minor = 24000, .was_minor = 24000, .before_minor = 6000,
		                .period = STR("2026-11") };
	struct upline above = { .partner_id = 9 };
	struct one o;

	one_init(&o, 0, 0);
	o.credits[0].standing = STANDING_BANNED;
	o.terms.chain_mode = CHAIN_FROM_SHARE;
	o.terms.level_count = 1;
	o.terms.level_ppm[0] = 100000;
	o.credits[0].chain = &above;
	o.credits[0].chain_count = 1;
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.earnings[0].amount_minor, -5400);
	EQ(accrued.earnings[1].amount_minor, -600);
	EQ_STR(said(c, &o.terms, 0), "-54.00 USD = true-up of 2026-11: 240.00 USD in the"
	                             " end, less 240.00 USD earned and 60.00 USD trued up before,"
	                             " but 6.00 USD of it from a partner above; due 1970-01-01 UTC.");
}

TEST(partners_above_give_back_no_more_than_there_is)
{
	struct correction x = { .was_minor = 6000, .period = STR("2026-11") };
	struct upline above[3] = { { .partner_id = 9, .has_rate = true, .rate_ppm = 800000 },
		                   { .partner_id = 8 }, { .partner_id = 7 } };
	struct one o;

	one_init(&o, 0, 0);
	o.terms.chain_mode = CHAIN_FROM_SHARE;
	o.terms.level_count = 3;
	o.terms.level_ppm[0] = o.terms.level_ppm[1] = o.terms.level_ppm[2] = 300000;
	o.credits[0].chain = above;
	o.credits[0].chain_count = 3;
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.earnings[0].gate, GATE_NOTHING_LEFT);
	EQ(accrued.earnings[1].amount_minor, -4800);
	EQ(accrued.earnings[2].amount_minor, -1200);
	EQ(accrued.earnings[3].gate, GATE_NOTHING_LEFT);
}

TEST(a_correction_that_nobody_may_get_says_why)
{
	struct correction x = { .is_minor = 30000, .was_minor = 24000, .period = STR("2026") };
	struct one o;

	one_init(&o, 0, 0);
	o.credits[0].standing = STANDING_BANNED;
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.gate, GATE_BANNED);
	EQ(accrued.commission_count, 0);
	one_init(&o, 0, 0);
	o.terms.caps[0] = (struct cap){ CAP_PARTNER, PERIOD_MONTH, 5000 };
	o.terms.cap_count = 1;
	o.credits[0].cap_used[0] = 5000;
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ(accrued.gate, GATE_CAPPED);
}

TEST(a_correction_of_one_that_took_back_says_so_and_names_its_events)
{
	struct correction x = { .is_minor = 24000, .was_minor = 24000, .before_minor = -6000,
		                .events = 2, .period = STR("2026-11") };
	struct one o;
	struct buf b;

	one_init(&o, 0, 0);
	accrue_correction(&o.terms, &o.standing, &x, &accrued);
	EQ_STR(said(c, &o.terms, 0),
	       "60.00 USD = true-up of 2026-11: 240.00 USD in the end, less 240.00 USD earned,"
	       " plus 60.00 USD taken back before; due 1970-01-01 UTC.");
	buf_init(&b, c->arena);
	explain_json(&b, &o.terms, &accrued, 0);
	buf_text(&b);
	OK(strstr(b.p, "{\"step\":\"true_up\",\"period\":\"2026-11\",\"events\":2,\"is\":24000,"
	               "\"was\":24000,\"before\":-6000,\"result\":6000,\"currency\":\"USD\"}"));
}

TEST(of_a_shared_event_each_partner_is_trued_up_by_its_own_commission)
{
	struct upline recruiter = { .partner_id = 9 };
	struct one o;

	one_init(&o, 0, 1200000);
	o.terms.recruiting_ppm = 100000;
	o.credits[0].share_ppm = 333334;
	o.credits[0].recruiter = &recruiter;
	o.credits[1] = (struct credit){ .partner_id = 2, .share_ppm = 666666 };
	o.standing.credit_count = 2;
	o.item.credit = 1;
	EQ(difference(&o), 330);
}

TEST(what_a_cap_has_cut_or_left_nothing_of_is_left_alone)
{
	struct one o;

	one_init(&o, 0, 1200000);
	o.terms.caps[0] = (struct cap){ CAP_PARTNER, PERIOD_MONTH, 5000 };
	o.terms.cap_count = 1;
	o.credits[0].cap_used[0] = 4000;
	EQ(difference(&o), 0);
	o.credits[0].cap_used[0] = 5000;
	EQ(difference(&o), 0);
}

TEST(only_retroactive_tiers_and_refunds_that_wait_ask_for_the_end_of_a_period)
{
	struct terms t = { .retroactive = true };

	NO(true_up_asked(&t)); /* without tiers there is nothing to reach */
	t.tier_count = 1;
	OK(true_up_asked(&t));
	OK(true_up_retroactive(&t));
	t.retroactive = false;
	NO(true_up_asked(&t));
	t.clawback_period = PERIOD_QUARTER;
	OK(true_up_asked(&t));
	NO(true_up_retroactive(&t));
}

TEST(what_refunds_have_not_taken_yet_is_no_more_than_the_commission)
{
	EQ(true_up_unsettled(2475, 2475, 3300, 9900), 825);
	EQ(true_up_unsettled(2475, 1650, 3300, 9900), 0);
	EQ(true_up_unsettled(2475, 1000, 3300, 9900), 0);
	EQ(true_up_unsettled(2475, 2475, 20000, 9900), 2475);
	EQ(true_up_unsettled(2475, 2475, 50, 0), 0);
}
