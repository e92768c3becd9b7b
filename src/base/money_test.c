/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"
#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void every_currency_is_found_by_its_code_in_either_case(void **state)
{
	size_t count;
	const struct currency *list = currency_list(&count);

	(void)state;
	assert_true(count > 150);
	for (size_t i = 0; i < count; i++) {
		char lower[4] = "";

		for (int k = 0; k < 3; k++)
			lower[k] = (char)(list[i].code[k] + 32);
		assert_ptr_equal(currency_find(str_from(list[i].code)), &list[i]);
		assert_ptr_equal(currency_find(str_from(lower)), &list[i]);
		assert_true(i == 0 || strcmp(list[i - 1].code, list[i].code) < 0);
	}
	assert_null(currency_find(STR("XXX")));
	assert_null(currency_find(STR("US")));
	assert_null(currency_find(STR("USDX")));
}

static void exponents_are_those_of_the_standard(void **state)
{
	(void)state;
	assert_int_equal(currency_find(STR("USD"))->exponent, 2);
	assert_int_equal(currency_find(STR("JPY"))->exponent, 0);
	assert_int_equal(currency_find(STR("BHD"))->exponent, 3);
	assert_int_equal(currency_find(STR("CLF"))->exponent, 4);
	assert_int_equal(currency_find(STR("HUF"))->exponent, 2);
}

static void percentages_round_half_away_from_zero(void **state)
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

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_int_equal(money_percent(cases[i].amount, cases[i].rate), cases[i].want);
}

static void muldiv_is_exact_in_128_bits(void **state)
{
	(void)state;
	assert_int_equal(money_muldiv(2475, 3300, 9900), 825);
	assert_int_equal(money_muldiv(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
	assert_int_equal(money_muldiv(INT64_MIN, 1, 1), INT64_MIN);
	assert_int_equal(money_muldiv(7, 1, 2), 4);
	assert_int_equal(money_muldiv(-7, 1, 2), -4);
	assert_int_equal(money_muldiv(INT64_MAX, 1, INT64_MAX), 1);
}

static void a_hundred_split_in_three_is_34_33_33(void **state)
{
	static const int64_t equal[] = { 1, 1, 1 };
	int64_t parts[3];

	(void)state;
	money_allocate(100, equal, 3, parts);
	assert_int_equal(parts[0], 34);
	assert_int_equal(parts[1], 33);
	assert_int_equal(parts[2], 33);
	money_allocate(-101, equal, 3, parts);
	assert_int_equal(parts[0], -34);
	assert_int_equal(parts[1], -34);
	assert_int_equal(parts[2], -33);
}

static void parts_always_add_up_to_the_whole(void **state)
{
	uint64_t seed = 42;

	(void)state;
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
		assert_int_equal(sum, total);
	}
}

static void amounts_are_read_exactly_or_refused(void **state)
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

	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		const struct currency *cur = currency_find(str_from(good[i].currency));

		assert_true(money_parse(str_from(good[i].text), cur, &got));
		assert_int_equal(got, good[i].want);
	}
	for (size_t i = 0; i < LEN(bad); i++)
		assert_false(money_parse(str_from(bad[i].text),
		                         currency_find(str_from(bad[i].currency)), &got));
}

static void amounts_are_written_for_machines_and_for_people(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	const struct currency *usd = currency_find(STR("USD")), *jpy = currency_find(STR("JPY"));

	assert_string_equal(money_plain(&a, 123450, usd).p, "1234.50");
	assert_string_equal(money_plain(&a, -5, usd).p, "-0.05");
	assert_string_equal(money_plain(&a, 0, jpy).p, "0");
	assert_string_equal(money_text(&a, 123450, usd).p, "1,234.50 USD");
	assert_string_equal(money_text(&a, -123456789, jpy).p, "-123,456,789 JPY");
	assert_string_equal(money_text(&a, 99999, usd).p, "999.99 USD");
	assert_string_equal(money_text(&a, 1234, currency_find(STR("BHD"))).p, "1.234 BHD");
	assert_string_equal(money_plain(&a, INT64_MIN, usd).p, "-92233720368547758.08");
	arena_release(&a);
}

static void percentages_have_at_most_four_decimals(void **state)
{
	static const char *const texts[] = { "25", "12.5", "0.0001", "100", "33.3333", "-1.5", "0" };
	struct arena a;
	int64_t ppm;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < LEN(texts); i++) {
		assert_true(percent_parse(str_from(texts[i]), &ppm));
		assert_string_equal(percent_text(&a, ppm).p, texts[i]);
	}
	assert_true(percent_parse(STR("12.5"), &ppm));
	assert_int_equal(ppm, 125000);
	assert_false(percent_parse(STR("0.00001"), &ppm));
	assert_false(percent_parse(STR("25%"), &ppm));
	assert_false(percent_parse(STR(""), &ppm));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_currency_is_found_by_its_code_in_either_case),
		cmocka_unit_test(exponents_are_those_of_the_standard),
		cmocka_unit_test(percentages_round_half_away_from_zero),
		cmocka_unit_test(muldiv_is_exact_in_128_bits),
		cmocka_unit_test(a_hundred_split_in_three_is_34_33_33),
		cmocka_unit_test(parts_always_add_up_to_the_whole),
		cmocka_unit_test(amounts_are_read_exactly_or_refused),
		cmocka_unit_test(amounts_are_written_for_machines_and_for_people),
		cmocka_unit_test(percentages_have_at_most_four_decimals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
