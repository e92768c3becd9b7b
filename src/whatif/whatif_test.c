/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/whatif.h"

#include "base/id.h"
#include "campaign/terms_version.h"
#include "click/record.h"
#include "commission/commission.h"
#include "event/scene.h"
#include "link/link.h"
#include "partner/enrolment.h"
#include "partner/partner.h"
#include "restate/restatement.h"
#include "restate/sweep.h"
#include "rules/reverse.h"
#include "whatif/whatif_print.h"

#define RICH \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"hold_days\":30," \
	"\"tiers\":{\"by\":\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":50000," \
	"\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}}]}," \
	"\"chain\":{\"mode\":\"on_top\",\"compute\":\"flat\",\"levels\":[{\"percent\":\"10\"}]}," \
	"\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":30000}," \
	"{\"scope\":\"customer\",\"amount\":20000}," \
	"{\"scope\":\"campaign\",\"period\":\"year\",\"amount\":90000}]," \
	"\"clawback\":{\"window_days\":60,\"on_refund\":\"full\",\"on_dispute\":\"full\"," \
	"\"on_churn\":\"prorated\"}}"

#define PLAIN(percent) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"" percent "\"}}"

static void sell(struct ctx *c, int64_t partner_id, const char *id, const char *customer,
                 int64_t amount)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .partner_id = partner_id,
		           .customer_id = str_from(customer),
		           .amount = amount,
		           .currency = STR("USD"),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static void refund(struct ctx *c, const char *id, const char *sale, int64_t amount)
{
	struct recorded r;

	OK(scene_refund(c, id, sale, amount, &r));
}

static void dispute(struct ctx *c, const char *id, const char *sale, enum dispute_state state,
                    int64_t amount)
{
	struct track t = { .type = EVENT_DISPUTE,
		           .external_id = str_from(id),
		           .of_id = str_from(sale),
		           .dispute_state = state,
		           .amount = amount,
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static void leave(struct ctx *c, const char *customer)
{
	struct track t = { .type = EVENT_CHURN,
		           .external_id = str_from(customer),
		           .customer_id = str_from(customer),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static void sweep(struct ctx *c)
{
	bool more = true;

	while (more)
		OK(sweep_step(c, &more));
}

static int64_t recruit(struct ctx *c, const struct scene *scene)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"),
		                 .status = -1, .campaign_id = scene->campaign_id,
		                 .parent_id = scene->partner_id };
	struct partner ann;

	OK(partner_enrol(c, &p, &ann));
	return ann.id;
}

/* Over all tiers and caps, with refunds before and after their sales, disputes and churn. */
static void busy(struct ctx *c, const struct scene *scene)
{
	static const char *const ids[3][4] = { { "a1", "a2", "a3", "a4" },
		                               { "b1", "b2", "b3", "b4" },
		                               { "c1", "c2", "c3", "c4" } };
	struct partner_override own = { .reward = STR("{\"type\":\"percentage\",\"value\":\"35\"}"),
		                        .recurring_months = OVERRIDE_RECURRING_UNSET,
		                        .campaign_id = scene->campaign_id };
	struct enrolment enrolment;
	int64_t ann = recruit(c, scene);

	refund(c, "r0", "a1", 1100);
	for (int month = 0; month < 3; month++) {
		sell(c, ann, ids[month][0], "eve", 44000);
		sell(c, ann, ids[month][1], "eve", 33000);
		sell(c, ann, ids[month][2], "zoe", 99000);
		sell(c, scene->partner_id, ids[month][3], "ida", 55000);
		refund(c, ids[month][3], ids[month][0], 0);
		refund(c, ids[month][2], ids[month][1], 7777);
		dispute(c, ids[month][0], ids[month][2], DISPUTE_OPEN, 9000);
		if (month > 0)
			dispute(c, ids[month][1], ids[month][2], DISPUTE_LOST, 9000);
		c->now_ms += 31 * MS_PER_DAY;
		if (month == 1)
			OK(enrolment_set_override(c, ann, &own, &enrolment));
	}
	leave(c, "ida");
	sell(c, 0, "nobody", "tom", 1000);
}

static void ask(struct ctx *c, const struct scene *scene, const char *terms, struct whatif *out)
{
	struct whatif_ask a = { .campaign_id = scene->campaign_id, .terms = str_from(terms) };

	OK(whatif_run(c, &a, out));
}

static const struct sql SQL_STORED = {
	.text = "SELECT CAST(SUM(amount - reversed) AS BIGINT) AS n FROM commission WHERE org_id = $1"
	        " AND partner_id = $2",
};

static void equals_stored(struct ctx *c, const struct whatif *w)
{
	int64_t sum = 0;

	EQ(w->more + w->less + w->gained + w->lost, 0);
	EQ(whatif_cost(&w->new), whatif_cost(&w->old));
	EQ(w->new.earned_minor, w->old.earned_minor);
	for (size_t i = 0; i < w->partner_count; i++) {
		int64_t stored;

		OK(db_int(c, &SQL_STORED, ARGS(val_int(w->partners[i].id)), &stored));
		EQ(w->partners[i].old_minor, stored);
		EQ(w->partners[i].new_minor, stored);
		sum += stored;
	}
	EQ(whatif_cost(&w->old), sum);
}

STORE_TEST(the_terms_that_were_in_force_cost_exactly_what_is_stored)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, RICH));
	busy(c, &scene);
	ask(c, &scene, RICH, &w);
	EQ(w.events, 12);
	EQ(w.partner_count, 2);
	EQ(w.month_count, 3);
	OK(w.old.cap_count > 0);
	EQ(w.new.cap_count, w.old.cap_count);
	EQ(w.new.caps[0].cut_minor, w.old.caps[0].cut_minor);
	equals_stored(c, &w);
	OK(scene_close(c, s));
}

