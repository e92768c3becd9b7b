/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/trued_up.h"

#include "base/check.h"
#include "campaign/terms_version.h"
#include "partner/partner_step.h"
#include "restate/trial.h"

#define QUARTERLY TRIAL_RETROACTIVE("15000", "quarter")

#define SETTLED \
	TRIAL_PERCENT("20", ",\"clawback\":{\"on_refund\":\"none\",\"true_up\":\"quarter\"}")

/* Three sales of 100.00 in the first quarter, at 20 %, 20 % and 30 %; trued up to 90.00. */
static void quarter(struct ctx *c, struct store *s, struct scene *scene, const char *terms)
{
	OK(scene_open(c, s, scene, terms));
	trial_buy(c, scene->partner_id, "s1", "joe");
	c->now_ms += 20 * MS_PER_DAY;
	trial_buy(c, scene->partner_id, "s2", "joe");
	trial_buy(c, scene->partner_id, "s3", "eve");
	EQ(trial_owed(c, scene->partner_id), 2000 + 2000 + 3000);
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_true_ups(c), 1);
	EQ(trial_owed(c, scene->partner_id), 9000);
}

/* Does the explanation of the adjustment of a true-up say it? */
static bool says(struct ctx *c, const char *text)
{
	static const struct sql find = {
		.text = "SELECT commission.explanation FROM commission JOIN event ON event.org_id ="
		        " commission.org_id AND event.id = commission.event_id JOIN event AS of"
		        " ON of.org_id = event.org_id AND of.id = event.related_id"
		        " WHERE event.org_id = $1 AND event.type = 12 AND of.type = 11",
	};
	struct rows rows;

	OK(db_query(c, &find, NO_ARGS, &rows));
	EQ(rows.count, 1);
	return strstr(arena_printf(c->arena, "%.*s", STR_ARG(rows_str(&rows, 0, 0))).p, text);
}

STORE_TEST(a_true_up_of_events_that_are_restated_is_taken_back)
{
	struct restatement r;
	struct scene scene;
	struct line line;

	quarter(c, s, &scene, QUARTERLY);
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("25"));
	line = trial_line_of(c, &r, scene.partner_id);
	EQ(line.was, 9000);
	EQ(line.becomes, 7500);
	EQ(line.raised, 2);
	EQ(line.lowered, 2);
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 7500);
	EQ(trial_line_of(c, &r, scene.partner_id).posted, -1500);
	OK(says(c, "-20.00 USD = 0.00 USD by the terms of the restatement, less 20.00 USD as it was;"
	           " the true-up of 2026-Q1 was taken back, since its events are restated"));
	trial_true_up(c, "2026-04-03T00:00:00Z");
	EQ(trial_true_ups(c), 1);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* The period is due again, and nothing of what is restated is in it. */
STORE_TEST(refunds_after_it_take_their_part_of_the_restated_once)
{
	struct scene scene;

	quarter(c, s, &scene, QUARTERLY);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	trial_refund(c, "r1", "s1", 5000);
	trial_true_up(c, "2026-04-03T00:00:00Z");
	trial_work(c);
	trial_true_up(c, "2026-04-04T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 6250);
	trial_proves(c);
	trial_refund(c, "r2", "s1", 0);
	trial_refund(c, "r3", "s2", 0);
	trial_refund(c, "r4", "s3", 0);
	trial_work(c);
	trial_true_up(c, "2026-04-05T00:00:00Z");
	trial_work(c);
	EQ(trial_true_ups(c), 1);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

static void sell_late(struct ctx *c, int64_t partner_id, const char *id, const char *at)
{
	int64_t now_ms = c->now_ms;

	OK(time_parse(str_from(at), &c->now_ms));
	trial_buy(c, partner_id, id, id);
	c->now_ms = now_ms;
}

/* What comes late is trued up alone, by what was driven in all of the quarter. */
STORE_TEST(a_sale_that_comes_after_it_is_trued_up_without_the_restated)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_RETROACTIVE("35000", "quarter")));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "joe");
	trial_buy(c, scene.partner_id, "s3", "eve");
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_true_ups(c), 0);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	sell_late(c, scene.partner_id, "late", "2026-03-10T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 7500 + 2000);
	trial_true_up(c, "2026-04-03T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 7500 + 3000);
	EQ(trial_true_ups(c), 1);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* The run is over before the quarter is: at its end only what came afterwards is trued up. */
STORE_TEST(a_run_in_a_period_that_is_not_over_leaves_its_events_out_of_the_true_up)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, QUARTERLY));
	trial_buy(c, scene.partner_id, "s1", "joe");
	r = trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 500);
	trial_buy(c, scene.partner_id, "s2", "eve");
	EQ(trial_owed(c, scene.partner_id), 2500 + 2000);
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 2500 + 3000);
	EQ(trial_true_ups(c), 1);
	trial_proves(c);
	/* now all of it, and the true-up of the other event with it */
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("10"));
	EQ(trial_owed(c, scene.partner_id), 2000);
	trial_true_up(c, "2026-04-03T00:00:00Z");
	EQ(trial_true_ups(c), 1);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* 50.00 of the first sale are refunded, which takes nothing back until the quarter is over. */
