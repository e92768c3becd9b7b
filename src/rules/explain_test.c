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
	const struct terms t = { .on_refund = CLAWBACK_FULL };
	const struct earned e = { .amount_minor = 500, .sale_minor = 1 };
	const struct refund_fact refund = { 1, 5 };
	const struct reverse_facts f = { .refunds = &refund, .refund_count = 1 };
	struct adjustment a;
	struct buf b;

	reverse(&t, &e, &f, &a);
	buf_init(&b, c->arena);
	explain_reverse_sentence(&b, &(struct reverse_said){ &t, &e, &f, &a, usd, NULL });
	EQ_STR(buf_text(&b), "-5.00 USD: its event was taken back; reversed in total"
	                       " 5.00 USD of 5.00 USD.");
}

static struct str reversal_json(struct ctx *c, const struct terms *t, const struct earned *e,
                                const struct reverse_facts *f, const struct currency *sale_cur)
{
	struct adjustment a;
	struct buf b;

	reverse(t, e, f, &a);
	buf_init(&b, c->arena);
	explain_reverse_json(&b, &(struct reverse_said){ t, e, f, &a, currency_find(STR("USD")),
		                                         sale_cur });
	return buf_text(&b);
}

#define EPOCH "\"1970-01-01T00:00:00.000Z\""

TEST(a_lost_dispute_about_what_has_no_amount_is_explained_without_one)
{
	const struct terms t = { .on_dispute = CLAWBACK_FULL };
	const struct earned e = { .amount_minor = 500, .sale_minor = 1 };
	const struct dispute_fact d = { DISPUTE_LOST, 0, 0 };
	const struct reverse_facts f = { .disputes = &d, .dispute_count = 1 };

	EQ_STR(reversal_json(c, &t, &e, &f, NULL),
	       "{\"sentence\":\"-5.00 USD: a dispute about it was lost; reversed in total"
	       " 5.00 USD of 5.00 USD.\","
	       "\"steps\":[{\"step\":\"refunds\",\"commission\":500,\"of\":1,\"result\":0},"
	       "{\"step\":\"disputes\",\"policy\":\"full\",\"from_at\":" EPOCH ","
	       "\"opened\":\"hold\",\"each\":[{\"status\":\"lost\",\"amount\":1,\"at\":" EPOCH "}],"
	       "\"result\":500},{\"step\":\"churn\",\"result\":0},"
	       "{\"step\":\"target\",\"result\":500},{\"step\":\"post\","
	       "\"reversed_before\":0,\"result\":500,\"currency\":\"USD\"}]}");
}

TEST(a_reversal_holds_all_that_it_was_computed_from)
{
	const struct terms t = { .clawback_days = 90, .on_refund = CLAWBACK_PRORATED,
		                 .on_dispute = CLAWBACK_FULL, .on_churn = CLAWBACK_PRORATED };
	const struct earned e = { .amount_minor = 2500, .sale_minor = 10000 };
	const struct refund_fact refund = { 2000, 9 * MS_PER_DAY };
	const struct dispute_fact d = { DISPUTE_OPEN, 3000, 10 * MS_PER_DAY };
	const struct reverse_facts f = { &refund, 1, &d, 1, 30 * MS_PER_DAY };

	EQ_STR(reversal_json(c, &t, &e, &f, currency_find(STR("USD"))),
	       "{\"sentence\":\"-18.17 USD: 20.00 USD of 100.00 USD was refunded, of which 81/90"
	       " counts, the customer left with 60 of 90 days to go; reversed in total 18.17 USD of"
	       " 25.00 USD; what is left is held until the dispute is decided.\",\"steps\":["
	       "{\"step\":\"refunds\",\"commission\":2500,\"of\":10000,\"policy\":\"prorated\","
	       "\"window_days\":90,\"from_at\":" EPOCH ",\"refunded\":2000,\"counted\":1800,"
	       "\"each\":[{\"amount\":2000,\"at\":\"1970-01-10T00:00:00.000Z\",\"left\":81}],"
	       "\"result\":450},"
	       "{\"step\":\"disputes\",\"policy\":\"full\",\"window_days\":90,\"from_at\":" EPOCH ","
	       "\"opened\":\"hold\",\"each\":[{\"status\":\"opened\",\"amount\":3000,"
	       "\"at\":\"1970-01-11T00:00:00.000Z\",\"left\":80}],\"result\":0},"
	       "{\"step\":\"churn\",\"policy\":\"prorated\",\"window_days\":90,\"from_at\":" EPOCH ","
	       "\"at\":\"1970-01-31T00:00:00.000Z\",\"left\":60,\"of\":2050,\"result\":1367},"
	       "{\"step\":\"target\",\"result\":1817},"
	       "{\"step\":\"post\",\"reversed_before\":0,\"result\":1817,\"currency\":\"USD\"}]}");
}