STORE_TEST(a_rejected_commission_costs_nothing_under_any_terms)
{
	struct list earned;
	struct recorded r;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	OK(scene_sale(c, &scene, "s1", 10000, &r));
	OK(commission_of_event(c, r.event.id, &earned));
	OK(commission_reject(c, earned.items));
	ask(c, &scene, PLAIN("30"), &w);
	EQ(w.new.earned_minor, 3000);
	EQ(w.new.reversed_minor, 3000);
	EQ(whatif_cost(&w.new), 0);
	EQ(whatif_cost(&w.old), 0);
	OK(scene_close(c, s));
}

/*
 * Sales of 100.00, 100.00 (half of it refunded) and 100.00. Old: 20 % of each, less 10.00 = 50.00.
 * New: 20 % until 150.00 have been driven, 30 % from there on. The second sale brings 200.00, its
 * refund takes that down to 150.00: the third has 30.00. 20 + 20 - 10 + 30 = 60.00.
 */
STORE_TEST(tiers_are_reached_by_what_the_new_terms_count_less_refunds)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	sell(c, scene.partner_id, "s2", "b", 10000);
	refund(c, "r2", "s2", 5000);
	sell(c, scene.partner_id, "s3", "c", 10000);
	ask(c, &scene,
	    "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"tiers\":"
	    "{\"by\":\"revenue\",\"steps\":[{\"from\":15000,\"reward\":{\"type\":\"percentage\","
	    "\"value\":\"30\"}}]}}", &w);
	EQ(whatif_cost(&w.old), 5000);
	EQ(whatif_cost(&w.new), 6000);
	EQ(w.new.earned_minor, 7000);
	EQ(w.more, 1);
	EQ(w.same, 2);
	EQ(w.partners[0].new_minor, 6000);
	EQ_STR(w.partners[0].name, "Bob");
	OK(scene_close(c, s));
}

