/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/used.h"

#include "base/check.h"
#include "restate/stand.h"
#include "restate/trial.h"

/* The event itself counts as well. */
#define COUNTED(from) \
	TRIAL_TIERS(from, ",\"period\":\"month\",\"retroactive\":true,\"counts_current\":true")

#define LEADS "{\"trigger\":\"lead\",\"reward\":{\"type\":\"fixed\",\"amount\":300}}"

/* Three sales of 100.00 at 20 %: 25 + 15 + 0 up to a cap of 40.00, and in the next month anew. */
STORE_TEST(a_run_caps_in_the_order_events_came)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 10000);
	trial_sell(c, scene.partner_id, "s3", 10000);
	c->now_ms += 31 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "s4", 10000);
	r = trial_post(c, scene.campaign_id, TRIAL_CAP("25", "partner", "month", "4000"));
	EQ(r.stands, 1);
	EQ(trial_line_of(c, &r, scene.partner_id).raised, 2);
	EQ(trial_line_of(c, &r, scene.partner_id).lowered, 2);
	EQ(trial_owed(c, scene.partner_id), 4000 + 2500);
	trial_proves(c);
	/* what is left of the second follows its line; the third gets nothing of the room it leaves */
	trial_refund(c, "r2", "s2", 5000);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 2500 + 750 + 2500);
	trial_refund(c, "r1", "s1", 0);
	trial_refund(c, "r3", "s2", 0);
	trial_refund(c, "r4", "s3", 0);
	trial_refund(c, "r5", "s4", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* Beside the run, before it by when they happened and after it, events use the cap as they earned. */
STORE_TEST(what_is_beside_a_run_uses_its_caps_as_it_earned)
{
	struct restatement_new in = { .terms = STR(TRIAL_CAP("25", "campaign", "month", "5000")),
		                      .from = STR("2026-01-20"), .reason = STR("capped") };
	struct restatement r;
	struct scene scene;
	int64_t ann;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	ann = trial_recruit(c, &scene);
	trial_sell(c, ann, "s1", 10000);
	c->now_ms += 6 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "s2", 10000);
	trial_sell(c, ann, "s3", 10000);
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_owed(c, ann), 2000 + 500);
	EQ(trial_owed(c, scene.partner_id), 2500);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* 25 of the first 100.00, of which half is refunded: 12.50 are used of 30.00, so 17.50 of the next. */
STORE_TEST(a_customers_cap_counts_what_was_left_at_the_moment)
{
	struct commission m;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_refund(c, "r1", "s1", 5000);
	trial_buy(c, scene.partner_id, "s2", "joe");
	trial_buy(c, scene.partner_id, "s3", "joe");
	trial_buy(c, scene.partner_id, "s4", "ann");
	m = trial_commission(c, "s2");
	OK(commission_reject(c, &m));
	trial_buy(c, scene.partner_id, "s5", "joe");
	trial_post(c, scene.campaign_id, TRIAL_CAP("25", "customer", "lifetime", "3000"));
	/* s1 12.50 left, s2 17.50 and rejected since, s3 nothing, s4 25.00, s5 what s2 gave back */
	EQ(trial_owed(c, scene.partner_id), 1250 + 2500 + 1750);
	trial_proves(c);
	trial_refund(c, "r4", "s5", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 1250 + 2500);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* 200.00 in January, 30 % of all; 100.00 in February, and a refund takes March below the tier. */
static void reach(struct ctx *c, struct store *s, const char *terms)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 10000);
	c->now_ms += 31 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "s3", 10000);
	c->now_ms += 28 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "s4", 10000);
	trial_sell(c, scene.partner_id, "s5", 10000);
	trial_refund(c, "r5", "s5", 6000);
	trial_post(c, scene.campaign_id, terms);
	EQ(trial_owed(c, scene.partner_id), 6000 + 2000 + 2000 + 800);
	trial_proves(c);
	/* later, a refund lowers what it is about; the tier stays as the run found it */
	trial_refund(c, "r1", "s1", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 3000 + 2000 + 2000 + 800);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(retroactive_tiers_count_for_the_whole_period)
{
	reach(c, s, TRIAL_RETROACTIVE("15000", "month"));
}

