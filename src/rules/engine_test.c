/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/engine.h"

#include "base/clock.h"
#include "rules/explain.h"
#include "unit.h"

/*
 * Properties of the engine over random terms and events, and its explanation byte by byte. The
 * rules themselves are in tests/cases/rules/accrue.txt.
 */

static struct accrual a;
static uint64_t seed = 11;

static int64_t any(int64_t limit)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (int64_t)((seed >> 33) % (uint64_t)limit);
}

static struct terms plain(int64_t rate_ppm)
{
	return (struct terms){
		.currency = currency_find(STR("USD")),
		.standard = { { REWARD_PERCENTAGE, rate_ppm, 0, NULL }, true, MONTHS_LIFETIME },
		.hold_days = 30,
	};
}

static struct occurrence sale(int64_t amount_minor)
{
	return (struct occurrence){
		.amount_minor = amount_minor,
		.currency = currency_find(STR("USD")),
		.occurred_at_ms = 1768478400000,
	};
}

/* count shares that add up to the whole. */
static void share_randomly(struct credit *credits, size_t count)
{
	int64_t weights[CREDITS_MAX], shares[CREDITS_MAX];

	for (size_t i = 0; i < count; i++)
		weights[i] = 1 + any(1000);
	money_allocate(PPM_ONE, weights, count, shares);
	for (size_t i = 0; i < count; i++)
		credits[i] = (struct credit){ .partner_id = (int64_t)i + 1,
			                      .share_ppm = shares[i] };
}

TEST(shared_commissions_add_up_to_the_whole)
{
	for (int round = 0; round < 5000; round++) {
		struct terms t = plain(1 + any(PPM_ONE));
		struct credit credits[CREDITS_MAX];
		size_t count = 1 + (size_t)any(CREDITS_MAX);
		struct standing s = { .credits = credits, .credit_count = count };
		struct occurrence o = sale(1 + any(10000000));
		int64_t sum = 0;

		share_randomly(credits, count);
		accrue(&t, &s, &o, &a);
		for (size_t i = 0; i < a.earning_count; i++)
			sum += a.earnings[i].amount_minor;
		EQ(sum, money_percent(o.amount_minor, t.standard.reward.rate_ppm));
	}
}

/* Whatever is taken from an earner's share goes to somebody: nothing is made, nothing is lost. */
TEST(a_chain_from_the_share_never_changes_the_total)
{
	for (int round = 0; round < 5000; round++) {
		struct terms t = plain(1 + any(PPM_ONE));
		struct upline ups[LEVELS_MAX] = { 0 };
		struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE, .chain = ups };
		struct standing s = { .credits = &cr, .credit_count = 1 };
		struct occurrence o = sale(1 + any(1000000));
		int64_t sum = 0;

		t.chain_mode = CHAIN_FROM_SHARE;
		t.chain_compute = any(2) ? CHAIN_CASCADE : CHAIN_FLAT;
		t.level_count = cr.chain_count = 1 + (size_t)any(LEVELS_MAX);
		for (size_t i = 0; i < t.level_count; i++) {
			t.level_ppm[i] = 1 + any(PPM_ONE);
			ups[i].partner_id = (int64_t)i + 2;
			ups[i].standing = any(5) ? STANDING_GOOD : STANDING_BANNED;
		}
		accrue(&t, &s, &o, &a);
		for (size_t i = 0; i < a.earning_count; i++)
			sum += a.earnings[i].amount_minor;
		EQ(sum, money_percent(o.amount_minor, t.standard.reward.rate_ppm));
	}
}

