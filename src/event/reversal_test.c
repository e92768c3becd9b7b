/* SPDX-License-Identifier: Apache-2.0 */
#include "event/reversal.h"

#include "commission/commission.h"
#include "event/scene.h"
#include "ledger/balance.h"
#include "payout/run.h"
#include "rules/dispute.h"
#include "rules/input.h"
#include "verify/verify.h"

#define TERMS(clawback) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}," \
	"\"hold_days\":30,\"clawback\":{" clawback "}}"
#define HOLDS TERMS("\"window_days\":90")
#define AT_ONCE TERMS("\"window_days\":90,\"dispute_opened\":\"reverse\"")
#define PRORATED TERMS("\"window_days\":90,\"on_churn\":\"prorated\"")

static struct balance balance(struct ctx *c, const struct scene *s)
{
	struct list all;

	OK(balance_list(c, s->partner_id, &all));
	return all.count ? *(const struct balance *)all.items : (struct balance){ 0 };
}

static bool tell(struct ctx *c, const char *id, int64_t state, int64_t amount, int64_t at)
{
	struct track t = { .type = EVENT_DISPUTE,
		           .external_id = str_from(id),
		           .of_id = STR("s1"),
		           .dispute_state = state,
		           .amount = amount,
		           .occurred_at = at,
		           .source = STR("test") };
	struct recorded r;

	return event_record(c, &t, &r);
}

static bool leave(struct ctx *c, const char *id, const char *customer, int64_t at)
{
	struct track t = { .type = EVENT_CHURN,
		           .external_id = str_from(id),
		           .customer_id = str_from(customer),
		           .occurred_at = at,
		           .source = STR("test") };
	struct recorded r;

	return event_record(c, &t, &r);
}

static struct commission only(struct ctx *c, const char *sale)
{
	struct event e;
	struct list all;
	bool found;

	OK(event_find(c, EVENT_SALE, str_from(sale), &e, &found) && found);
	OK(commission_of_event(c, e.id, &all));
	EQ(all.count, 1);
	return *(const struct commission *)all.items;
}

static void audit(struct ctx *c)
{
	struct verify_counts counts = { 0 };
	struct buf said;

	buf_init(&said, c->arena);
	OK(verify_org(c, &said, &counts));
	EQ_STR(buf_text(&said), "");
}

static void mature(struct ctx *c)
{
	bool more;

	c->now_ms += 31 * MS_PER_DAY;
	OK(commission_mature_due(c, 10, &more));
}

STORE_TEST(an_open_dispute_holds_and_a_won_one_releases)
{
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, HOLDS));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	OK(tell(c, "d", DISPUTE_OPEN, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_HELD);
	EQ(only(c, "s1").holds, HOLD_DISPUTED);
	mature(c);
	EQ(balance(c, &scene).pending, 2475);
	struct commission m = only(c, "s1");
	FAILS(commission_release(c, &m), ERR_STATE, "status");
	OK(tell(c, "d", DISPUTE_WON, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_PENDING);
	mature(c);
	EQ(balance(c, &scene).payable, 2475);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(what_is_owed_already_is_held_again_and_matures_again)
{
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, HOLDS));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	mature(c);
	for (const char *id = "d"; id; id = id[0] == 'd' ? "e" : NULL) {
		EQ(balance(c, &scene).payable, 2475);
		OK(tell(c, id, DISPUTE_OPEN, 0, 0));
		EQ(only(c, "s1").status, COMMISSION_HELD);
		EQ(balance(c, &scene).payable, 0);
		EQ(balance(c, &scene).pending, 2475);
		audit(c);
		OK(tell(c, id, DISPUTE_WON, 0, 0));
		mature(c);
		audit(c);
	}
	EQ(balance(c, &scene).payable, 2475);
	OK(scene_close(c, s));
}

STORE_TEST(a_lost_dispute_after_the_payout_becomes_a_debt)
{
	struct run run = { .currency = STR("USD"), .method = STR("manual") };
	struct scene scene;
	struct recorded r;
	struct list payouts;

	OK(scene_open(c, s, &scene, HOLDS));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	mature(c);
	OK(run_create(c, &run) && run_approve(c, &run));
	OK(payout_of_run(c, run.id, &payouts));
	OK(payout_paid(c, payouts.items, STR("ref")));
	OK(tell(c, "d", DISPUTE_OPEN, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_PAID);
	EQ(balance(c, &scene).payable, 0);
	audit(c);
	OK(tell(c, "d", DISPUTE_LOST, 0, 0));
	EQ(balance(c, &scene).payable, -2475);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_dispute_during_a_payout_holds_what_comes_back_from_it)
{
	struct run run = { .currency = STR("USD"), .method = STR("manual") };
	struct scene scene;
	struct recorded r;
	struct list payouts;

	OK(scene_open(c, s, &scene, HOLDS));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	mature(c);
	OK(run_create(c, &run) && run_approve(c, &run));
	OK(tell(c, "d", DISPUTE_OPEN, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_APPROVED);
	OK(payout_of_run(c, run.id, &payouts));
	OK(payout_failed(c, payouts.items, STR("closed")));
	EQ(only(c, "s1").status, COMMISSION_HELD);
	EQ(balance(c, &scene).payable, 0);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(by_the_terms_an_opened_dispute_takes_back_at_once_and_a_won_one_gives_back)
{
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, AT_ONCE));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	mature(c);
	OK(tell(c, "d", DISPUTE_OPEN, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_REVERSED);
	EQ(balance(c, &scene).payable, 0);
	audit(c);
	OK(tell(c, "d", DISPUTE_WON, 0, 0));
	EQ(only(c, "s1").status, COMMISSION_APPROVED);
	EQ(balance(c, &scene).payable, 2475);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_dispute_over_more_than_the_sale_is_refused)
{
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, HOLDS));
	OK(scene_sale(c, &scene, "s1", 9900, &r));
	FAILS(tell(c, "d", DISPUTE_OPEN, 9901, 0), ERR_INVALID, "amount");
	OK(tell(c, "d", DISPUTE_OPEN, 9900, 0));
	FAILS(tell(c, "d", DISPUTE_OPEN, 100, 0), ERR_CONFLICT, "id");
	OK(scene_close(c, s));
}