/* More than a page of each is read, in the order they came, and only the one's are judged. */
STORE_TEST(events_of_other_campaigns_between_them_are_passed_over)
{
	struct campaign other = { .slug = STR("other"), .name = STR("Other"),
		                  .currency = STR("USD"), .url = STR("https://shop.example/") };
	struct partner_new eve = { .name = STR("Eve"), .email = STR("eve@example.com"),
		                   .status = -1 };
	struct scene scene, beside = { 0 };
	struct partner made;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	OK(campaign_create(c, &other, STR(PLAIN("50"))));
	eve.campaign_id = beside.campaign_id = other.id;
	OK(partner_enrol(c, &eve, &made));
	for (int i = 0; i < 700; i++) {
		struct track t = { .type = EVENT_SALE,
			           .external_id = arena_printf(c->arena, "s%d", i),
			           .partner_id = i % 4 ? scene.partner_id : made.id,
			           .customer_id = arena_printf(c->arena, "c%d", i),
			           .amount = 1000,
			           .currency = STR("USD"),
			           .source = STR("test") };
		struct recorded r;

		OK(event_record(c, &t, &r));
	}
	ask(c, &scene, PLAIN("30"), &w);
	EQ(w.events, 525);
	EQ(whatif_cost(&w.old), 525 * 200);
	EQ(whatif_cost(&w.new), 525 * 300);
	ask(c, &beside, PLAIN("30"), &w);
	EQ(w.events, 175);
	EQ(whatif_cost(&w.old), 175 * 500);
	OK(scene_close(c, s));
}

/* Three times 20.00, but no more than 50.00 a month: 20 + 20 + 10, and the fourth earns nothing. */
STORE_TEST(a_cap_cuts_and_then_ends_what_is_earned)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	sell(c, scene.partner_id, "s2", "b", 10000);
	sell(c, scene.partner_id, "s3", "c", 10000);
	sell(c, scene.partner_id, "s4", "d", 10000);
	c->now_ms += 40 * MS_PER_DAY;
	sell(c, scene.partner_id, "s5", "e", 10000);
	ask(c, &scene,
	    "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"caps\":"
	    "[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":5000}]}", &w);
	EQ(whatif_cost(&w.old), 10000);
	EQ(whatif_cost(&w.new), 7000);
	EQ(w.less, 1);
	EQ(w.same, 3);
	EQ(w.lost, 1);
	EQ(w.lost_by[GATE_CAPPED], 1);
	EQ(w.new.cap_count, 1);
	EQ(w.new.caps[0].hits, 2);
	EQ(w.new.caps[0].cut_minor, 3000);
	EQ(w.months[0].new_minor, 5000);
	EQ(w.months[1].new_minor, 2000);
	OK(scene_close(c, s));
}

/* Only the second sale is asked about, but the first has used 20.00 of the cap before it. */
STORE_TEST(what_came_before_the_time_that_is_asked_for_counts)
{
	struct whatif_ask a = {
		.terms = STR("{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":"
		             "\"20\"},\"caps\":[{\"scope\":\"partner\",\"amount\":3000}]}"),
	};
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	c->now_ms += MS_PER_DAY;
	a.campaign_id = scene.campaign_id;
	a.from_ms = c->now_ms;
	a.to_ms = c->now_ms + 1;
	sell(c, scene.partner_id, "s2", "b", 10000);
	c->now_ms += MS_PER_DAY;
	sell(c, scene.partner_id, "s3", "c", 10000);
	OK(whatif_run(c, &a, &w));
	EQ(w.events, 1);
	EQ(whatif_cost(&w.old), 2000);
	EQ(whatif_cost(&w.new), 1000);
	OK(scene_close(c, s));
}

/* 10 % of 25.00 for whoever recruited the seller, though the old terms paid nobody above. */
STORE_TEST(partners_above_are_found_where_none_were_stored)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("25")));
	sell(c, recruit(c, &scene), "s1", "a", 10000);
	ask(c, &scene,
	    "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"},\"chain\":"
	    "{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"10\"}]}}", &w);
	EQ(whatif_cost(&w.old), 2500);
	EQ(whatif_cost(&w.new), 2750);
	EQ(w.partners[0].id, scene.partner_id);
	EQ(w.partners[0].new_minor, 250);
	OK(w.uplines_today);
	OK(scene_close(c, s));
}

