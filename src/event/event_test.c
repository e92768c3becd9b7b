/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "api/call.h"
#include "campaign/campaign.h"
#include "commission/commission.h"
#include "event/parked.h"
#include "event/scene.h"
#include "event/standing.h"
#include "ledger/balance.h"
#include "payout/run.h"

#define DAY MS_PER_DAY

static int64_t balance_of(struct ctx *c, const struct scene *s, const char *which)
{
	struct list all;

	OK(balance_list(c, s->partner_id, &all));
	if (all.count == 0)
		return 0;
	const struct balance *b = all.items;

	return which[2] == 'n' ? b->pending : which[2] == 'y' ? b->payable : b->paid;
}

#define PENDING balance_of(c, &scene, "pending")
#define PAYABLE balance_of(c, &scene, "payable")
#define PAID balance_of(c, &scene, "paid")

STORE_TEST(a_refund_that_waits_long_for_its_sale_is_reported_until_it_comes)
{
	struct scene scene;
	struct parked_late late;
	struct recorded r;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_refund(c, "r1", "s1", 3300, &r));
	OK(parked_late(c, &late));
	EQ(late.count, 0);
	c->now_ms += PARKED_LATE_DAYS * MS_PER_DAY;
	OK(parked_late(c, &late));
	EQ(late.count, 1);
	EQ(late.event_id, r.event.id);
	c->now_ms += (PARKED_GONE_DAYS - PARKED_LATE_DAYS) * MS_PER_DAY;
	OK(parked_late(c, &late));
	EQ(late.count, 0);
	c->now_ms -= MS_PER_DAY;
	OK(parked_late(c, &late));
	EQ(late.count, 1);
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	OK(parked_late(c, &late));
	EQ(late.count, 0);
	OK(scene_close(c, s));
}

STORE_TEST(a_sale_earns_a_quarter_of_its_net_amount)
{
	struct recorded r;
	struct list earned;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	NO(r.replayed);
	OK(commission_of_event(c, r.event.id, &earned));
	EQ(earned.count, 1);
	EQ(((struct commission *)earned.items)->amount, 2475);
	EQ(((struct commission *)earned.items)->partner_id, scene.partner_id);
	EQ(PENDING, 2475);
	OK(scene_close(c, s));
}

STORE_TEST(the_same_sale_again_changes_nothing_and_answers_the_same)
{
	struct recorded first, again;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "s1", 9900, &first));
	OK(scene_sale(c, &scene, "s1", 9900, &again));
	OK(again.replayed);
	EQ(again.event.id, first.event.id);
	EQ_STR(again.answer, first.answer.p);
	EQ(PENDING, 2475);
	FAILS(scene_sale(c, &scene, "s1", 9901, &again), ERR_CONFLICT, "id");
	EQ(PENDING, 2475);
	OK(scene_close(c, s));
}

STORE_TEST(refunds_take_back_exactly_what_the_sale_earned)
{
	struct recorded r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	OK(scene_refund(c, "r1", "s1", 3300, &r));
	EQ(PENDING, 2475 - 825);
	OK(scene_refund(c, "r1", "s1", 3300, &r));
	OK(r.replayed);
	EQ(PENDING, 2475 - 825);
	FAILS(scene_refund(c, "r2", "s1", 6601, &r), ERR_INVALID, "amount");
	OK(scene_refund(c, "r3", "s1", 0, &r));
	EQ(r.event.amount, 6600);
	EQ(PENDING, 0);
	OK(scene_close(c, s));
}

STORE_TEST(a_refund_that_comes_before_its_sale_waits_for_it)
{
	struct recorded r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_refund(c, "r1", "s1", 3300, &r));
	EQ(r.event.related_id, 0);
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	EQ(PENDING, 2475 - 825);
	OK(scene_refund(c, "r1", "s1", 3300, &r));
	OK(r.replayed);
	EQ(PENDING, 2475 - 825);
	OK(scene_close(c, s));
}

STORE_TEST(a_sale_of_nobody_says_why)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = STR("s1"),
		           .customer_id = STR("stranger"),
		           .amount = 100,
		           .currency = STR("USD"),
		           .source = STR("test") };
	struct recorded r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(event_record(c, &t, &r));
	OK(strstr(r.answer.p, "\"commissions\":[]") != NULL);
	OK(strstr(r.answer.p, "\"credited\":[]") != NULL);
	EQ(r.event.partner_id, 0);
	OK(scene_close(c, s));
}

STORE_TEST(a_customer_stays_with_who_referred_it)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = STR("s2"),
		           .customer_id = STR("cus-s1"),
		           .amount = 10000,
		           .currency = STR("USD"),
		           .source = STR("test") };
	struct recorded r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	OK(event_record(c, &t, &r));
	EQ(r.event.partner_id, scene.partner_id);
	EQ(r.event.invoice_index, 1);
	EQ(PENDING, 2475 + 2500);
	OK(scene_close(c, s));
}

