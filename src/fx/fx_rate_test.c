/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_rate.h"
#include "base/clock.h"
#include "db/fixture.h"
#include "fx/fx_job.h"

static int64_t jan(int day)
{
	return date_to_days((struct date){ 2026, 1, day });
}

static struct fx_stored load(struct ctx *c, struct store *s, const char *path)
{
	struct ecb_rates rates;
	struct fx_stored stored;

	OK(ecb_parse(c, unit_file(c, path), &rates));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &rates, &stored));
	OK(fixture_commit(c, s));
	return stored;
}

static struct fx find(struct ctx *c, const char *from, const char *to, int64_t day)
{
	struct fx fx;

	OK(fx_rate_find(c, currency_find(str_from(from)), currency_find(str_from(to)), day, &fx));
	return fx;
}

STORE_TEST(the_last_day_on_or_before_counts_over_weekends_and_holidays)
{
	struct fx fx;

	EQ(load(c, s, "tests/cases/fx/history.xml").added, 12);
	OK(fixture_read(c, s, 0));
	fx = find(c, "EUR", "USD", jan(9));
	EQ(fx.day, jan(9));
	EQ(fx.from_rate, FX_SCALE);
	EQ(fx.to_rate, 120000000);
	for (int day = 10; day <= 12; day++)
		EQ(find(c, "USD", "EUR", jan(day)).day, jan(9));
	EQ(find(c, "USD", "EUR", jan(13)).day, jan(13));
	EQ(find(c, "USD", "EUR", jan(31)).day, jan(14));
	OK(find(c, "USD", "EUR", jan(8)).from == NULL);
	fixture_rollback(c, s);
}

STORE_TEST(a_cross_rate_takes_both_from_the_last_day_that_has_both)
{
	struct fx fx;

	load(c, s, "tests/cases/fx/history.xml");
	OK(fixture_read(c, s, 0));
	fx = find(c, "JPY", "USD", jan(13));
	EQ(fx.day, jan(13));
	EQ(fx.from_rate, 16100000000);
	EQ(fx.to_rate, 110000000);
	fx = find(c, "BGN", "USD", jan(14));
	EQ(fx.day, jan(9));
	EQ(fx.to_rate, 120000000);
	OK(find(c, "GBP", "BGN", jan(14)).from == NULL);
	OK(find(c, "CHF", "USD", jan(14)).from == NULL);
	fx = find(c, "CHF", "CHF", jan(1));
	EQ(fx.from_rate, FX_SCALE);
	EQ(fx.to_rate, FX_SCALE);
	FAILS(fx_rate_missing(c, "currency", currency_find(STR("CHF")), jan(14)), ERR_NOT_FOUND,
	      "currency");
	fixture_rollback(c, s);
}

STORE_TEST(nothing_is_stored_twice_and_what_is_stored_stays)
{
	struct ecb_rates other;
	struct fx_stored stored;
	struct fx_span span;

	load(c, s, "tests/cases/fx/history.xml");
	stored = load(c, s, "tests/cases/fx/history.xml");
	EQ(stored.added, 0);
	EQ(stored.known, 12);
	EQ(stored.different, 0);
	EQ(load(c, s, "tests/cases/fx/daily.xml").added, 5);
	OK(ecb_parse(c, STR("<Envelope><Cube><Cube time='2026-01-14'><Cube currency='USD' rate='9'/>"
	                    "<Cube currency='CHF' rate='0.93'/></Cube></Cube></Envelope>"), &other));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &other, &stored));
	EQ(stored.added, 1);
	EQ(stored.known, 2);
	EQ(stored.different, 1);
	EQ(find(c, "EUR", "USD", jan(14)).to_rate, 108000000);
	EQ(find(c, "EUR", "CHF", jan(14)).to_rate, 93000000);
	OK(fx_rate_span(c, &span));
	EQ(span.days, 4);
	EQ(span.first, jan(9));
	EQ(span.last, jan(15));
	OK(fixture_commit(c, s));
	EQ(fx_rate_last_seen(), jan(15));
}