/* Ann moves from Bob to Eve after her first sale: 10 % of 20.00 each. */
STORE_TEST(partners_above_are_those_of_the_time_of_the_event)
{
	struct partner_new eve = { .name = STR("Eve"), .email = STR("eve@example.com"),
		                   .status = -1 };
	struct partner before, ann, made;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	OK(partner_get(c, recruit(c, &scene), &ann));
	eve.campaign_id = scene.campaign_id;
	OK(partner_enrol(c, &eve, &made));
	sell(c, ann.id, "s1", "a", 10000);
	c->now_ms += MS_PER_DAY;
	before = ann;
	ann.parent_id = made.id;
	OK(partner_update(c, &before, &ann));
	c->now_ms += MS_PER_DAY;
	sell(c, ann.id, "s2", "b", 10000);
	ask(c, &scene,
	    "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"chain\":"
	    "{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"10\"}]}}", &w);
	EQ(whatif_cost(&w.new), 4400);
	EQ(w.partner_count, 3);
	for (size_t i = 0; i < 3; i++)
		EQ(w.partners[i].new_minor, w.partners[i].id == ann.id ? 4000 : 200);
	OK(scene_close(c, s));
}

/*
 * Three sales of 60.00 at 20 %, but 30 % for all of a month in which 100.00 were driven: 54.00, once
 * the month is over. A refund of one after that takes 18.00, and the tier is still reached.
 */
STORE_TEST(retroactive_tiers_are_settled_when_their_month_is_over)
{
	static const char retroactive[] =
		"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"tiers\":"
		"{\"by\":\"revenue\",\"period\":\"month\",\"retroactive\":true,\"steps\":[{\"from\":10000,"
		"\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]}}";
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 6000);
	sell(c, scene.partner_id, "s2", "b", 6000);
	sell(c, scene.partner_id, "s3", "c", 6000);
	ask(c, &scene, retroactive, &w);
	EQ(whatif_cost(&w.new), 1200 + 1200 + 1800);
	EQ(w.open_periods, 1);
	c->now_ms += 31 * MS_PER_DAY;
	ask(c, &scene, retroactive, &w);
	EQ(whatif_cost(&w.new), 5400);
	EQ(w.open_periods, 0);
	refund(c, "r3", "s1", 0);
	c->now_ms += MS_PER_HOUR;
	ask(c, &scene, retroactive, &w);
	EQ(whatif_cost(&w.new), 3600);
	EQ(w.partners[0].new_minor, 3600);
	EQ(w.events, 3);
	OK(scene_close(c, s));
}

STORE_TEST(months_of_a_retainer_are_paid_that_nobody_paid_for_then)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	c->now_ms += 60 * MS_PER_DAY; /* from January 15th to March 16th */
	ask(c, &scene, "{\"trigger\":\"retainer\",\"reward\":{\"type\":\"fixed\",\"amount\":31000}}",
	    &w);
	EQ(whatif_cost(&w.old), 0);
	EQ(whatif_cost(&w.new), 17000 + 31000);
	EQ(w.gained, 2);
	EQ(w.month_count, 2);
	OK(scene_close(c, s));
}

static const struct sql SQL_CLICK = {
	.text = "INSERT INTO click (org_id, id, link_id, partner_id, campaign_id, at, device, referrer,"
	        " utm, country, sub, flags) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '', $8)",
};

static void click(struct ctx *c, const struct link *l, int64_t at_ms, const char *device,
                  int64_t flags)
{
	OK(db_exec(c, &SQL_CLICK,
	           ARGS(val_int(id_new()), val_int(l->id), val_int(l->partner_id),
	                val_int(l->campaign_id), val_int(at_ms), val_str(str_from(device)),
	                val_int(flags))));
}

/* 0.25 for each device and day, not for a bot, nor in an hour that is not over. */
STORE_TEST(clicks_are_paid_that_nobody_paid_for_then)
{
	struct scene scene;
	struct link link;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	link = (struct link){ .partner_id = scene.partner_id, .campaign_id = scene.campaign_id };
	OK(link_create(c, &link));
	click(c, &link, c->now_ms, "one", 0);
	click(c, &link, c->now_ms + 1000, "one", 0);
	click(c, &link, c->now_ms + 2000, "two", 0);
	click(c, &link, c->now_ms + 3000, "three", CLICK_BOT);
	c->now_ms += MS_PER_DAY;
	click(c, &link, c->now_ms, "one", 0);
	c->now_ms += MS_PER_HOUR;
	click(c, &link, c->now_ms, "four", 0);
	ask(c, &scene, "{\"trigger\":\"click\",\"reward\":{\"type\":\"fixed\",\"amount\":25}}", &w);
	EQ(whatif_cost(&w.new), 75);
	EQ(w.gained, 2);
	EQ(w.partners[0].id, scene.partner_id);
	OK(scene_close(c, s));
}

