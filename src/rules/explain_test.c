/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"

#include "base/clock.h"
#include "unit.h"

/*
 * Explanations byte by byte, where the tables of cases see only the sentence. Commissions are in
 * engine_test.c, a single touch in attribute_test.c.
 */

static struct attribution attributed;
static struct accrual accrued;

TEST(shared_credit_and_lost_touches_are_explained_as_json)
{
	const struct attribution_rules r = { .model = MODEL_LINEAR, .cookie_days = 90,
		                             .priority = { SIGNAL_LINK, SIGNAL_UTM },
		                             .priority_count = 2 };
	const struct candidate t[] = {
		{ .signal = SIGNAL_LINK, .partner_id = 1, .at_ms = 0 },
		{ .signal = SIGNAL_UTM, .partner_id = 2, .link_id = 3, .at_ms = 1 },
		{ .signal = SIGNAL_LINK, .partner_id = 4, .link_id = 5, .at_ms = 2 },
	};
	const struct contest x = { .touches = t, .touch_count = 3, .at_ms = MS_PER_DAY };
	struct buf b;

	attribute(&r, &x, &attributed);
	buf_init(&b, c->arena);
	explain_attribution_json(&b, &attributed, STR(""));
	EQ_STR(buf_text(&b),
	       "{\"credited\":[{\"partner\":\"prt_0000000000001\",\"share_ppm\":500000,"
	       "\"signal\":\"link\"},{\"partner\":\"prt_0000000000004\","
	       "\"link\":\"lnk_0000000000005\",\"share_ppm\":500000,\"signal\":\"link\"}],"
	       "\"sentence\":\"Shared by 2 partners by link (linear): 50 %, 50 %.\","
	       "\"steps\":[{\"step\":\"model\",\"model\":\"linear\",\"cookie_days\":90},"
	       "{\"step\":\"touch\",\"signal\":\"link\",\"partner\":\"prt_0000000000001\","
	       "\"at\":\"1970-01-01T00:00:00.000Z\",\"outcome\":\"credited\","
	       "\"share_ppm\":500000},"
	       "{\"step\":\"touch\",\"signal\":\"utm\",\"partner\":\"prt_0000000000002\","
	       "\"link\":\"lnk_0000000000003\",\"at\":\"1970-01-01T00:00:00.001Z\","
	       "\"outcome\":\"weaker_signal\"},"
	       "{\"step\":\"touch\",\"signal\":\"link\",\"partner\":\"prt_0000000000004\","
	       "\"link\":\"lnk_0000000000005\",\"at\":\"1970-01-01T00:00:00.002Z\","
	       "\"outcome\":\"credited\",\"share_ppm\":500000}]}");
}

TEST(deals_are_named_with_the_end_of_their_protection)
{
	const struct attribution_rules r = { .model = MODEL_LAST, .cookie_days = 90,
		                             .priority = { SIGNAL_DEAL }, .priority_count = 1 };
	const struct candidate t[] = {
		{ .signal = SIGNAL_DEAL, .partner_id = 1, .deal_id = 2, .at_ms = 0,
		  .until_ms = 2 * MS_PER_DAY },
		{ .signal = SIGNAL_DEAL, .partner_id = 3, .deal_id = 4, .at_ms = 1,
		  .fault = CANDIDATE_DEAL_DECLINED },
	};
	const struct contest x = { .touches = t, .touch_count = 2, .at_ms = MS_PER_DAY };
	struct buf b;

	attribute(&r, &x, &attributed);
	buf_init(&b, c->arena);
	explain_attribution_json(&b, &attributed, STR(""));
	EQ_STR(buf_text(&b),
	       "{\"credited\":[{\"partner\":\"prt_0000000000001\",\"share_ppm\":1000000,"
	       "\"signal\":\"deal\"}],"
	       "\"sentence\":\"Credited to the partner whose deal was registered 1 day before.\","
	       "\"steps\":[{\"step\":\"model\",\"model\":\"last\",\"cookie_days\":90},"
	       "{\"step\":\"touch\",\"signal\":\"deal\",\"partner\":\"prt_0000000000001\","
	       "\"deal\":\"dea_0000000000002\",\"at\":\"1970-01-01T00:00:00.000Z\","
	       "\"until\":\"1970-01-03T00:00:00.000Z\",\"outcome\":\"credited\","
	       "\"share_ppm\":1000000},"
	       "{\"step\":\"touch\",\"signal\":\"deal\",\"partner\":\"prt_0000000000003\","
	       "\"deal\":\"dea_0000000000004\",\"at\":\"1970-01-01T00:00:00.001Z\","
	       "\"outcome\":\"deal_declined\"}]}");
}