STORE_TEST(a_clawback_that_was_trued_up_is_taken_event_by_event)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SETTLED));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "eve");
	trial_refund(c, "r1", "s1", 5000);
	EQ(trial_owed(c, scene.partner_id), 4000);
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 3000);
	r = trial_post(c, scene.campaign_id, TRIAL_PLAIN("30"));
	EQ(trial_line_of(c, &r, scene.partner_id).becomes, 1500 + 3000);
	EQ(trial_owed(c, scene.partner_id), 4500);
	trial_proves(c);
	trial_refund(c, "r2", "s1", 2500);
	trial_work(c);
	trial_true_up(c, "2026-04-03T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 750 + 3000);
	trial_refund(c, "r3", "s1", 0);
	trial_refund(c, "r4", "s2", 0);
	trial_work(c);
	trial_true_up(c, "2026-04-04T00:00:00Z");
	EQ(trial_true_ups(c), 1);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* The same in a quarter that is not over: refunds are taken when the run is posted. */
STORE_TEST(a_clawback_that_waits_for_the_end_of_its_period_does_so_no_longer)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, SETTLED));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_refund(c, "r1", "s1", 5000);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("30"));
	EQ(trial_owed(c, scene.partner_id), 1500);
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_true_ups(c), 0);
	EQ(trial_owed(c, scene.partner_id), 1500);
	trial_proves(c);
	OK(scene_close(c, s));
}

static void asks(struct ctx *c, const struct scene *scene, const char *from, const char *to,
                 const char *refused)
{
	struct restatement_new in = { .terms = STR(TRIAL_PLAIN("25")), .from = str_from(from),
		                      .to = str_from(to), .reason = STR("that time") };
	struct restatement r;
	bool ok = restatement_create(c, scene->campaign_id, &in, &r);

	EQ(ok, refused == NULL);
	if (!refused)
		return;
	EQ(c->err.code, ERR_INVALID);
	EQ_STR(str_from(c->err.field), refused);
	OK(strstr(c->err.msg, "would divide 2026-Q1") != NULL);
	OK(strstr(c->err.msg, "choose 2026-01-01T00:00:00.000Z or 2026-04-01T") != NULL);
	fail_clear(c);
}

STORE_TEST(a_run_that_would_divide_a_period_that_was_trued_up_is_refused)
{
	struct scene scene;

	quarter(c, s, &scene, QUARTERLY);
	asks(c, &scene, "2026-01-20", "", "from");
	asks(c, &scene, "", "2026-02-20", "to");
	asks(c, &scene, "2026-01-01", "2026-04-01", NULL);
	asks(c, &scene, "2026-04-01", "", NULL);
	asks(c, &scene, "", "2026-01-01", NULL);
	/* once it is void, nothing is left to be divided */
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	asks(c, &scene, "2026-01-20", "2026-02-20", NULL);
	OK(scene_close(c, s));
}

STORE_TEST(a_time_whose_terms_trued_nothing_up_is_not_refused)
{
	struct terms_version v;
	struct scene scene;

	OK(scene_open(c, s, &scene, QUARTERLY));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "joe");
	c->now_ms += 20 * MS_PER_DAY;
	OK(terms_publish(c, scene.campaign_id, STR(TRIAL_PLAIN("20")), 0, &v));
	trial_buy(c, scene.partner_id, "s3", "joe");
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_true_ups(c), 1);
	EQ(trial_owed(c, scene.partner_id), 3000 + 3000 + 2000);
	asks(c, &scene, "2026-01-20", "", "from");
	asks(c, &scene, "2026-02-10", "", NULL);
	OK(scene_close(c, s));
}