STORE_TEST(renewals_that_no_longer_pay_say_why)
{
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	sell(c, scene.partner_id, "s2", "a", 10000);
	ask(c, &scene,
	    "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	    "\"recurring_months\":0}", &w);
	EQ(w.lost, 1);
	EQ(w.lost_by[GATE_DURATION], 1);
	EQ(whatif_cost(&w.new), 2000);
	OK(scene_close(c, s));
}

/* Version 1 gave 20 %, version 2 gives 50 %: against version 1, 30 % is 10.00 more. */
STORE_TEST(a_version_can_be_compared_with_instead_of_what_was_in_force)
{
	struct whatif_ask a = { .terms = STR(PLAIN("30")), .compare = 1 };
	struct terms_version v;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	a.campaign_id = scene.campaign_id;
	OK(terms_publish(c, scene.campaign_id, STR(PLAIN("50")), 0, &v));
	c->now_ms += 1000;
	sell(c, scene.partner_id, "s1", "a", 10000);
	OK(whatif_run(c, &a, &w));
	EQ(whatif_cost(&w.old), 2000);
	EQ(whatif_cost(&w.new), 3000);
	a.compare = 0;
	OK(whatif_run(c, &a, &w));
	EQ(whatif_cost(&w.old), 5000);
	a.compare = 9;
	FAILS(whatif_run(c, &a, &w), ERR_NOT_FOUND, "compare");
	OK(scene_close(c, s));
}

/*
 * Ann brought the customer as a lead, Bob the sale of 100.00: 20.00 are Bob's as the last, Ann's as
 * the first, and 10.00 each where they share.
 */
STORE_TEST(attribution_models_stand_side_by_side)
{
	struct whatif_ask a = { .terms = STR(PLAIN("20")), .models = true };
	struct track lead = { .type = EVENT_LEAD, .external_id = STR("l1"),
		              .customer_id = STR("eve"), .source = STR("test") };
	struct recorded r;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	lead.partner_id = recruit(c, &scene);
	OK(event_record(c, &lead, &r));
	c->now_ms += MS_PER_DAY;
	sell(c, scene.partner_id, "s1", "eve", 10000);
	a.campaign_id = scene.campaign_id;
	OK(whatif_run(c, &a, &w));
	for (size_t m = 0; m < WHATIF_MODELS; m++)
		EQ(whatif_cost(&w.models[m]), 2000);
	EQ(w.partner_count, 2);
	EQ(w.partners[0].id == scene.partner_id || w.partners[1].id == scene.partner_id, true);
	for (size_t i = 0; i < 2; i++) {
		bool bob = w.partners[i].id == scene.partner_id;

		EQ(w.partners[i].old_minor, bob ? 2000 : 0);
		EQ(w.partners[i].new_minor, bob ? 2000 : 0);
		EQ(w.partners[i].models[MODEL_LAST], bob ? 2000 : 0);
		EQ(w.partners[i].models[MODEL_FIRST], bob ? 0 : 2000);
		EQ(w.partners[i].models[MODEL_LINEAR], 1000);
		EQ(w.partners[i].models[MODEL_POSITION], 1000);
	}
	OK(w.standing_today);
	OK(scene_close(c, s));
}

#define FIRST \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"attribution\":{\"model\":\"first\"}}"

static int64_t new_of(const struct whatif *w, int64_t partner_id)
{
	for (size_t i = 0; i < w->partner_count; i++)
		if (w->partners[i].id == partner_id)
			return w->partners[i].new_minor;
	return 0;
}

