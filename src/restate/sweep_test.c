/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/sweep.h"
#include "restate/trial.h"

#include "base/check.h"
#include "calendar/true_up.h"
#include "rules/dispute.h"

/*
 * Random stories of sales, refunds, disputes, customers who leave, commissions that are rejected,
 * and restatements among them. Whatever the order: the audit agrees, and when everything has been
 * refunded nobody is owed anything.
 */

#define SALES 24

static uint64_t state;

static int64_t roll(int64_t sides)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(state >> 33) % sides;
}

static const char *const documents[] = {
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	"\"chain\":{\"mode\":\"from_share\",\"levels\":[{\"percent\":\"15\"}]},"
	"\"clawback\":{\"window_days\":3650,\"on_refund\":\"full\",\"on_churn\":\"prorated\"}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"33.3333\"}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"fixed\",\"amount\":777},\"recurring_months\":1,"
	"\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"7\"}]}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"5\"},\"delay_invoices\":2,"
	"\"recurring_months\":9}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"10\"},\"tiers\":{\"by\":"
	"\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":15000,\"reward\":{\"type\":\"percentage\","
	"\"value\":\"40\"}}]},\"recruiting\":{\"percent\":\"5\"}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"10\"},\"tiers\":{\"by\":"
	"\"sales\",\"counts_current\":true,\"steps\":[{\"from\":3,\"reward\":{\"type\":\"fixed\","
	"\"amount\":999}}]},\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"10\"},"
	"{\"percent\":\"5\"}]}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"30\"},\"caps\":["
	"{\"scope\":\"partner\",\"period\":\"month\",\"amount\":9000},{\"scope\":\"customer\","
	"\"amount\":5000},{\"scope\":\"campaign\",\"period\":\"year\",\"amount\":15000}],\"chain\":"
	"{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"10\"}]},\"clawback\":{\"on_refund\":\"none\","
	"\"true_up\":\"month\"}}",
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"10\"},\"tiers\":{\"by\":"
	"\"revenue\",\"period\":\"quarter\",\"retroactive\":true,\"counts_current\":true,\"steps\":["
	"{\"from\":20000,\"reward\":{\"type\":\"percentage\",\"value\":\"40\"}}]},\"caps\":[{\"scope\":"
	"\"partner\",\"period\":\"quarter\",\"amount\":20000}]}",
};

struct story {
	struct scene scene;
	bool trues_up;
	int64_t partner_id; /* below the scene's */
	int sales, others;
};

static struct str sale_id(struct ctx *c, int64_t n)
{
	return arena_printf(c->arena, "s%lld", (long long)n);
}

