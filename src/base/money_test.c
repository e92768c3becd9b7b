/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"
#include "unit.h"

#include <stdlib.h>

TEST(every_currency_is_found_by_its_code_in_either_case)
{
	size_t count;
	const struct currency *list = currency_list(&count);

	OK(count > 150);
	for (size_t i = 0; i < count; i++) {
		char lower[4] = "";

		for (int k = 0; k < 3; k++)
			lower[k] = (char)(list[i].code[k] + 32);
		OK(currency_find(str_from(list[i].code)) == &list[i]);
		OK(currency_find(str_from(lower)) == &list[i]);
		OK(i == 0 || strcmp(list[i - 1].code, list[i].code) < 0);
	}
	NO(currency_find(STR("XXX")));
	NO(currency_find(STR("US")));
	NO(currency_find(STR("USDX")));
}

TEST(exponents_are_those_of_the_standard)
{
	EQ(currency_find(STR("USD"))->exponent, 2);
	EQ(currency_find(STR("JPY"))->exponent, 0);
	EQ(currency_find(STR("BHD"))->exponent, 3);
	EQ(currency_find(STR("CLF"))->exponent, 4);
	EQ(currency_find(STR("HUF"))->exponent, 2);
}

TEST(percentages_round_half_away_from_zero)
{
	static const struct {
		int64_t amount, rate, want;
	} cases[] = {
		{ 9900, 250000, 2475 },      { 50, 250000, 13 },     { -50, 250000, -13 },
		{ 49, 250000, 12 },          { 2475, 100000, 248 },  { 0, 250000, 0 },
		{ 1, 500000, 1 },            { 1, 499999, 0 },       { -1, 500000, -1 },
		{ MONEY_MAX_MINOR, PPM_ONE, MONEY_MAX_MINOR },
		{ MONEY_MAX_MINOR, 999999, MONEY_MAX_MINOR - MONEY_MAX_MINOR / PPM_ONE },
		{ INT64_MAX, PPM_ONE, INT64_MAX },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		EQ(money_percent(cases[i].amount, cases[i].rate), cases[i].want);
}

TEST(muldiv_is_exact_in_128_bits)
{
	EQ(money_muldiv(2475, 3300, 9900), 825);
	EQ(money_muldiv(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
	EQ(money_muldiv(INT64_MIN, 1, 1), INT64_MIN);
	EQ(money_muldiv(7, 1, 2), 4);
	EQ(money_muldiv(-7, 1, 2), -4);
	EQ(money_muldiv(INT64_MAX, 1, INT64_MAX), 1);
}

TEST(a_hundred_split_in_three_is_34_33_33)
{
	static const int64_t equal[] = { 1, 1, 1 };
	int64_t parts[3];

	money_allocate(100, equal, 3, parts);
	EQ(parts[0], 34);
	EQ(parts[1], 33);
	EQ(parts[2], 33);
	money_allocate(-101, equal, 3, parts);
	EQ(parts[0], -34);
	EQ(parts[1], -34);
	EQ(parts[2], -33);
}

TEST(parts_always_add_up_to_the_whole)
{
	uint64_t seed = 42;

	for (int round = 0; round < 20000; round++) {
		int64_t weights[7], parts[7], sum = 0, total;
		size_t count;

		for (size_t i = 0; i < LEN(weights); i++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			weights[i] = (int64_t)(seed >> 44) % (round % 5 ? 1000000 : 3);
		}
		weights[0]++;
		count = 1 + (size_t)(seed >> 60) % LEN(weights);
		total = (int64_t)(seed >> 14) % MONEY_MAX_MINOR * (round % 2 ? 1 : -1);
		money_allocate(total, weights, count, parts);
		for (size_t i = 0; i < count; i++)
			sum += parts[i];
		EQ(sum, total);
	}
}

TEST(amounts_are_read_exactly_or_refused)
{
	static const struct {
		const char *text, *currency;
		int64_t want;
	} good[] = {
		{ "1234.5", "USD", 123450 }, { "0.01", "USD", 1 },    { "-8.25", "USD", -825 },
		{ "500", "JPY", 500 },       { "1.234", "BHD", 1234 }, { "99.00", "USD", 9900 },
		{ "10000000000000", "USD", MONEY_MAX_MINOR },
	};
	static const struct {
		const char *text, *currency;
	} bad[] = {
		{ "", "USD" },      { "1.", "USD" },     { ".5", "USD" },   { "1.234", "USD" },
		{ "1.0", "JPY" },   { " 1", "USD" },     { "1 ", "USD" },   { "1,000", "USD" },
		{ "1e3", "USD" },   { "+1", "USD" },     { "--1", "USD" },  { "-", "USD" },
		{ "1.2.3", "USD" }, { "0x10", "USD" },   { "10000000000000.01", "USD" },
		{ "99999999999999999999", "USD" },
	};
	int64_t got;

	for (size_t i = 0; i < LEN(good); i++) {
		const struct currency *cur = currency_find(str_from(good[i].currency));

		OK(money_parse(str_from(good[i].text), cur, &got));
		EQ(got, good[i].want);
	}
	for (size_t i = 0; i < LEN(bad); i++)
		NO(money_parse(str_from(bad[i].text),
		                         currency_find(str_from(bad[i].currency)), &got));
}

TEST(amounts_are_written_for_machines_and_for_people)
{
	const struct currency *usd = currency_find(STR("USD")), *jpy = currency_find(STR("JPY"));

	EQ_STR(money_plain(c->arena, 123450, usd).p, "1234.50");
	EQ_STR(money_plain(c->arena, -5, usd).p, "-0.05");
	EQ_STR(money_plain(c->arena, 0, jpy).p, "0");
	EQ_STR(money_text(c->arena, 123450, usd).p, "1,234.50 USD");
	EQ_STR(money_text(c->arena, -123456789, jpy).p, "-123,456,789 JPY");
	EQ_STR(money_text(c->arena, 99999, usd).p, "999.99 USD");
	EQ_STR(money_text(c->arena, 1234, currency_find(STR("BHD"))).p, "1.234 BHD");
	EQ_STR(money_plain(c->arena, INT64_MIN, usd).p, "-92233720368547758.08");
}

TEST(percentages_have_at_most_four_decimals)
{
	static const char *const texts[] = { "25", "12.5", "0.0001", "100", "33.3333", "-1.5",
	                                     "0" };
	int64_t ppm;

	for (size_t i = 0; i < LEN(texts); i++) {
		OK(percent_parse(str_from(texts[i]), &ppm));
		EQ_STR(percent_text(c->arena, ppm).p, texts[i]);
	}
	OK(percent_parse(STR("12.5"), &ppm));
	EQ(ppm, 125000);
	NO(percent_parse(STR("0.00001"), &ppm));
	NO(percent_parse(STR("25%"), &ppm));
	NO(percent_parse(STR(""), &ppm));
}
