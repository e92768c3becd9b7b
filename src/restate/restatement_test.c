/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/terms_version.h"
#include "ledger/balance.h"
#include "payout/payout.h"
#include "payout/run.h"
#include "restate/trial.h"

static void mature(struct ctx *c)
{
	bool more = true;

	while (more)
		OK(commission_mature_due(c, 100, &more));
}

static int64_t entries(struct ctx *c)
{
	static const struct sql count = {
		.text = "SELECT COUNT(*) FROM ledger_entry WHERE org_id = $1",
	};
	int64_t n;

	OK(db_int(c, &count, NO_ARGS, &n));
	return n;
}

STORE_TEST(a_preview_lists_what_would_change_and_posts_nothing)
{
	struct restatement r;
	struct scene scene;
	struct line line;
	int64_t before;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 5000);
	before = entries(c);
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("25"));
	line = trial_line_of(c, &r, scene.partner_id);
	EQ(line.was, 3000);
	EQ(line.becomes, 3750);
	EQ(line.raised, 2);
	EQ(line.posted, 0);
	EQ(entries(c), before);
	EQ(trial_owed(c, scene.partner_id), 3000);
	OK(restatement_cancel(c, &r));
	NO(restatement_approve(c, &r));
	EQ(c->err.code, ERR_STATE);
	fail_clear(c);
	trial_work(c);
	EQ(entries(c), before);
	OK(scene_close(c, s));
}