TEST(refunding_a_sale_leaves_nothing_with_anybody_who_earned_of_it)
{
	for (int round = 0; round < 2000; round++) {
		struct terms t = plain(1 + any(PPM_ONE));
		struct upline ups[LEVELS_MAX] = { 0 }, recruiter = { .partner_id = 90 };
		struct credit credits[4];
		struct standing s = { .credits = credits, .credit_count = 1 + (size_t)any(4) };
		struct occurrence o = sale(1 + any(1000000));
		const struct refund_fact all = { o.amount_minor, o.occurred_at_ms + 1 };
		const struct reverse_facts f = { .refunds = &all, .refund_count = 1 };

		t.on_refund = CLAWBACK_FULL;
		t.recruiting_ppm = any(PPM_ONE);
		t.level_count = (size_t)any(LEVELS_MAX + 1);
		for (size_t i = 0; i < t.level_count; i++)
			t.level_ppm[i] = any(200000);
		share_randomly(credits, s.credit_count);
		credits[0].chain = ups;
		credits[0].chain_count = LEVELS_MAX;
		credits[0].recruiter = &recruiter;
		accrue(&t, &s, &o, &a);
		for (size_t i = 0; i < a.earning_count; i++) {
			const struct earned e = { .amount_minor = a.earnings[i].amount_minor,
				                  .occurred_at_ms = o.occurred_at_ms,
				                  .sale_minor = o.amount_minor };
			struct adjustment off;

			if (e.amount_minor == 0)
				continue;
			reverse(&t, &e, &f, &off);
			EQ(off.reverse_minor, e.amount_minor);
		}
	}
}

/* However many events, caps hold, in whatever order they meet. */
TEST(caps_are_never_exceeded)
{
	for (int round = 0; round < 300; round++) {
		struct terms t = plain(1 + any(PPM_ONE));
		struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE };
		struct standing s = { .credits = &cr, .credit_count = 1 };
		int64_t sum = 0, least = INT64_MAX;

		t.cap_count = 3;
		for (int i = 0; i < 3; i++) {
			t.caps[i] = (struct cap){ (enum cap_scope)i, PERIOD_LIFETIME,
			                          1 + any(100000) };
			least = t.caps[i].amount_minor < least ? t.caps[i].amount_minor : least;
		}
		for (int event = 0; event < 50; event++) {
			struct occurrence o = sale(1 + any(100000));

			accrue(&t, &s, &o, &a);
			sum += a.earnings[0].amount_minor;
			cr.cap_used[0] = s.cap_used[1] = s.cap_used[2] = sum;
		}
		OK(sum <= least);
	}
}

TEST(the_same_input_gives_the_same_output)
{
	struct terms t = plain(250000);
	struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE };
	struct standing s = { .credits = &cr, .credit_count = 1 };
	struct occurrence o = sale(9900);
	static struct accrual again;
	struct buf first, second;

	accrue(&t, &s, &o, &a);
	memset(&again, 0xa5, sizeof(again));
	accrue(&t, &s, &o, &again);
	buf_init(&first, c->arena);
	buf_init(&second, c->arena);
	explain_json(&first, &t, &a, 0);
	explain_json(&second, &t, &again, 0);
	EQ_STR(buf_text(&first), buf_text(&second));
}

TEST(a_plain_percentage_is_explained_in_few_bytes)
{
	struct terms t = plain(250000);
	struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE };
	struct standing s = { .credits = &cr, .credit_count = 1 };
	struct occurrence o = sale(9900);
	struct buf b;

	t.id = 5;
	accrue(&t, &s, &o, &a);
	buf_init(&b, c->arena);
	explain_json(&b, &t, &a, 0);
	EQ_STR(buf_text(&b),
	       "{\"sentence\":\"24.75 USD = 25 % of 99.00 USD net; rule: campaign default;"
	       " due 2026-02-14 UTC.\",\"terms\":\"trm_0000000000005\",\"steps\":["
	       "{\"step\":\"base\",\"amount\":9900,\"tax\":0,\"shipping\":0,\"base\":\"net\","
	       "\"result\":9900,\"currency\":\"USD\"},"
	       "{\"step\":\"percent\",\"rule\":\"default\",\"rate\":\"25\",\"of\":9900,"
	       "\"result\":2475},"
	       "{\"step\":\"matures\",\"from\":\"event\",\"from_at\":\"2026-01-15T12:00:00.000Z\","
	       "\"days\":30,\"at\":\"2026-02-14T12:00:00.000Z\"}]}");
	OK(b.n < 600);
}