static void sell(struct ctx *c, struct story *s)
{
	struct track t = { .type = EVENT_SALE, .external_id = sale_id(c, s->sales++),
		           .partner_id = roll(4) ? s->partner_id : s->scene.partner_id,
		           .customer_id = arena_printf(c->arena, "c%lld", (long long)roll(5)),
		           .amount = 100 + roll(20000), .currency = STR("USD"),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static struct track about(struct ctx *c, struct story *s, enum event_type type)
{
	return (struct track){ .type = type,
		               .external_id = arena_printf(c->arena, "o%d", s->others++),
		               .of_id = sale_id(c, roll(s->sales)),
		               .source = STR("test") };
}

/* As much as is left of the sale, or a part that may be more than that: then nothing happens. */
static void refund(struct ctx *c, struct story *s)
{
	struct track t = about(c, s, EVENT_REFUND);
	struct recorded r;

	t.amount_given = roll(3) != 0;
	t.amount = t.amount_given ? 1 + roll(5000) : 0;
	if (!event_record(c, &t, &r)) {
		EQ(c->err.code, ERR_INVALID);
		fail_clear(c);
	}
}

static void dispute(struct ctx *c, struct story *s)
{
	struct track t = about(c, s, EVENT_DISPUTE);
	struct recorded r;

	t.dispute_state = DISPUTE_OPEN;
	OK(event_record(c, &t, &r));
	if (roll(3) == 0)
		return;
	t.dispute_state = roll(2) ? DISPUTE_WON : DISPUTE_LOST;
	OK(event_record(c, &t, &r));
}

static void leave(struct ctx *c, struct story *s)
{
	struct track t = about(c, s, EVENT_CHURN);
	struct recorded r;

	t.of_id = STR("");
	t.customer_id = arena_printf(c->arena, "c%lld", (long long)roll(5));
	OK(event_record(c, &t, &r));
}

static void reject(struct ctx *c, struct story *s)
{
	struct commission *all;
	struct event e;
	struct list list;
	bool found;

	OK(event_find(c, EVENT_SALE, sale_id(c, roll(s->sales)), &e, &found));
	OK(commission_of_event(c, e.id, &list));
	all = list.items;
	for (size_t i = 0; i < list.count; i++)
		if (all[i].status == COMMISSION_PENDING)
			OK(commission_reject(c, &all[i]));
}

static void true_up(struct ctx *c)
{
	bool more = true;

	while (more)
		OK(true_up_step(c, &more));
}

static void restate(struct ctx *c, struct story *s)
{
	struct restatement_new in = { .terms = str_from(documents[roll(LEN(documents))]),
		                      .reason = STR("so it was rolled") };
	struct restatement r;

	if (s->trues_up && roll(2))
		in.from = arena_printf(c->arena, "2026-0%d-%s", (int)roll(4) + 1,
		                       roll(2) ? "01" : "20");
	if (!restatement_create(c, s->scene.campaign_id, &in, &r)) {
		EQ(c->err.code, ERR_INVALID); /* in the future, or divides what was trued up */
		EQ_STR(str_from(c->err.field), "from");
		fail_clear(c);
		return;
	}
	if (s->trues_up && roll(4) == 0)
		true_up(c);
	if (roll(2))
		refund(c, s);
	if (!restatement_approve(c, &r)) {
		EQ(c->err.code, ERR_STATE);
		fail_clear(c);
		OK(restatement_cancel(c, &r));
	}
	if (roll(2))
		trial_work(c);
}

static void wait(struct ctx *c, struct story *s, int64_t days)
{
	bool more = true;

	c->now_ms += days * MS_PER_DAY;
	while (more)
		OK(commission_mature_due(c, 100, &more));
	if (s->trues_up)
		true_up(c);
}

static void happen(struct ctx *c, struct story *s)
{
	switch (roll(10)) {
	case 0: refund(c, s); break;
	case 1: dispute(c, s); break;
	case 2: leave(c, s); break;
	case 3: reject(c, s); break;
	case 4: restate(c, s); break;
	case 5: wait(c, s, roll(40)); break;
	default: sell(c, s); break;
	}
	if (roll(3) == 0)
		trial_work(c);
}

static void refund_all(struct ctx *c, struct story *s)
{
	for (int i = 0; i < s->sales; i++) {
		struct track t = about(c, s, EVENT_REFUND);
		struct recorded r;

		t.of_id = sale_id(c, i);
		OK(event_record(c, &t, &r));
	}
	trial_work(c);
}

/* Terms whose windows outlast the story: in the end every refund takes back. */
#define CHAINED \
	TRIAL_PERCENT("20", ",\"delay_invoices\":1,\"recurring_months\":12,\"chain\":{\"mode\":" \
	              "\"on_top\",\"levels\":[{\"percent\":\"10\"}]},\"clawback\":{\"on_churn\":\"full\"}")

#define SETTLED \
	TRIAL_PERCENT("20", ",\"clawback\":{\"on_refund\":\"none\",\"on_dispute\":\"none\"," \
	                    "\"true_up\":\"month\"}")

#define RETROACTIVE \
	TRIAL_PERCENT("20", ",\"clawback\":{\"on_churn\":\"full\",\"true_up\":\"quarter\"},\"tiers\":" \
	              "{\"by\":\"revenue\",\"period\":\"month\",\"retroactive\":true,\"steps\":[" \
	              "{\"from\":25000,\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]}")

static void tell(struct ctx *c, struct store *store, const char *terms, uint64_t seed)
{
	struct story s = { .trues_up = strcmp(terms, CHAINED) != 0 };

	state = seed;
	OK(scene_open(c, store, &s.scene, terms));
	s.partner_id = trial_recruit(c, &s.scene);
	sell(c, &s);
	while (s.sales < SALES)
		happen(c, &s);
	trial_work(c);
	trial_proves(c);
	refund_all(c, &s);
	trial_proves(c);
	if (s.trues_up) {
		wait(c, &s, 100); /* all periods are over */
		trial_work(c);
		trial_proves(c);
	}
	EQ(trial_owed(c, s.partner_id), 0);
	EQ(trial_owed(c, s.scene.partner_id), 0);
	OK(scene_close(c, store));
}

STORE_TEST(whatever_happens_restatements_are_proved_and_end_at_nothing_1)
{
	tell(c, s, CHAINED, 1);
}

STORE_TEST(whatever_happens_restatements_are_proved_and_end_at_nothing_2)
{
	tell(c, s, CHAINED, 2);
}

STORE_TEST(whatever_happens_restatements_are_proved_and_end_at_nothing_3)
{
	tell(c, s, CHAINED, 3);
}

STORE_TEST(whatever_happens_restatements_are_proved_and_end_at_nothing_4)
{
	tell(c, s, CHAINED, 4);
}

STORE_TEST(so_they_are_where_refunds_are_settled_by_months_1)
{
	tell(c, s, SETTLED, 1);
}

STORE_TEST(so_they_are_where_refunds_are_settled_by_months_2)
{
	tell(c, s, SETTLED, 2);
}

STORE_TEST(so_they_are_where_refunds_are_settled_by_months_3)
{
	tell(c, s, SETTLED, 3);
}

STORE_TEST(so_they_are_where_tiers_count_for_all_of_a_month_1)
{
	tell(c, s, RETROACTIVE, 4);
}

STORE_TEST(so_they_are_where_tiers_count_for_all_of_a_month_2)
{
	tell(c, s, RETROACTIVE, 5);
}

STORE_TEST(so_they_are_where_tiers_count_for_all_of_a_month_3)
{
	tell(c, s, RETROACTIVE, 6);
}