STORE_TEST(an_approved_run_posts_the_difference_once)
{
	struct restatement r;
	struct scene scene;
	int64_t before;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 5000);
	r = trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	EQ(trial_owed(c, scene.partner_id), 3750);
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 750);
	EQ(trial_line_of(c, &r, scene.partner_id).adjustments, 2);
	before = entries(c);
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(entries(c), before);
	NO(restatement_cancel(c, &r));
	fail_clear(c);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_position_that_is_lost_posts_nothing_twice)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	r = trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	r.position = 0;
	r.status = RESTATEMENT_POSTING;
	OK(restatement_save(c, &r));
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 2500);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_run_that_lowers_takes_back_what_has_been_paid_from_the_next_payout)
{
	struct run payout = { .currency = STR("USD"), .method = STR("manual") };
	struct scene scene;
	struct list all;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	c->now_ms += 31 * MS_PER_DAY;
	mature(c);
	OK(run_create(c, &payout));
	OK(run_approve(c, &payout));
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("5"));
	mature(c);
	OK(balance_list(c, scene.partner_id, &all));
	EQ(((const struct balance *)all.items)->payable, -1500);
	EQ(((const struct balance *)all.items)->pending, 0);
	trial_sell(c, scene.partner_id, "s2", 20000);
	c->now_ms += 31 * MS_PER_DAY;
	mature(c);
	EQ(trial_owed(c, scene.partner_id), 2500);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(refunds_after_a_run_leave_nothing_of_a_sale_and_its_restatements)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "up", 10000);
	trial_sell(c, scene.partner_id, "down", 10000);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("10"));
	EQ(trial_owed(c, scene.partner_id), 2000);
	trial_refund(c, "r1", "up", 3333);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 1000 + 667);
	trial_proves(c);
	trial_refund(c, "r2", "up", 0);
	trial_refund(c, "r3", "down", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_refund_between_preview_and_approval_is_taken_into_account)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("25"));
	trial_refund(c, "r1", "s1", 5000);
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_line_of(c, &r, scene.partner_id).becomes, 2500);
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 250);
	EQ(trial_owed(c, scene.partner_id), 1250);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_second_run_goes_on_from_the_first)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("30"));
	EQ(trial_line_of(c, &r, scene.partner_id).was, 2500);
	EQ(trial_line_of(c, &r, scene.partner_id).becomes, 3000);
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 3000);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("20"));
	EQ(trial_owed(c, scene.partner_id), 2000);
	r = trial_preview(c, scene.campaign_id, TRIAL_PLAIN("20"));
	NO(restatement_approve(c, &r));
	EQ(c->err.code, ERR_STATE);
	fail_clear(c);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(what_earned_nothing_earns_by_a_run_and_refunds_take_it_back)
{
	struct scene scene;

	OK(scene_open(c, s, &scene,
	              TRIAL_PERCENT("20", ",\"delay_invoices\":1,\"recurring_months\":12")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("20"));
	EQ(trial_owed(c, scene.partner_id), 2000);
	trial_refund(c, "r1", "s1", 2500);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 1500);
	trial_proves(c);
	trial_refund(c, "r2", "s1", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(partners_above_are_restated_too)
{
	struct restatement r;
	struct scene scene;
	int64_t ann;

	OK(scene_open(c, s, &scene, TRIAL_CHAIN("20", "10")));
	ann = trial_recruit(c, &scene);
	trial_sell(c, ann, "s1", 10000);
	EQ(trial_owed(c, scene.partner_id), 200);
	r = trial_post(c, scene.campaign_id, TRIAL_CHAIN("30", "20"));
	EQ(trial_owed(c, ann), 3000);
	EQ(trial_owed(c, scene.partner_id), 600);
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 400);
	trial_refund(c, "r1", "s1", 0);
	trial_work(c);
	EQ(trial_owed(c, ann), 0);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(only_events_of_the_time_asked_for_are_restated_and_none_that_come_later)
{
	struct restatement_new in = { .terms = STR(TRIAL_PLAIN("25")), .from = STR("2026-01-20"),
		                      .to = STR("2026-01-25"), .reason = STR("that week") };
	struct scene scene;
	struct restatement r;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "before", 10000);
	c->now_ms += 6 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "in", 10000);
	c->now_ms += 20 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "after", 10000);
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	EQ(trial_line_of(c, &r, scene.partner_id).raised, 1);
	c->now_ms -= 20 * MS_PER_DAY;
	trial_sell(c, scene.partner_id, "late", 10000);
	c->now_ms += 20 * MS_PER_DAY;
	OK(restatement_approve(c, &r));
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 8500);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_large_run_goes_page_by_page)
{
	struct restatement_new in = { .terms = STR(TRIAL_PLAIN("25")), .reason = STR("all") };
	struct scene scene;
	struct restatement r;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	for (int i = 0; i < 250; i++)
		trial_sell(c, scene.partner_id, arena_printf(c->arena, "s%d", i).p, 1000);
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	EQ(r.status, RESTATEMENT_PREPARING);
	NO(restatement_approve(c, &r));
	EQ(c->err.code, ERR_STATE);
	fail_clear(c);
	trial_work(c);
	OK(restatement_get(c, r.id, &r));
	EQ(trial_line_of(c, &r, scene.partner_id).raised, 250);
	OK(restatement_approve(c, &r));
	EQ(r.status, RESTATEMENT_POSTING);
	EQ(trial_owed(c, scene.partner_id), 250 * 200 + 100 * 50);
	/* told while it is posted: of what has been posted, and of what has not */
	trial_refund(c, "r1", "s0", 0);
	trial_refund(c, "r2", "s249", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 248 * 250);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_rejected_commission_stays_rejected_and_its_restatement_goes_with_it)
{
	struct commission m;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 10000);
	m = trial_commission(c, "s1");
	OK(commission_reject(c, &m));
	trial_post(c, scene.campaign_id, TRIAL_PLAIN("10"));
	EQ(trial_owed(c, scene.partner_id), 1000);
	m = trial_commission(c, "s2");
	OK(commission_reject(c, &m));
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 0);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(what_restates_a_held_commission_waits_with_it)
{
	struct commission held;
	struct restatement r;
	struct scene scene;
	struct event e;
	struct list all;
	bool found;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	held = trial_commission(c, "s1");
	OK(commission_hold(c, &held));
	r = trial_post(c, scene.campaign_id, TRIAL_PLAIN("25"));
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 500);
	OK(event_find(c, EVENT_RESTATED,
	              arena_printf(c->arena, "restate/%.*s/%.*s",
	                           STR_ARG(id_str(c->arena, ID_RESTATEMENT, r.id)),
	                           STR_ARG(id_str(c->arena, ID_EVENT, held.event_id))),
	              &e, &found));
	OK(found);
	OK(commission_of_event(c, e.id, &all));
	EQ(((const struct commission *)all.items)->status, COMMISSION_HELD);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(without_a_run_a_new_version_changes_no_posting)
{
	struct terms_version v;
	struct scene scene;
	int64_t before;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	before = entries(c);
	c->now_ms += MS_PER_DAY;
	OK(terms_publish(c, scene.campaign_id, STR(TRIAL_PLAIN("50")), 0, &v));
	trial_work(c);
	EQ(entries(c), before);
	EQ(trial_owed(c, scene.partner_id), 2000);
	OK(scene_close(c, s));
}