/* Of 300.00, a third came after the preview: its true-up is taken back, too, and made anew. */
STORE_TEST(what_was_trued_up_between_preview_and_approval_is_taken_back_too)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_RETROACTIVE("25000", "quarter")));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "joe");
	c->now_ms += 100 * MS_PER_DAY;
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("25"));
	sell_late(c, scene.partner_id, "late", "2026-03-10T00:00:00Z");
	trial_true_up(c, "2026-05-02T00:00:00Z");
	EQ(trial_owed(c, scene.partner_id), 9000);
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_line_of(c, &r, scene.partner_id).becomes, 5000);
	EQ(trial_owed(c, scene.partner_id), 5000 + 2000);
	trial_proves(c);
	trial_true_up(c, "2026-05-03T00:00:00Z");
	EQ(trial_true_ups(c), 2);
	EQ(trial_owed(c, scene.partner_id), 5000 + 3000);
	trial_proves(c);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("10"));
	EQ(trial_owed(c, scene.partner_id), 3000);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_run_that_would_divide_what_was_trued_up_meanwhile_is_not_approved)
{
	struct restatement_new in = { .terms = STR(TRIAL_PLAIN("25")), .to = STR("2026-02-01"),
		                      .reason = STR("January") };
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, QUARTERLY));
	trial_buy(c, scene.partner_id, "s1", "joe");
	trial_buy(c, scene.partner_id, "s2", "joe");
	c->now_ms += 20 * MS_PER_DAY;
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	trial_true_up(c, "2026-04-02T00:00:00Z");
	NO(restatement_approve(c, &r));
	EQ(c->err.code, ERR_STATE);
	OK(strstr(c->err.msg, "2026-Q1, of which this run would take a part, has been") != NULL);
	fail_clear(c);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	EQ(trial_owed(c, scene.partner_id), 5000);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* What the one above has of it goes as well, and a cap has its room again. */
STORE_TEST(a_true_up_goes_with_what_it_has_shared_and_used_of_a_cap)
{
	struct scene scene;
	int64_t ann;

	OK(scene_open(c, s, &scene, TRIAL_PERCENT("20", ",\"chain\":{\"mode\":\"on_top\",\"levels\":"
	              "[{\"percent\":\"10\"}]},\"tiers\":{\"by\":\"revenue\",\"period\":\"quarter\","
	              "\"retroactive\":true,\"steps\":[{\"from\":15000,\"reward\":{\"type\":"
	              "\"percentage\",\"value\":\"30\"}}]}")));
	ann = trial_recruit(c, &scene);
	trial_buy(c, ann, "s1", "joe");
	trial_buy(c, ann, "s2", "joe");
	trial_true_up(c, "2026-04-02T00:00:00Z");
	EQ(trial_owed(c, ann), 6000);
	EQ(trial_owed(c, scene.partner_id), 600);
	trial_post(c, scene.campaign_id, TRIAL_CAP("25", "partner", "lifetime", "4500"));
	EQ(trial_owed(c, ann), 2500 + 2000);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_true_up_that_a_person_rejects_afterwards_is_not_taken_back_twice)
{
	static const struct sql find = {
		.text = "SELECT commission.id FROM commission JOIN event ON event.org_id ="
		        " commission.org_id AND event.id = commission.event_id"
		        " WHERE event.org_id = $1 AND event.type = 11",
	};
	struct commission m;
	struct scene scene;
	int64_t id;

	quarter(c, s, &scene, QUARTERLY);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	OK(db_int(c, &find, NO_ARGS, &id));
	OK(commission_get(c, id, &m));
	OK(commission_reject(c, &m));
	EQ(trial_owed(c, scene.partner_id), 7500 - 2000);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 7500);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(who_is_banned_owes_what_was_trued_up)
{
	const struct partner_step everywhere = { 0 };
	struct scene scene;

	quarter(c, s, &scene, QUARTERLY);
	OK(partner_take_step(c, PARTNER_BAN, scene.partner_id, &everywhere));
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	EQ(trial_owed(c, scene.partner_id), 2000 + 2000 + 2500); /* raised is nothing any more */
	trial_proves(c);
	OK(scene_close(c, s));
}

/* Whatever was trued up, and then again once all of it is taken back. */
static void foretold(struct ctx *c, struct store *s, const char *terms)
{
	static const char *const documents[] = {
		TRIAL_PLAIN("25"), QUARTERLY, TRIAL_TIERS("20000", ""), TRIAL_CHAIN("25", "10"),
		TRIAL_CAP("25", "partner", "month", "6000"), TRIAL_RETROACTIVE("30000", "month"),
		NULL,
	};
	int64_t true_ups;
	struct scene scene;

	OK(scene_open(c, s, &scene, terms));
	trial_eighty_days(c, &scene);
	trial_true_up(c, "2026-07-02T00:00:00Z");
	true_ups = trial_true_ups(c);
	OK(true_ups > 1);
	trial_foretold(c, &scene, documents);
	trial_true_up(c, "2026-07-03T00:00:00Z");
	trial_work(c);
	EQ(trial_true_ups(c), true_ups);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_run_over_retroactive_tiers_comes_to_what_the_what_if_foretells)
{
	foretold(c, s, QUARTERLY);
}

STORE_TEST(a_run_over_a_clawback_that_was_trued_up_comes_to_what_the_what_if_foretells)
{
	foretold(c, s, SETTLED);
}
