/* SPDX-License-Identifier: Apache-2.0 */
#include "report/recent.h"
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

static const char *text(struct ctx *c, const char *letter, int number)
{
	return arena_printf(c->arena, "%s%d", letter, number).p;
}

/* The sums that are kept of 30 days are those of their days. */
static void check_recent(struct ctx *c)
{
	static const struct sql differ = {
		.text = "SELECT d.partner_id, d.revenue, d.sales, d.commission, d.commission_before"
		        " FROM (SELECT partner_id, currency,"
		        " SUM(CASE WHEN day >= $3 THEN revenue ELSE 0 END) AS revenue,"
		        " SUM(CASE WHEN day >= $3 THEN sales ELSE 0 END) AS sales,"
		        " SUM(CASE WHEN day >= $3 THEN commission ELSE 0 END) AS commission,"
		        " SUM(CASE WHEN day < $3 THEN commission ELSE 0 END) AS commission_before"
		        " FROM report_day WHERE org_id = $1 AND day >= $2 AND partner_id <> 0"
		        " AND currency <> '' GROUP BY partner_id, currency) d"
		        " LEFT JOIN report_recent r ON r.org_id = $1 AND r.partner_id = d.partner_id"
		        " AND r.currency = d.currency WHERE NOT (d.revenue = COALESCE(r.revenue, 0)"
		        " AND d.sales = COALESCE(r.sales, 0)"
		        " AND d.commission = COALESCE(r.commission, 0)"
		        " AND d.commission_before = COALESCE(r.commission_before, 0))",
	};
	struct rows rows;
	struct span span;

	OK(span_read(c, &span));
	EQ(span.recent_day, span.half_day + REPORT_DAYS - 1);
	OK(db_query(c, &differ, ARGS(val_int(span.first_day), val_int(span.half_day)), &rows));
	EQ(rows.count, 0);
}

static const struct sql SQL_CLICKS = {
	.text = "INSERT INTO click_daily"
	        " (org_id, day, link_id, partner_id, campaign_id, clicks, bots)"
	        " VALUES ($1, $2, 0, $3, 0, $4, 0)",
};

STORE_TEST(clicks_that_arrive_days_late_are_counted)
{
	struct scene scene;
	struct report r;
	int64_t day;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	day = c->now_ms / MS_PER_DAY - 10;
	OK(fold_all(c));
	OK(db_exec(c, &SQL_CLICKS, ARGS(val_int(day), val_int(0), val_int(7))));
	OK(db_exec(c, &SQL_CLICKS, ARGS(val_int(day), val_int(scene.partner_id), val_int(4))));
	for (int folded = 0; folded <= 1; folded++) {
		OK(report_read(c, 0, &r));
		EQ(r.clicks_now, 7);
		OK(report_read(c, scene.partner_id, &r));
		EQ(r.clicks_now, 4);
		EQ(r.clicks_before, 0);
		OK(fold_all(c));
	}
	OK(scene_close(c, s));
}

STORE_TEST(what_is_kept_of_thirty_days_is_the_sum_of_the_days)
{
	struct recorded done;
	struct scene scene;
	struct report r;
	struct rows rows;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	for (int i = 0; i < 40; i++) {
		const char *id = text(c, "s", i);

		OK(scene_sale(c, &scene, id, CENTS_A_SALE + i, &done));
		if (i % 5 == 4)
			OK(scene_refund(c, text(c, "r", i), text(c, "s", i - 3), 0, &done));
		if (i % 2) {
			OK(fold_all(c));
			check_recent(c);
		}
		c->now_ms += (i % 7) * MS_PER_DAY;
	}
	c->now_ms += 31 * MS_PER_DAY;
	OK(fold_all(c));
	check_recent(c);
	OK(report_read(c, 0, &r));
	EQ(r.partners_now, 0);
	EQ(r.partners_before, 1);
	c->now_ms += 30 * MS_PER_DAY;
	OK(fold_all(c));
	OK(report_read(c, 0, &r));
	EQ(r.partners_before, 0);
	OK(report_partner(c, scene.partner_id, &rows));
	EQ(rows.count, 0);
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