TEST(every_candidate_that_was_not_taken_says_why)
{
	static const struct str annual[] = { STR_INIT("annual") };
	static const struct condition conditions[] = {
		{ .product = { annual, 1 }, .offer = { .reward = { REWARD_FIXED, 0, 100, NULL } } },
	};
	static const struct tier tiers[] = {
		{ 1000, { .reward = { REWARD_PERCENTAGE, 250000, 0, NULL } } },
		{ 5000, { .reward = { REWARD_PERCENTAGE, 300000, 0, NULL } } },
	};
	struct terms t = plain(200000);
	struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE,
		             .override = { .reward = { REWARD_PERCENTAGE, 350000, 0, NULL } },
		             .override_from_ms = 1768478400001, .counters = { .revenue_minor = 1200 } };
	struct standing s = { .credits = &cr, .credit_count = 1 };
	struct occurrence o = sale(9900);
	struct buf b;

	t.rewards = conditions;
	t.reward_count = 1;
	t.tiers_by = TIERS_REVENUE;
	t.tiers = tiers;
	t.tier_count = 2;
	accrue(&t, &s, &o, &a);
	buf_init(&b, c->arena);
	explain_json(&b, &t, &a, 0);
	EQ_STR(buf_text(&b),
	       "{\"sentence\":\"24.75 USD = 25 % of 99.00 USD net; rule: tier from 10.00 USD:"
	       " 12.00 USD driven before;"
	       " due 2026-02-14 UTC.\",\"steps\":["
	       "{\"step\":\"base\",\"amount\":9900,\"tax\":0,\"shipping\":0,\"base\":\"net\","
	       "\"result\":9900,\"currency\":\"USD\"},"
	       "{\"step\":\"skip\",\"rule\":\"override\",\"why\":\"not_yet\","
	       "\"from\":\"2026-01-15T12:00:00.001Z\"},"
	       "{\"step\":\"skip\",\"rule\":\"condition\",\"index\":0,\"why\":\"product\"},"
	       "{\"step\":\"skip\",\"rule\":\"tier\",\"index\":1,\"why\":\"not_reached\","
	       "\"is\":1200,\"from\":5000},"
	       "{\"step\":\"skip\",\"rule\":\"default\",\"why\":\"outranked\"},"
	       "{\"step\":\"percent\",\"rule\":\"tier\",\"index\":0,\"is\":1200,\"from\":1000,"
	       "\"rate\":\"25\",\"of\":9900,"
	       "\"result\":2475},"
	       "{\"step\":\"matures\",\"from\":\"event\",\"from_at\":\"2026-01-15T12:00:00.000Z\","
	       "\"days\":30,\"at\":\"2026-02-14T12:00:00.000Z\"}]}");
}

/* As much of everything as terms and events can have. */
TEST(the_largest_input_fits_the_output)
{
	static struct tier tiers[TIERS_MAX];
	static struct condition conditions[REWARDS_MAX];
	static const struct str never[] = { STR_INIT("never") };
	static struct upline ups[LEVELS_MAX], recruiter = { .partner_id = 99 };
	static struct credit credits[CREDITS_MAX];
	struct terms t = plain(500000);
	struct standing s = { .credits = credits, .credit_count = CREDITS_MAX };
	struct occurrence o = sale(100000000);
	const struct offer some = { .reward = { REWARD_PERCENTAGE, 1, 0, NULL } };

	for (int i = 0; i < TIERS_MAX; i++)
		tiers[i] = (struct tier){ i * 100, some };
	for (int i = 0; i < REWARDS_MAX; i++)
		conditions[i] = (struct condition){ .product = { never, 1 }, .offer = some };
	t.tiers_by = TIERS_REVENUE;
	t.tiers = tiers;
	t.tier_count = TIERS_MAX;
	t.rewards = conditions;
	t.reward_count = REWARDS_MAX;
	t.window_days = 10;
	t.level_count = LEVELS_MAX;
	t.recruiting_ppm = 500000;
	t.chain_mode = CHAIN_FROM_SHARE;
	t.standard.recurring_months = 12;
	t.cap_count = CAPS_MAX;
	for (int i = 0; i < CAPS_MAX; i++)
		t.caps[i] = (struct cap){ CAP_PARTNER, PERIOD_LIFETIME, 1000 - i };
	for (int i = 0; i < LEVELS_MAX; i++) {
		t.level_ppm[i] = 200000;
		ups[i].partner_id = 50 + i;
	}
	share_randomly(credits, CREDITS_MAX);
	for (int i = 0; i < CREDITS_MAX; i++) {
		credits[i].own = credits[i].override = some;
		credits[i].own.reward.rate_ppm = 500000;
		credits[i].referred_at_ms = 1768478399999;
		credits[i].chain = ups;
		credits[i].chain_count = LEVELS_MAX;
		credits[i].recruiter = &recruiter;
		credits[i].holds = (1 << HOLD_BITS) - 1;
	}
	o.is_invoice = true;
	accrue(&t, &s, &o, &a);
	EQ(a.earning_count, EARNINGS_MAX);
	for (size_t i = 0; i < a.earning_count; i++) {
		struct buf b;

		buf_init(&b, c->arena);
		explain_json(&b, &t, &a, i);
		OK(b.n > 0);
	}
}

