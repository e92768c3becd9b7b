/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"
#include "event/scene.h"

#define CENTS_A_SALE 10000

static bool fold_all(struct ctx *c)
{
	bool more = true;

	while (more)
		if (!report_fold(c, &more))
			return false;
	return true;
}

static const struct report_sum *now_of(struct ctx *c, struct report *r, int64_t partner_id)
{
	OK(report_read(c, partner_id, r));
	return &report_of(r, STR("USD"))->now;
}

STORE_TEST(figures_are_the_same_before_and_after_folding)
{
	const struct report_sum *sum;
	struct recorded done;
	struct scene scene;
	struct report r;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "a", CENTS_A_SALE, &done));
	OK(scene_sale(c, &scene, "b", CENTS_A_SALE, &done));
	for (int folded = 0; folded <= 1; folded++) {
		sum = now_of(c, &r, 0);
		EQ(sum->revenue, 2 * CENTS_A_SALE);
		EQ(sum->sales, 2);
		EQ(sum->commission, CENTS_A_SALE / 2);
		EQ(r.partners_now, 1);
		EQ(r.partners_before, 0);
		OK(fold_all(c));
	}
	OK(scene_close(c, s));
}

STORE_TEST(what_comes_after_folding_is_added)
{
	const struct report_sum *sum;
	struct recorded done;
	struct scene scene;
	struct report r;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "a", CENTS_A_SALE, &done));
	OK(fold_all(c));
	OK(scene_sale(c, &scene, "b", CENTS_A_SALE, &done));
	OK(scene_refund(c, "ra", "a", CENTS_A_SALE / 2, &done));
	for (int folded = 0; folded <= 1; folded++) {
		sum = now_of(c, &r, scene.partner_id);
		EQ(sum->revenue, 2 * CENTS_A_SALE);
		OK(sum->commission < CENTS_A_SALE / 2);
		EQ(now_of(c, &r, 0)->commission, sum->commission);
		EQ(now_of(c, &r, scene.partner_id + 1)->revenue, 0);
		OK(fold_all(c));
	}
	OK(scene_close(c, s));
}

STORE_TEST(who_earned_the_most_comes_first)
{
	struct recorded done;
	struct scene scene;
	struct rows top;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "a", CENTS_A_SALE, &done));
	OK(fold_all(c));
	OK(report_top(c, STR("USD"), 5, &top));
	EQ(top.count, 1);
	EQ(rows_int(&top, 0, 0), scene.partner_id);
	EQ(rows_int(&top, 0, 2), CENTS_A_SALE / 4);
	OK(report_top(c, STR("EUR"), 5, &top));
	EQ(top.count, 0);
	OK(scene_close(c, s));
}

STORE_TEST(sixty_days_ago_is_forgotten)
{
	struct recorded done;
	struct scene scene;
	struct report r;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(scene_sale(c, &scene, "a", CENTS_A_SALE, &done));
	OK(fold_all(c));
	c->now_ms += 31 * MS_PER_DAY;
	EQ(now_of(c, &r, 0)->sales, 0);
	EQ(report_of(&r, STR("USD"))->before.sales, 1);
	c->now_ms += 31 * MS_PER_DAY;
	OK(report_read(c, 0, &r));
	EQ(report_of(&r, STR("USD"))->before.sales, 0);
	OK(scene_close(c, s));
}