/* Ann brought the lead, Bob the sale of 100.00; by the first contact its 20.00 are Ann's. */
STORE_TEST(terms_that_attribute_otherwise_judge_again_who_is_credited)
{
	struct whatif_ask a = { .terms = STR(FIRST) };
	struct track lead = { .type = EVENT_LEAD, .external_id = STR("l1"),
		              .customer_id = STR("eve"), .source = STR("test") };
	struct terms_version v;
	struct recorded r;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	lead.partner_id = recruit(c, &scene);
	OK(event_record(c, &lead, &r));
	c->now_ms += MS_PER_DAY;
	sell(c, scene.partner_id, "s1", "eve", 10000);
	a.campaign_id = scene.campaign_id;
	OK(whatif_run(c, &a, &w));
	OK(w.ask.attribution && w.attributes_otherwise);
	EQ(new_of(&w, lead.partner_id), 2000);
	a.attribution_told = true;
	OK(whatif_run(c, &a, &w));
	OK(!w.ask.attribution && w.attributes_otherwise);
	EQ(new_of(&w, lead.partner_id), 0);
	EQ(new_of(&w, scene.partner_id), 2000);
	a = (struct whatif_ask){ .campaign_id = scene.campaign_id, .terms = STR(PLAIN("30")) };
	OK(whatif_run(c, &a, &w));
	OK(!w.ask.attribution && !w.attributes_otherwise);
	EQ(new_of(&w, scene.partner_id), 3000);
	c->now_ms += MS_PER_DAY;
	OK(terms_publish(c, scene.campaign_id, STR(FIRST), 0, &v));
	OK(whatif_run(c, &a, &w));
	OK(w.attributes_otherwise);
	a.compare = 1;
	OK(whatif_run(c, &a, &w));
	NO(w.attributes_otherwise);
	OK(scene_close(c, s));
}

STORE_TEST(attribution_judged_again_by_the_same_terms_credits_the_same_partners)
{
	struct whatif_ask a = { .terms = STR(RICH), .attribution = true };
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, RICH));
	busy(c, &scene);
	a.campaign_id = scene.campaign_id;
	OK(whatif_run(c, &a, &w));
	equals_stored(c, &w);
	NO(w.standing_today);
	OK(scene_close(c, s));
}

STORE_TEST(what_was_restated_is_part_of_what_it_has_cost)
{
	struct restatement_new in = { .terms = STR(PLAIN("25")), .reason = STR("as agreed") };
	struct restatement r;
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	sweep(c);
	OK(restatement_get(c, r.id, &r));
	OK(restatement_approve(c, &r));
	sweep(c);
	ask(c, &scene, PLAIN("20"), &w);
	EQ(whatif_cost(&w.old), 2500);
	EQ(whatif_cost(&w.new), 2000);
	EQ(w.partners[0].old_minor, 2500);
	EQ(w.same, 1);
	OK(scene_close(c, s));
}

STORE_TEST(what_cannot_be_asked_is_refused_with_its_field)
{
	struct whatif_ask a = { .terms = STR("{\"trigger\":\"sale\"}") };
	struct scene scene;
	struct whatif w;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	FAILS(whatif_run(c, &a, &w), ERR_NOT_FOUND, "id");
	a.campaign_id = scene.campaign_id;
	FAILS(whatif_run(c, &a, &w), ERR_INVALID, "terms/reward");
	a.terms = STR(PLAIN("20"));
	a.from_ms = a.to_ms = c->now_ms;
	FAILS(whatif_run(c, &a, &w), ERR_INVALID, "to");
	OK(scene_close(c, s));
}

STORE_TEST(a_simulation_is_printed_for_programs_and_spreadsheets)
{
	struct scene scene;
	struct whatif w;
	struct buf b;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	sell(c, scene.partner_id, "s1", "a", 10000);
	ask(c, &scene, PLAIN("25"), &w);
	buf_init(&b, c->arena);
	whatif_csv(&b, &w);
	OK(strstr(b.p, ",Bob,USD,20.00,25.00,5.00\r\n") != NULL);
	buf_init(&b, c->arena);
	whatif_json(&b, &w);
	OK(strstr(b.p, "\"old\":{\"cost\":2000,") != NULL);
	OK(strstr(b.p, "\"difference\":500,") != NULL);
	buf_init(&b, c->arena);
	whatif_text(&b, &w);
	OK(strstr(b.p, "5.00 USD") != NULL);
	OK(strstr(b.p, "\n1 partner would get more, 0 less, 0 the same.\n") != NULL);
	OK(scene_close(c, s));
}