TEST(wrong_input_is_a_bug)
{
	struct terms t = plain(250000);
	struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE - 1 };
	struct standing s = { .credits = &cr, .credit_count = 1 };
	struct occurrence o = sale(9900), negative = sale(-1);

	DIES(accrue(&t, &s, &o, &a));
	cr.share_ppm = PPM_ONE;
	DIES(accrue(&t, &s, &negative, &a));
}

TEST(counters_grow_by_what_counts)
{
	struct terms t = plain(250000);
	struct credit cr[] = { { .partner_id = 1, .share_ppm = 600000 },
		               { .partner_id = 2, .share_ppm = 400000 } };
	struct standing s = { .credits = cr, .credit_count = 2 };
	struct occurrence o = sale(9900);
	struct counters n;

	o.is_invoice = true;
	o.tax_minor = 900;
	accrue(&t, &s, &o, &a);
	n = accrue_counts(&t, &o, &a, 1);
	EQ(n.revenue_minor, 3600);
	EQ(n.sales, 1);
	EQ(n.customers, 1);
	EQ(n.projects, 0);
	o.unpayable = UNPAYABLE_DUPLICATE;
	accrue(&t, &s, &o, &a);
	EQ(accrue_counts(&t, &o, &a, 1).sales, 0);
	o = (struct occurrence){ .kind = TRIGGER_PROJECT_DELIVERED };
	accrue(&t, &s, &o, &a);
	EQ(a.gate, GATE_TRIGGER);
	EQ(accrue_counts(&t, &o, &a, 0).projects, 1);
}

/* What an event of 99.00 adds to its only partner's counters. */
static struct counters counted(const struct terms *t, const struct occurrence *o, bool credited)
{
	struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE };
	struct standing s = { .credits = &cr, .credit_count = credited };

	accrue(t, &s, o, &a);
	return accrue_counts(t, o, &a, 0);
}

TEST(counters_grow_by_nothing_that_was_turned_away)
{
	static const enum unpayable turned_away[] = { UNPAYABLE_BOT, UNPAYABLE_DUPLICATE,
		                                      UNPAYABLE_UNQUALIFIED };
	struct terms t = plain(250000);
	struct occurrence o = sale(9900);

	for (size_t i = 0; i < LEN(turned_away); i++) {
		o.unpayable = turned_away[i];
		EQ(counted(&t, &o, true).sales, 0);
	}
	o.unpayable = UNPAYABLE_SELF;
	EQ(counted(&t, &o, true).sales, 1);
	o.unpayable = PAYABLE;
	EQ(counted(&t, &o, true).sales, 1);
	EQ(counted(&t, &o, false).sales, 0);
	EQ(a.gate, GATE_NOT_CREDITED);
	o = sale(0);
	EQ(counted(&t, &o, true).sales, 0);
	EQ(counted(&t, &o, true).revenue_minor, 0);
	o = sale(MONEY_MAX_MINOR);
	o.currency = currency_find(STR("KWD"));
	o.fx = (struct fx){ o.currency, t.currency, 33000000, 10800000000, 0 };
	EQ(counted(&t, &o, true).sales, 0);
	EQ(a.gate, GATE_TOO_LARGE);
}

TEST(a_sale_without_a_rate_counts_and_brings_no_revenue)
{
	struct terms t = plain(250000);
	struct occurrence o = sale(9900);

	o.currency = currency_find(STR("EUR"));
	EQ(counted(&t, &o, true).sales, 1);
	EQ(counted(&t, &o, true).revenue_minor, 0);
	o.fx = (struct fx){ o.currency, t.currency, 100000000, 108000000, 0 };
	EQ(counted(&t, &o, true).revenue_minor, 10692);
}