STORE_TEST(a_tier_that_counts_its_own_event_counts_it_once)
{
	reach(c, s, COUNTED("15000"));
}

STORE_TEST(leads_that_are_newly_paid_for_pay_once_for_each_address)
{
	struct restatement r;
	struct scene scene;
	int64_t ann;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	ann = trial_recruit(c, &scene);
	trial_lead(c, scene.partner_id, "l1", "joe@example.com");
	trial_lead(c, scene.partner_id, "l2", "joe+again@example.com");
	trial_lead(c, ann, "l3", "joe@example.com");
	trial_lead(c, ann, "l4", "ann@example.com");
	trial_lead(c, scene.partner_id, "l5", "jim@example.com");
	r = trial_post(c, scene.campaign_id, LEADS);
	EQ(r.stands, STANDS_AGAIN | STANDS_LEADS);
	EQ(trial_owed(c, scene.partner_id), 600);
	EQ(trial_owed(c, ann), 300);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* The same twice: sales of 100.00 to one customer, leads of one address. */
static void falsify(struct ctx *c, struct store *s, const char *terms,
                    const struct sql *plant, const char *found)
{
	struct scene scene;
	struct str said;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "joe");
	trial_lead(c, scene.partner_id, "l1", "jim@example.com");
	trial_lead(c, scene.partner_id, "l2", "jim@example.com");
	trial_post(c, scene.campaign_id, terms);
	trial_proves(c);
	OK(db_exec(c, plant, NO_ARGS));
	OK(trial_findings(c, &said) > 0);
	if (!strstr(said.p, found))
		EQ_STR(said, found);
	OK(scene_close(c, s));
}

static const struct sql SQL_USED = {
	.text = "UPDATE restatement_input SET inputs = replace(inputs, '2500', '2499')"
	        " WHERE org_id = $1",
};

static const struct sql SQL_REACHED = {
	.text = "UPDATE restatement_input SET inputs = replace(inputs, '[20000,', '[20001,')"
	        " WHERE org_id = $1",
};

static const struct sql SQL_PAYS = {
	.text = "UPDATE restatement_input SET inputs = replace(inputs,"
	        " ',\"unpayable\":\"duplicate\"', '') WHERE org_id = $1",
};

STORE_TEST(how_much_of_a_cap_was_used_and_falsified_is_found)
{
	falsify(c, s, TRIAL_CAP("25", "partner", "month", "4000"), &SQL_USED,
	        "judged with 2499 of a cap used, a recount gives 2500");
}

STORE_TEST(how_much_of_a_customers_cap_was_used_and_falsified_is_found)
{
	falsify(c, s, TRIAL_CAP("25", "customer", "lifetime", "4000"), &SQL_USED,
	        "with 2499 of its customer's cap used, a recount gives 2500");
}

STORE_TEST(what_was_reached_in_a_period_and_falsified_is_found)
{
	falsify(c, s, TRIAL_RETROACTIVE("15000", "month"), &SQL_REACHED, "by counters of the whole period");
}

STORE_TEST(whether_a_lead_is_repeated_and_falsified_is_found)
{
	falsify(c, s, LEADS, &SQL_PAYS, "takes it for a lead that pays, a recount does not");
}

STORE_TEST(a_run_with_caps_or_periods_comes_to_what_the_what_if_foretells)
{
	static const char *const documents[] = {
		TRIAL_CAP("25", "partner", "month", "6000"), TRIAL_CAP("25", "campaign", "quarter", "9000"),
		TRIAL_CAP("25", "customer", "lifetime", "3000"), TRIAL_RETROACTIVE("30000", "month"),
		COUNTED("20000"),
		"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"},\"caps\":["
		"{\"scope\":\"partner\",\"period\":\"month\",\"amount\":5000},{\"scope\":\"campaign\","
		"\"period\":\"lifetime\",\"amount\":15000}],\"chain\":{\"mode\":\"on_top\",\"levels\":"
		"[{\"percent\":\"10\"}]}}", NULL,
	};
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_eighty_days(c, &scene);
	trial_foretold(c, &scene, documents);
	OK(scene_close(c, s));
}
