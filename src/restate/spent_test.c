/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/spent.h"

#include "base/check.h"
#include "restate/stand.h"
#include "restate/trial.h"

#define CAPPED TRIAL_CAP("25", "customer", "lifetime", "30000")

/* So many sales of 100.00 to one customer, and one to each of as many others. */
static void sell_many(struct ctx *c, const struct scene *scene, int from, int to)
{
	for (int i = from; i < to; i++) {
		trial_buy(c, scene->partner_id, arena_printf(c->arena, "s%d", i).p, "joe");
		trial_buy(c, scene->partner_id, arena_printf(c->arena, "o%d", i).p,
		          arena_printf(c->arena, "other%d", i).p);
	}
}

static void leave(struct ctx *c, const char *id, const char *customer)
{
	struct track t = { .type = EVENT_CHURN, .external_id = str_from(id),
		           .customer_id = str_from(customer), .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

/* How many events a preview, and then an audit, look at. */
static int64_t count_preview(struct ctx *c, const struct scene *scene)
{
	int64_t before = spent_looks();

	trial_preview(c, scene->campaign_id, CAPPED);
	return spent_looks() - before;
}

static int64_t count_audit(struct ctx *c)
{
	int64_t before = spent_looks();

	trial_proves(c);
	return spent_looks() - before;
}

/* All of joe's but the last: nobody asks for what that one leaves. */
STORE_TEST(each_event_of_a_customer_is_looked_at_once_however_many_there_are)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	sell_many(c, &scene, 0, 20);
	EQ(count_preview(c, &scene), 19);
	EQ(count_audit(c), 19);
	sell_many(c, &scene, 20, 80);
	EQ(count_preview(c, &scene), 79);
	EQ(count_audit(c), 19 + 79);
	r = trial_post(c, scene.campaign_id, CAPPED);
	/* 300.00 of joe's 80 sales, and 25.00 of each of the others */
	EQ(trial_owed(c, scene.partner_id), 30000 + 80 * 2500);
	EQ(trial_line_of(c, &r, scene.partner_id).posted, 30000 + 80 * 2500 - 160 * 2000);
	OK(scene_close(c, s));
}

/* A refund between two sales, one of the sale before it, a rejection, and two times of leaving. */
STORE_TEST(what_is_told_of_an_event_has_it_looked_at_once_more)
{
	struct commission m;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PERCENT("20", ",\"clawback\":{\"on_churn\":\"full\"}")));
	sell_many(c, &scene, 0, 10);
	trial_refund(c, "r3", "s3", 5000);
	sell_many(c, &scene, 10, 11); /* 9, which was new, and 3 */
	m = trial_commission(c, "s5");
	OK(commission_reject(c, &m));
	sell_many(c, &scene, 11, 12); /* 10 and 5 */
	EQ(count_preview(c, &scene), 11 + 1 + 1);
	EQ(count_audit(c), 13);
	c->now_ms += MS_PER_DAY;
	leave(c, "gone", "joe"); /* all twelve are nothing now */
	c->now_ms += MS_PER_DAY;
	sell_many(c, &scene, 12, 14);
	c->now_ms += MS_PER_DAY;
	leave(c, "gone-again", "joe"); /* of two */
	c->now_ms += MS_PER_DAY;
	sell_many(c, &scene, 14, 15);
	/* the twelfth was new when joe left */
	EQ(count_preview(c, &scene), 13 + 12 + 1 + 2);
	EQ(count_audit(c), 13 + 28);
	trial_post(c, scene.campaign_id, CAPPED);
	trial_proves(c);
	OK(scene_close(c, s));
}

static const struct sql SQL_SALES = {
	.text = "SELECT id FROM event WHERE org_id = $1 AND type = 2 AND customer_id = $2 ORDER BY id",
};

/* What each sale was judged with, and the sum of all before it, one by one. */
static void compare(struct ctx *c, const struct restatement *r, int64_t customer_id)
{
	const struct terms *terms;
	struct rows rows;

	OK(restatement_terms(c, r, &terms));
	OK(db_query(c, &SQL_SALES, ARGS(val_int(customer_id)), &rows));
	OK(rows.count > 1);
	for (size_t i = 0; i < rows.count; i++) {
		struct spent_look at = { .run = r, .chosen = terms,
			                 .as_of_id = rows_int(&rows, i, 0) };
		int64_t sum = 0, left;
		struct inputs in;
		struct event e;

		OK(event_get(c, at.as_of_id, &e));
		if (!restatement_covers(r, &e))
			continue;
		for (size_t before = 0; before < i; before++) {
			at.event_id = rows_int(&rows, before, 0);
			OK(spent_look(c, &at, &left));
			sum += left;
		}
		OK(stand_read(c, r, at.as_of_id, terms->currency, &in));
		EQ(in.standing.cap_used[0], sum);
	}
}

/* Some of everything, also out of order; half of it before the run's time. */
STORE_TEST(what_was_left_is_the_sum_of_all_that_came_before)
{
	struct restatement_new in = { .terms = STR(CAPPED), .from = STR("2026-02-10"),
		                      .reason = STR("since then") };
	struct restatement r;
	struct commission m;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PERCENT("20", ",\"clawback\":{\"window_days\":50,"
	              "\"on_refund\":\"prorated\",\"on_churn\":\"prorated\"}")));
	trial_refund(c, "early", "s30", 2500);
	for (int i = 0; i < 40; i++) {
		const char *id = arena_printf(c->arena, "s%d", i).p;

		trial_buy(c, scene.partner_id, id, "joe");
		c->now_ms += MS_PER_DAY;
		if (i % 5 == 4)
			trial_refund(c, arena_printf(c->arena, "r%d", i).p,
			             arena_printf(c->arena, "s%d", i / 2).p, 1000 * (i % 3 + 1));
		if (i % 11 == 7)
			leave(c, arena_printf(c->arena, "gone%d", i).p, "joe");
		m = trial_commission(c, arena_printf(c->arena, "s%d", i * 2 / 3).p);
		if (i % 7 == 6 && m.status == COMMISSION_PENDING)
			OK(commission_reject(c, &m));
	}
	c->now_ms -= 20 * MS_PER_DAY;
	leave(c, "told late", "joe");
	c->now_ms += 21 * MS_PER_DAY;
	trial_buy(c, scene.partner_id, "last", "joe");
	OK(restatement_create(c, scene.campaign_id, &in, &r));
	trial_work(c);
	OK(restatement_get(c, r.id, &r));
	m = trial_commission(c, "last");
	compare(c, &r, m.customer_id);
	OK(restatement_approve(c, &r));
	trial_work(c);
	r = trial_preview(c, scene.campaign_id, CAPPED);
	compare(c, &r, m.customer_id);
	trial_proves(c);
	OK(scene_close(c, s));
}
