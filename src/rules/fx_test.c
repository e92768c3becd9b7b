/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fx.h"

#include "unit.h"

static int64_t rate(struct ctx *c, const char *text)
{
	int64_t r = 0;

	OK(fx_rate_parse(str_from(text), &r));
	return r;
}

TEST(rates_are_read_exactly_or_refused)
{
	static const char *const bad[] = { "", "0", "0.0", "-1", "1.", ".5", "1,5", "1e3",
		                           "1.123456789", "1000000000", "1.2.3", " 1" };
	int64_t r;

	EQ(rate(c, "1"), FX_SCALE);
	EQ(rate(c, "1.0876"), 108760000);
	EQ(rate(c, "17523.45"), 1752345000000);
	EQ(rate(c, "0.00000001"), 1);
	for (size_t i = 0; i < LEN(bad); i++)
		NO(fx_rate_parse(str_from(bad[i]), &r));
}

TEST(rates_are_written_as_the_bank_wrote_them)
{
	static const char *const texts[] = { "1", "1.0876", "17523.45", "0.84335", "160",
		                             "0.00000001", "999999999.99999999" };
	struct buf b;

	for (size_t i = 0; i < LEN(texts); i++) {
		buf_init(&b, c->arena);
		fx_rate_put(&b, rate(c, texts[i]));
		EQ_STR(buf_text(&b), texts[i]);
	}
}

static int64_t convert(struct ctx *c, int64_t amount, const char *from, const char *to,
                       const char *const rates[2])
{
	struct fx fx = { currency_find(str_from(from)), currency_find(str_from(to)),
		         rate(c, rates[0]), rate(c, rates[1]), 0 };
	int64_t out = -1;

	OK(fx_convert(&fx, amount, &out));
	return out;
}

TEST(cross_rates_go_through_the_euro_with_one_rounding)
{
	static const char *const eur_usd[] = { "1", "1.08" }, *const usd_eur[] = { "1.08", "1" };
	static const char *const usd_jpy[] = { "1.08", "160" }, *const jpy_usd[] = { "160",
	                                                                             "1.08" };
	static const char *const bhd_usd[] = { "0.4071", "1.08" }, *const same[] = { "1.1", "1.1" };
	static const char *const half[] = { "1", "1.5", "1" };

	EQ(convert(c, 9900, "EUR", "USD", eur_usd), 10692);
	EQ(convert(c, 9900, "USD", "EUR", usd_eur), 9167);
	EQ(convert(c, 9900, "USD", "JPY", usd_jpy), 14667);
	EQ(convert(c, 10000, "JPY", "USD", jpy_usd), 6750);
	EQ(convert(c, 1234567, "BHD", "USD", bhd_usd), 327520);
	EQ(convert(c, -9900, "USD", "EUR", usd_eur), -9167);
	EQ(convert(c, 123456789, "USD", "USD", same), 123456789);
	EQ(convert(c, 1, "USD", "EUR", usd_eur), 1);
	EQ(convert(c, 0, "USD", "EUR", usd_eur), 0);
	EQ(convert(c, 1, "EUR", "USD", half), 2);
	EQ(convert(c, -1, "EUR", "USD", half), -2);
	EQ(convert(c, 2, "USD", "EUR", half + 1), 1);
}

TEST(what_does_not_fit_is_said_and_not_cut)
{
	struct fx fx = { currency_find(STR("KWD")), currency_find(STR("IDR")), 33000000,
		         1752345000000, 0 };
	int64_t out = 7;

	NO(fx_convert(&fx, MONEY_MAX_MINOR, &out));
	EQ(out, 7);
	NO(fx_convert(&fx, -MONEY_MAX_MINOR, &out));
	NO(fx_convert(&fx, MONEY_MAX_MINOR + 1, &out));
	NO(fx_convert(&fx, -MONEY_MAX_MINOR - 1, &out));
	EQ(out, 7);
}
