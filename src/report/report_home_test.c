/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_home.h"
#include "base/clock.h"
#include "event/scene.h"

/* 1 EUR is 1.08 USD and 160 JPY since the day before the tests' day. */
static void publish(struct ctx *c, struct store *s)
{
	struct ecb_rates rates;
	struct fx_stored stored;

	OK(ecb_parse(c, unit_file(c, "tests/cases/fx/history.xml"), &rates));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &rates, &stored));
	OK(fixture_commit(c, s));
}

static bool sale(struct ctx *c, const struct scene *s, const char *id, int64_t amount,
                 const char *currency)
{
	struct recorded done;
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .partner_id = s->partner_id,
		           .customer_id = arena_printf(c->arena, "cus-%s", id),
		           .amount = amount,
		           .currency = str_from(currency),
		           .source = STR("test") };

	return event_record(c, &t, &done);
}

STORE_TEST(a_report_of_several_currencies_is_one_sum_in_the_organisations)
{
	struct report_currency home;
	struct scene scene;
	struct report r;
	struct fx_sum sum;
	struct list best;
	const struct report_best *b;

	publish(c, s);
	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(sale(c, &scene, "a", 10000, "USD"));
	OK(sale(c, &scene, "b", 10000, "EUR"));
	OK(sale(c, &scene, "c", 1000, "JPY"));
	OK(sale(c, &scene, "d", 500, "CHF"));
	OK(report_read(c, 0, &r));
	OK(report_home(c, &r, STR("USD"), &sum, &home));
	EQ_STR(home.code, "USD");
	EQ(home.now.revenue, 10000 + 10800 + 675);
	EQ(home.now.commission, 2500 + 2700 + 169);
	EQ(home.now.sales, 4);
	EQ(home.before.revenue, 0);
	EQ(sum.day, date_to_days((struct date){ 2026, 1, 14 }));
	OK(sum.incomplete);
	OK(report_home_top(c, &r, &sum, 5, &best));
	b = best.items;
	EQ(best.count, 1);
	EQ(b->partner_id, scene.partner_id);
	EQ(b->revenue, home.now.revenue);
	EQ(b->commission, home.now.commission);
	EQ(b->sales, 4);
	OK(scene_close(c, s));
}

STORE_TEST(without_any_rate_the_currency_with_the_most_stands_alone)
{
	struct report_currency home;
	struct scene scene;
	struct report r;
	struct fx_sum sum;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(sale(c, &scene, "b", 10000, "EUR"));
	OK(sale(c, &scene, "d", 500, "CHF"));
	OK(report_read(c, 0, &r));
	OK(report_home(c, &r, STR("USD"), &sum, &home));
	EQ_STR(home.code, "EUR");
	EQ(home.now.revenue, 10000);
	EQ(sum.day, 0);
	OK(sum.incomplete);
	OK(scene_close(c, s));
}

STORE_TEST(one_currency_needs_no_rates)
{
	struct report_currency home;
	struct scene scene;
	struct report r;
	struct fx_sum sum;
	struct list best;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	OK(sale(c, &scene, "a", 10000, "USD"));
	OK(report_read(c, 0, &r));
	OK(report_home(c, &r, STR("USD"), &sum, &home));
	EQ(home.now.revenue, 10000);
	EQ(sum.day, 0);
	NO(sum.incomplete);
	OK(report_home_top(c, &r, &sum, 5, &best));
	EQ(best.count, 1);
	EQ(((const struct report_best *)best.items)->commission, 2500);
	OK(scene_close(c, s));
}