STORE_TEST(the_rates_of_a_day_are_listed_by_currency)
{
	struct list rates;
	const struct fx_rate *r;

	load(c, s, "tests/cases/fx/history.xml");
	OK(fixture_read(c, s, 0));
	OK(fx_rate_of_day(c, STR(""), jan(12), &rates));
	r = rates.items;
	EQ(rates.count, 4);
	EQ_STR(r[0].currency, "BGN");
	EQ_STR(r[3].currency, "USD");
	EQ(r[3].day, jan(9));
	OK(fx_rate_of_day(c, STR("GBP"), jan(30), &rates));
	r = rates.items;
	EQ(rates.count, 1);
	EQ(r->day, jan(14));
	EQ(r->rate, 84000000);
	OK(fx_rate_of_day(c, STR("GBP"), jan(12), &rates));
	EQ(rates.count, 0);
	OK(fx_rate_of_day(c, STR(""), jan(1), &rates));
	EQ(rates.count, 0);
	fixture_rollback(c, s);
}

static struct fx_stored publish(struct ctx *c, struct store *s, const int64_t *days, size_t count)
{
	struct ecb_rates rates;
	struct fx_stored stored;
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, "<Envelope><Cube>");
	for (size_t i = 0; i < count; i++)
		buf_printf(&b, "<Cube time='%.*s'><Cube currency='USD' rate='1.1'/></Cube>",
		           STR_ARG(fx_day_text(c->arena, days[i])));
	buf_puts(&b, "</Cube></Envelope>");
	OK(ecb_parse(c, buf_text(&b), &rates));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &rates, &stored));
	OK(fixture_commit(c, s));
	return stored;
}

STORE_TEST(a_fortnight_without_rates_is_noticed_and_a_long_weekend_is_not)
{
	int64_t start = date_to_days((struct date){ 2025, 11, 2 });
	const int64_t days[] = { start, start + 7, start + 10, start + 25 };
	const int64_t earlier[] = { start - 30 };
	struct fx_gap gap;

	publish(c, s, days, 2);
	OK(fixture_read(c, s, 0));
	OK(fx_gap_find(c, &gap));
	EQ(gap.count, 0);
	fixture_rollback(c, s);

	publish(c, s, days, LEN(days));
	OK(fixture_read(c, s, 0));
	OK(fx_gap_find(c, &gap));
	EQ_STR(fx_gap_text(c->arena, &gap), "no exchange rates from 2025-11-13 to 2025-11-26");
	fixture_rollback(c, s);

	publish(c, s, earlier, 1);
	OK(fixture_read(c, s, 0));
	OK(fx_gap_find(c, &gap));
	EQ_STR(fx_gap_text(c->arena, &gap),
	       "no exchange rates from 2025-11-13 to 2025-11-26, nor in 1 other gap");
	fixture_rollback(c, s);
}

TEST(a_gap_in_between_asks_for_the_file_that_reaches_back_to_it)
{
	struct fx_gap gap = { 1, jan(2), jan(20) }, two = { 2, jan(2), jan(20) };
	int64_t soon = jan(30) * MS_PER_DAY, late = jan(120) * MS_PER_DAY;

	EQ(fx_file_closing(&(struct fx_gap){ 0 }, soon), FX_NONE);
	EQ(fx_file_closing(&gap, soon), FX_90_DAYS);
	EQ(fx_file_closing(&gap, late), FX_HISTORY);
	EQ(fx_file_closing(&two, soon), FX_HISTORY);
}

static enum fx_file wanted(int64_t days, int64_t last, int64_t today, int hour)
{
	struct fx_span span = { days, last - days, last };

	return fx_file_wanted(&span, today * MS_PER_DAY + hour * 3600000);
}

TEST(the_smallest_file_that_closes_the_gap_is_fetched)
{
	EQ(wanted(0, 0, jan(15), 12), FX_HISTORY);
	EQ(wanted(100, jan(14), jan(15), 20), FX_HISTORY);    /* the history was never there */
	EQ(wanted(6000, jan(14), jan(15), 12), FX_NONE);      /* Thursday's are not out yet */
	EQ(wanted(6000, jan(14), jan(15), 16), FX_DAILY);
	EQ(wanted(6000, jan(15), jan(15), 16), FX_NONE);
	EQ(wanted(6000, jan(16), jan(18), 16), FX_NONE);      /* Sunday */
	EQ(wanted(6000, jan(16), jan(19), 16), FX_DAILY);     /* Monday */
	EQ(wanted(6000, jan(15), jan(18), 16), FX_DAILY);     /* Friday is missing */
	EQ(wanted(6000, jan(15), jan(19), 16), FX_90_DAYS);
	EQ(wanted(6000, jan(1), jan(31), 16), FX_90_DAYS);
	EQ(wanted(6000, jan(1) - 100, jan(15), 16), FX_HISTORY);
}