TEST(a_partner_that_the_caller_named_is_told_from_a_code)
{
	const struct attribution_rules r = { .model = MODEL_LAST, .cookie_days = 90,
		                             .priority = { SIGNAL_CODE }, .priority_count = 1 };
	const struct candidate t[] = {
		{ .signal = SIGNAL_CODE, .partner_id = 1, .at_ms = 0, .named = true },
		{ .signal = SIGNAL_CODE, .partner_id = 2, .at_ms = 1 },
		{ .signal = SIGNAL_CODE, .partner_id = 1, .at_ms = 2, .named = true },
	};
	const struct contest x = { .touches = t, .touch_count = 3, .at_ms = 2 };
	struct buf b;

	attribute(&r, &x, &attributed);
	buf_init(&b, c->arena);
	explain_attribution_json(&b, &attributed, STR(""));
	EQ_STR(buf_text(&b),
	       "{\"credited\":[{\"partner\":\"prt_0000000000001\",\"share_ppm\":1000000,"
	       "\"signal\":\"code\",\"named\":true}],"
	       "\"sentence\":\"Credited to the partner that the caller named, the last of 3.\","
	       "\"steps\":[{\"step\":\"model\",\"model\":\"last\",\"cookie_days\":90},"
	       "{\"step\":\"touch\",\"signal\":\"code\",\"partner\":\"prt_0000000000001\","
	       "\"at\":\"1970-01-01T00:00:00.000Z\",\"named\":true,\"outcome\":\"earlier\"},"
	       "{\"step\":\"touch\",\"signal\":\"code\",\"partner\":\"prt_0000000000002\","
	       "\"at\":\"1970-01-01T00:00:00.001Z\",\"outcome\":\"earlier\"},"
	       "{\"step\":\"touch\",\"signal\":\"code\",\"partner\":\"prt_0000000000001\","
	       "\"at\":\"1970-01-01T00:00:00.002Z\",\"named\":true,\"outcome\":\"credited\","
	       "\"share_ppm\":1000000}]}");
}

static struct str enrolment_json(struct ctx *c, struct str also)
{
	struct attribution a = { .credited = { { .partner_id = 1, .share_ppm = PPM_ONE,
		                                 .signal = SIGNAL_OWNED } },
		                 .credited_count = 1, .signal = SIGNAL_OWNED };
	struct buf b;

	buf_init(&b, c->arena);
	explain_enrolment_json(&b, &a, STR("A retainer."), also);
	return buf_text(&b);
}

TEST(what_belongs_to_an_enrolment_is_explained_without_touches)
{
#define CREDITED "{\"credited\":[{\"partner\":\"prt_0000000000001\",\"share_ppm\":1000000," \
	"\"signal\":\"owned\"}],\"sentence\":\""
	EQ_STR(enrolment_json(c, STR("")), CREDITED "A retainer.\",\"steps\":[]}");
	EQ_STR(enrolment_json(c, STR("No commission.")),
	       CREDITED "A retainer. No commission.\",\"steps\":[]}");
#undef CREDITED
}

TEST(an_event_that_nobody_is_paid_for_is_explained_as_a_whole)
{
	const struct terms t = {
		.currency = currency_find(STR("USD")), .trigger = TRIGGER_LEAD, .id = 5,
		.standard = { { REWARD_FIXED, 0, 100, currency_find(STR("USD")) }, true, 0 },
	};
	const struct credit cr = { .partner_id = 1, .share_ppm = PPM_ONE };
	const struct standing s = { .credits = &cr, .credit_count = 1 };
	const struct occurrence o = { .kind = TRIGGER_SALE };
	struct buf b;

	accrue(&t, &s, &o, &accrued);
	buf_init(&b, c->arena);
	explain_nothing_json(&b, &t, &accrued);
	EQ_STR(buf_text(&b),
	       "{\"sentence\":\"No commission: the campaign pays for leads, not for sales.\","
	       "\"terms\":\"trm_0000000000005\",\"steps\":[{\"step\":\"gate\","
	       "\"gate\":\"trigger\",\"event\":\"sale\",\"trigger\":\"lead\"}]}");
}

TEST(a_reversal_of_what_has_no_amount_names_no_amount)
{
	const struct currency *usd = currency_find(STR("USD"));
	const struct earned e = { .amount_minor = 500 };
	const struct adjustment a = { .reverse_minor = 500, .target_minor = 500,
		                      .refund_minor = 500 };
	struct buf b;

	buf_init(&b, c->arena);
	explain_reverse_sentence(&b, &e, &a, usd, NULL);
	EQ_STR(buf_text(&b), "-5.00 USD: its event was taken back; reversed in total"
	                       " 5.00 USD of 5.00 USD.");
}

TEST(a_dispute_about_what_has_no_amount_is_explained_without_one)
{
	const struct currency *usd = currency_find(STR("USD"));
	const struct earned e = { .amount_minor = 500, .sale_minor = 1 };
	const struct adjustment a = { .reverse_minor = 500, .target_minor = 500,
		                      .dispute_minor = 500 };
	struct buf b;

	buf_init(&b, c->arena);
	explain_reverse_json(&b, &e, &a, usd, NULL);
	EQ_STR(buf_text(&b),
	       "{\"sentence\":\"-5.00 USD: it is disputed; reversed in total 5.00 USD of 5.00 USD.\","
	       "\"steps\":[{\"step\":\"refunds\",\"commission\":500,\"result\":0},"
	       "{\"step\":\"disputes\",\"result\":500},{\"step\":\"churn\",\"result\":0},"
	       "{\"step\":\"target\",\"result\":500},{\"step\":\"post\","
	       "\"reversed_before\":0,\"result\":500,\"currency\":\"USD\"}]}");
}
