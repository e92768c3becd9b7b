/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/true_up.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "event/scene.h"
#include "ledger/balance.h"
#include "partner/enrolment.h"
#include "rules/true_up.h"

/* 20 %, from 100.00 in the period 30 %, which then counts for all of it. */
#define TERMS(period) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"hold_days\":0,\"tiers\":{\"by\":\"revenue\",\"period\":\"" period "\"," \
	"\"retroactive\":true,\"steps\":[{\"from\":10000,\"reward\":{\"type\":\"percentage\"," \
	"\"value\":\"30\"}}]}}"

static int64_t when(const char *text)
{
	int64_t at = 0;

	CHECK(time_parse(str_from(text), &at));
	return at;
}

static void run_at(struct ctx *c, const char *at)
{
	bool more = true;

	c->now_ms = when(at);
	while (more)
		OK(true_up_step(c, &more));
}

static void sell(struct ctx *c, const struct scene *s, const char *id, const char *at,
                 int64_t amount)
{
	struct track t = { .type = EVENT_SALE, .external_id = str_from(id),
		           .partner_id = s->partner_id, .customer_id = str_from(id),
		           .amount = amount, .currency = STR("USD"), .occurred_at = when(at),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static void take_back(struct ctx *c, const char *id, const char *sale)
{
	struct recorded r;

	OK(scene_refund(c, id, sale, 0, &r));
}

static int64_t pending(struct ctx *c, const struct scene *s)
{
	struct list all;

	OK(balance_list(c, s->partner_id, &all));
	return all.count > 0 ? ((const struct balance *)all.items)->pending : 0;
}

/* What the true-up with this end of an id came to; 0 if there is none. */
static int64_t trued(struct ctx *c, const struct scene *s, const char *tail)
{
	struct enrolment e;
	struct event event;
	struct list all;
	bool found;

	OK(enrolment_find(c, s->campaign_id, s->partner_id, &e, &found));
	OK(event_find(c, EVENT_TRUE_UP,
	              arena_printf(c->arena, "true-up/%.*s/%s",
	                           STR_ARG(id_str(c->arena, ID_ENROLMENT, e.id)), tail),
	              &event, &found));
	if (!found)
		return 0;
	OK(commission_of_event(c, event.id, &all));
	EQ(all.count, 1);
	return ((const struct commission *)all.items)->amount;
}

/* 60.00 three times in January: the third is above the tier. */
static void january(struct ctx *c, struct store *s, struct scene *scene)
{
	OK(scene_open(c, s, scene, TERMS("month")));
	sell(c, scene, "a", "2026-01-16", 6000);
	sell(c, scene, "b", "2026-01-17", 6000);
	sell(c, scene, "c", "2026-01-18", 6000);
}

STORE_TEST(the_tier_reached_counts_for_the_month_when_it_is_over)
{
	struct scene scene;

	january(c, s, &scene);
	EQ(pending(c, &scene), 1200 + 1200 + 1800);
	run_at(c, "2026-01-31T23:59:59Z");
	EQ(trued(c, &scene, "2026-01"), 0);
	run_at(c, "2026-02-01T00:00:00Z");
	EQ(trued(c, &scene, "2026-01"), 1200);
	EQ(pending(c, &scene), 5400);
	run_at(c, "2026-03-01T00:00:00Z");
	EQ(pending(c, &scene), 5400);
	OK(scene_close(c, s));
}

STORE_TEST(what_comes_late_is_trued_up_by_the_difference)
{
	struct scene scene;

	january(c, s, &scene);
	run_at(c, "2026-02-01T00:00:00Z");
	take_back(c, "ra", "a");
	run_at(c, "2026-02-02T00:00:00Z");
	EQ(trued(c, &scene, "2026-01/2"), -600);
	EQ(pending(c, &scene), 3600);

	sell(c, &scene, "late", "2026-01-30", 5000);
	run_at(c, "2026-02-03T00:00:00Z");
	EQ(trued(c, &scene, "2026-01/3"), 0);
	EQ(pending(c, &scene), 3600 + 1500);

	/* The tier is lost: 20 % of the 50.00 that are left. */
	take_back(c, "rb", "b");
	take_back(c, "rc", "c");
	run_at(c, "2026-02-04T00:00:00Z");
	EQ(trued(c, &scene, "2026-01/3"), -1100);
	EQ(pending(c, &scene), 1000);
	OK(scene_close(c, s));
}

STORE_TEST(quarters_and_years_end_when_their_last_month_does)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, TERMS("quarter")));
	sell(c, &scene, "a", "2026-01-16", 6000);
	c->now_ms = when("2026-03-31T12:00:00Z");
	sell(c, &scene, "b", "2026-03-31", 6000);
	run_at(c, "2026-03-31T23:00:00Z");
	EQ(trued(c, &scene, "2026-Q1"), 0);
	run_at(c, "2027-01-01T00:00:00Z");
	EQ(trued(c, &scene, "2026-Q1"), 1200);
	EQ(pending(c, &scene), 3600);
	OK(scene_close(c, s));
}

STORE_TEST(without_a_difference_there_is_no_true_up)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, TERMS("year")));
	sell(c, &scene, "a", "2026-01-16", 6000);
	run_at(c, "2027-01-01T00:00:00Z");
	EQ(trued(c, &scene, "2026"), 0);
	EQ(pending(c, &scene), 1200);
	OK(scene_close(c, s));
}

#define SOLUTION \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"hold_days\":0,\"clawback\":{\"on_refund\":\"none\",\"true_up\":\"quarter\"}}"

STORE_TEST(a_clawback_that_is_trued_up_settles_refunds_at_the_end_of_the_quarter)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, SOLUTION));
	sell(c, &scene, "a", "2026-01-16", 6000);
	sell(c, &scene, "b", "2026-02-17", 5000);
	take_back(c, "ra", "a");
	EQ(pending(c, &scene), 2200);
	run_at(c, "2026-03-31T23:59:59Z");
	EQ(pending(c, &scene), 2200);
	run_at(c, "2026-04-01T00:00:00Z");
	EQ(trued(c, &scene, "2026-Q1"), -1200);
	EQ(pending(c, &scene), 1000);

	take_back(c, "rb", "b"); /* late: the difference */
	run_at(c, "2026-04-02T00:00:00Z");
	EQ(trued(c, &scene, "2026-Q1/2"), -1000);
	EQ(pending(c, &scene), 0);
	run_at(c, "2026-08-01T00:00:00Z");
	EQ(pending(c, &scene), 0);
	OK(scene_close(c, s));
}

TEST(periods_have_names)
{
	static const struct {
		const char *name;
		int64_t first, last;
	} rows[] = {
		{ "2026-01", 202601, 202601 }, { "2026-12", 202612, 202612 },
		{ "2026-Q1", 202601, 202603 }, { "2026-Q4", 202610, 202612 },
		{ "2026", 202601, 202612 },
	};
	static const char *const none[] = { "", "20x6", "2026-", "2026-13", "2026-Q5", "2026-001" };
	int64_t first, last;

	for (size_t i = 0; i < LEN(rows); i++) {
		struct true_up_period p = { 1, 2, rows[i].first, rows[i].last };

		EQ_STR(true_up_name(c->arena, &p), rows[i].name);
		OK(true_up_months(str_from(rows[i].name), &first, &last));
		EQ(first, rows[i].first);
		EQ(last, rows[i].last);
	}
	for (size_t i = 0; i < LEN(none); i++)
		NO(true_up_months(str_from(none[i]), &first, &last));
}