STORE_TEST(a_customer_who_leaves_takes_back_the_days_that_were_to_come)
{
	struct scene scene;
	struct recorded r;
	int64_t day = c->now_ms;

	OK(scene_open(c, s, &scene, PRORATED));
	OK(scene_sale(c, &scene, "s1", 36000, &r));
	OK(leave(c, "x", "cus-s1", day + 30 * MS_PER_DAY));
	EQ(only(c, "s1").reversed, 6000);
	EQ(balance(c, &scene).pending, 3000);
	OK(leave(c, "x", "cus-s1", day + 30 * MS_PER_DAY));
	OK(leave(c, "y", "cus-s1", day + 60 * MS_PER_DAY));
	EQ(only(c, "s1").reversed, 6000);
	OK(leave(c, "z", "cus-s1", day + 10 * MS_PER_DAY));
	EQ(only(c, "s1").reversed, 8000);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_sale_that_comes_after_its_customer_left_is_taken_back_of)
{
	struct scene scene;
	struct recorded r;
	int64_t now = c->now_ms;

	OK(scene_open(c, s, &scene, PRORATED));
	OK(leave(c, "x", "cus-s1", now));
	OK(leave(c, "w", "cus-s1", now - 5 * MS_PER_DAY));
	OK(scene_sale(c, &scene, "s1", 36000, &r));
	EQ(only(c, "s1").reversed, 9000);
	c->now_ms += 1;
	OK(scene_sale(c, &scene, "s2", 36000, &r));
	EQ(only(c, "s2").reversed, 0);
	audit(c);
	OK(scene_close(c, s));
}

static uint64_t seed = 11;

static size_t any(size_t limit)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (size_t)(seed >> 33) % limit;
}

#define STEPS 8

/* One of the things that happen to the sale "s1" in each of the worlds below. */
static void step(struct ctx *c, const struct scene *scene, size_t i, int64_t at)
{
	struct recorded r;
	struct track refund = { .type = EVENT_REFUND, .of_id = STR("s1"), .amount = 1111,
		                .amount_given = true, .source = STR("test") };
	struct track sale = { .type = EVENT_SALE, .external_id = STR("s1"),
		              .partner_id = scene->partner_id, .customer_id = STR("cus"),
		              .amount = 9900, .currency = STR("USD"), .occurred_at = at,
		              .source = STR("test") };

	refund.external_id = i == 1 ? STR("r1") : STR("r2");
	refund.occurred_at = at + (int64_t)i * MS_PER_DAY;
	at += (int64_t)i * MS_PER_DAY;
	if (i == 0)
		OK(event_record(c, &sale, &r));
	else if (i < 3)
		OK(event_record(c, &refund, &r));
	else if (i == 3)
		OK(tell(c, "d", DISPUTE_OPEN, 3000, at));
	else if (i == 4)
		OK(tell(c, "d", DISPUTE_WON, 0, at));
	else if (i == 5)
		OK(tell(c, "e", DISPUTE_LOST, 2000, at));
	else if (i == 6)
		OK(tell(c, "e", DISPUTE_OPEN, 2500, at));
	else
		OK(leave(c, "x", "cus", at));
}

static void play(struct ctx *c, struct store *s, const char *terms, bool in_order)
{
	size_t order[2 * STEPS];
	struct scene scene;
	struct commission m;

	OK(scene_open(c, s, &scene, terms));
	int64_t at = c->now_ms - 20 * MS_PER_DAY;

	for (size_t i = 0; i < 2 * STEPS; i++)
		order[i] = i % STEPS;
	for (size_t i = 2 * STEPS; !in_order && i-- > 1;) {
		size_t k = any(i + 1), swap = order[i];

		order[i] = order[k];
		order[k] = swap;
	}
	for (size_t i = 0; i < 2 * STEPS; i++)
		step(c, &scene, order[i], at);
	m = only(c, "s1");
	EQ(m.status, COMMISSION_PENDING);
	/* refunded 22.22 and lost 20.00 of 99.00; left on day 7 of 90 */
	EQ(m.reversed, 1056 + 1309);
	EQ(balance(c, &scene).pending, 2475 - 1056 - 1309);
	audit(c);
	OK(scene_close(c, s));
}

STORE_TEST(whatever_the_order_the_books_end_the_same)
{
	play(c, s, PRORATED, true);
}

STORE_TEST(told_twice_and_in_any_order_the_books_end_the_same)
{
	play(c, s, PRORATED, false);
}

STORE_TEST(in_another_order_and_taken_back_at_once_the_books_end_the_same)
{
	play(c, s, TERMS("\"window_days\":90,\"on_churn\":\"prorated\",\"dispute_opened\":\"reverse\""),
	     false);
}
