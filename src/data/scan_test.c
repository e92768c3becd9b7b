/* SPDX-License-Identifier: Apache-2.0 */
#include "data/scan.h"

#include "unit.h"

TEST(whole_numbers_of_64_bits_are_scanned_and_no_others)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{ "0", 0 },
		{ "-7", -7 },
		{ "999999999999999999", 999999999999999999 },
		{ "1000000000000000000", 1000000000000000000 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775807", -INT64_MAX },
	};
	static const char *const bad[] = { "", "-", "x", "9223372036854775808",
		                           "18446744073709551616", "99999999999999999999999" };
	int64_t value;

	for (size_t i = 0; i < LEN(good); i++) {
		struct str text = str_from(good[i].text);
		struct scan s = { text.p, text.p + text.n, NULL };

		OK(scan_int(&s, &value) && s.p == s.end);
		EQ(value, good[i].value);
	}
	for (size_t i = 0; i < LEN(bad); i++) {
		struct str text = str_from(bad[i]);
		struct scan s = { text.p, text.p + text.n, NULL };

		if (scan_int(&s, &value))
			FAIL("\"%s\" was read as a number", bad[i]);
	}
}

TEST(a_number_ends_where_its_digits_end)
{
	struct str text = STR("12,-3]");
	struct scan s = { text.p, text.p + text.n, NULL };
	int64_t value;

	OK(scan_int(&s, &value) && value == 12);
	OK(scan_word(&s, STR(",")) && scan_int(&s, &value) && value == -3);
	NO(scan_word(&s, STR("],")));
	OK(scan_word(&s, STR("]")) && s.p == s.end);
	NO(scan_int(&s, &value));
}