TEST(what_is_too_much_to_be_listed_is_one_sum)
{
	const struct terms t = { .clawback_days = 10, .on_refund = CLAWBACK_PRORATED,
		                 .on_dispute = CLAWBACK_FULL };
	const struct earned e = { .amount_minor = 1000, .sale_minor = 1000 };
	struct refund_fact refunds[19];
	struct dispute_fact disputes[18];
	struct reverse_facts f = { refunds, LEN(refunds), disputes, LEN(disputes), 0 };
	struct str text;

	for (size_t i = 0; i < LEN(refunds); i++)
		refunds[i] = (struct refund_fact){ 10, MS_PER_DAY * 4 };
	for (size_t i = 0; i < LEN(disputes); i++)
		disputes[i] = (struct dispute_fact){ DISPUTE_LOST, 5, MS_PER_DAY };
	text = reversal_json(c, &t, &e, &f, currency_find(STR("USD")));
	OK(strstr(text.p, "],\"more\":3,\"more_units\":180,\"result\":114}")); /* 3 * 10 * 6 */
	OK(strstr(text.p, "],\"more\":2,\"more_units\":100,\"result\":90}")); /* 2 * 5 * 10 */
}

TEST(an_event_that_nobody_has_a_contact_with_says_nothing_of_terms)
{
	const struct attribution nobody = { .signal = SIGNAL_COUNT };
	struct buf b;

	buf_init(&b, c->arena);
	explain_attribution_json(&b, &nobody, STR(""));
	EQ_STR(buf_text(&b), "{\"credited\":[],\"sentence\":\"Credited to nobody: no link, code, deal"
	                     " or earlier purchase leads to a partner.\",\"steps\":[]}");
}

TEST(an_open_dispute_that_takes_back_at_once_is_explained)
{
	const struct terms t = { .on_dispute = CLAWBACK_FULL, .reverse_when_disputed = true };
	const struct earned e = { .amount_minor = 500, .sale_minor = 1 };
	const struct dispute_fact d = { DISPUTE_OPEN, 0, 0 };
	const struct reverse_facts f = { .disputes = &d, .dispute_count = 1 };
	struct str said = reversal_json(c, &t, &e, &f, NULL);

	OK(strstr(said.p, "-5.00 USD: it is disputed; reversed in total 5.00 USD of 5.00 USD."));
	OK(strstr(said.p, "\"opened\":\"reverse\""));
}

/* One that is won, one that came too late, one over more than the sale. */
TEST(a_dispute_that_takes_nothing_is_not_in_the_sentence)
{
	const struct currency *usd = currency_find(STR("USD"));
	const struct terms t = { .on_dispute = CLAWBACK_FULL, .clawback_days = 90 };
	const struct earned e = { .amount_minor = 500, .sale_minor = 2000 };
	const struct dispute_fact all[] = { { DISPUTE_WON, 500, 0 },
		                            { DISPUTE_LOST, 500, 100 * MS_PER_DAY },
		                            { DISPUTE_LOST, 999999, MS_PER_DAY } };
	const struct reverse_facts f = { .disputes = all, .dispute_count = 3 };
	struct str said = reversal_json(c, &t, &e, &f, usd);

	OK(strstr(said.p, "\"-5.00 USD: a dispute over 20.00 USD was lost; reversed in total"
	                  " 5.00 USD of 5.00 USD.\""));
	OK(strstr(said.p, "{\"status\":\"won\",\"amount\":500,"));
}

TEST(what_is_more_than_can_be_listed_is_one_sum)
{
	const struct currency *usd = currency_find(STR("USD"));
	const struct terms t = { .on_dispute = CLAWBACK_FULL, .on_refund = CLAWBACK_PRORATED,
		                 .clawback_days = 3650 };
	const struct earned e = { .amount_minor = 500, .sale_minor = MONEY_MAX_MINOR };
	struct dispute_fact disputes[18];
	struct refund_fact refunds[64];
	struct reverse_facts f = { .disputes = disputes, .dispute_count = LEN(disputes) };
	struct str said;

	for (size_t i = 0; i < LEN(disputes); i++)
		disputes[i] = (struct dispute_fact){ i == 17 ? DISPUTE_WON : DISPUTE_LOST, 100, 0 };
	said = reversal_json(c, &t, &e, &f, usd);
	OK(strstr(said.p, "\"more\":2,\"more_units\":"));
	f = (struct reverse_facts){ .refunds = refunds, .refund_count = LEN(refunds) };
	for (size_t i = 0; i < LEN(refunds); i++)
		refunds[i] = (struct refund_fact){ MONEY_MAX_MINOR, 0 };
	said = reversal_json(c, &t, &e, &f, usd);
	OK(strstr(said.p, "\"more\":48,\"more_units\":9223372036854775807"));
}