STORE_TEST(what_has_matured_is_paid_once_and_clawed_back_from_the_next_payout)
{
	struct run run = { .currency = STR("USD"), .method = STR("manual") };
	struct run next = run, early = run;
	struct recorded r;
	struct list payouts;
	struct scene scene;
	bool more;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	FAILS(run_create(c, &early), ERR_INVALID, "currency");
	c->now_ms += 31 * DAY;
	OK(commission_mature_due(c, 10, &more));
	EQ(PENDING, 0);
	EQ(PAYABLE, 2475);

	FAILS(run_create(c, &(struct run){ .currency = STR("EUR"), .method = run.method }),
	      ERR_INVALID, "currency");
	early.cutoff = c->now_ms - 2 * DAY;
	FAILS(run_create(c, &early), ERR_INVALID, "cutoff");
	OK(run_create(c, &run) && run_create(c, &next));
	OK(run_approve(c, &run));
	OK(run_approve(c, &run));
	FAILS(run_approve(c, &next), ERR_STALE, "payouts");
	OK(payout_of_run(c, run.id, &payouts));
	EQ(payouts.count, 1);
	EQ(PAYABLE, 0);
	OK(payout_paid(c, payouts.items, STR("ref")));
	OK(payout_paid(c, payouts.items, STR("ref")));
	FAILS(payout_failed(c, payouts.items, STR("no")), ERR_STATE, "status");
	EQ(PAID, 2475);

	OK(scene_refund(c, "r1", "s1", 0, &r));
	EQ(PAYABLE, -2475);
	OK(scene_sale(c, &scene, "s2", 40000, &r));
	c->now_ms += 31 * DAY;
	OK(commission_mature_due(c, 10, &more));
	EQ(PAYABLE, 10000 - 2475);
	run = (struct run){ .currency = STR("USD"), .method = STR("manual") };
	OK(run_create(c, &run) && run_approve(c, &run) && payout_of_run(c, run.id, &payouts));
	EQ(((struct payout *)payouts.items)->amount, 10000 - 2475);
	OK(payout_failed(c, payouts.items, STR("closed")));
	EQ(PAYABLE, 10000 - 2475);
	OK(scene_close(c, s));
}

STORE_TEST(a_delivered_project_needs_no_customer_and_counts)
{
	struct scene scene;
	struct track t = { .type = EVENT_PROJECT_DELIVERED, .external_id = STR("p1"),
		           .source = STR("test") };
	struct counters driven;
	struct recorded r;

	OK(scene_open(c, s, &scene, "{\"trigger\":\"project_delivered\","
	                            "\"reward\":{\"type\":\"fixed\",\"amount\":5000}}"));
	t.partner_id = scene.partner_id;
	OK(event_record(c, &t, &r));
	EQ(r.event.customer_id, 0);
	EQ(r.event.partner_id, scene.partner_id);
	EQ(PENDING, 5000);
	OK(standing_counters(c, scene.partner_id, scene.campaign_id,
	                     (int64_t[]){ 0, 999912 }, &driven));
	EQ(driven.projects, 1);
	OK(event_record(c, &t, &r));
	OK(r.replayed);
	EQ(PENDING, 5000);
	OK(scene_close(c, s));
}

STORE_TEST(a_sale_needs_a_customer_and_an_amount_needs_a_currency)
{
	struct track sale = { .type = EVENT_SALE, .external_id = STR("s1"), .amount = 100,
		              .currency = STR("USD"), .source = STR("test") };
	struct track deal = { .type = EVENT_DEAL_CLOSED, .external_id = STR("d1"), .amount = 100,
		              .source = STR("test") };
	struct recorded r;
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	FAILS(event_record(c, &sale, &r), ERR_INVALID, "customer/id");
	FAILS(event_record(c, &deal, &r), ERR_INVALID, "currency");
	OK(scene_close(c, s));
}

/* When the commission of a sale of now, cleared then, is due: in days from now; -1: refused. */
static int64_t due_when_cleared(struct ctx *c, const struct scene *s, const char *id, int64_t at_ms,
                                bool now_is_told)
{
	struct track t = { .type = EVENT_SALE, .external_id = str_from(id), .partner_id = s->partner_id,
		           .customer_id = str_from(id), .amount = 9900, .amount_given = true,
		           .currency = STR("USD"), .occurred_at = now_is_told ? c->now_ms : 0,
		           .cleared_at = at_ms, .source = STR("test") };
	struct list earned;
	struct recorded r;

	if (!event_record(c, &t, &r)) {
		EQ(c->err.code, ERR_INVALID);
		EQ_STR(str_from(c->err.field), "cleared_at");
		fail_clear(c);
		return -1;
	}
	OK(commission_of_event(c, r.event.id, &earned) && earned.count == 1);
	return (((const struct commission *)earned.items)->matures_at - c->now_ms) / DAY;
}

STORE_TEST(the_hold_counts_from_when_the_payment_cleared)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	EQ(due_when_cleared(c, &scene, "untold", 0, true), 30);
	EQ(due_when_cleared(c, &scene, "later", c->now_ms + 8 * DAY, true), 38);
	EQ(due_when_cleared(c, &scene, "at once", c->now_ms, true), 30);
	EQ(due_when_cleared(c, &scene, "before", c->now_ms - 1, true), -1);
	EQ(due_when_cleared(c, &scene, "on the way", c->now_ms - 1, false), 30);
	EQ(due_when_cleared(c, &scene, "last day", c->now_ms + 400 * DAY, true), 430);
	EQ(due_when_cleared(c, &scene, "too late", c->now_ms + 400 * DAY + 1, true), -1);
	OK(scene_close(c, s));
}
