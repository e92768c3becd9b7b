/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"
#include "unit.h"

static int64_t key(const char *text)
{
	return digest_key(STR("sale"), str_from(text));
}

TEST(ids_that_count_are_neighbours)
{
	EQ(key("order-1042"), key("order-1041") + 1);
	EQ(key("order-10"), key("order-9") + 1);
	EQ(key("1000000"), key("1") + 999999);
	EQ(key("x999999999999999"), key("x1") + 999999999999998);
}

TEST(ids_that_differ_otherwise_are_strangers)
{
	static const char *const texts[] = { "", "0", "00", "7", "07", "007", "order-7", "order-07",
		"order-7 ", "order-7a", "1order-7", "order--7", "x9999999999999991", "x9999999999999990" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t j = 0; j < i; j++)
			OK(key(texts[i]) != key(texts[j]));
	OK(digest_key(STR("lead"), STR("order-7")) != key("order-7"));
}

TEST(a_key_is_positive)
{
	char text[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "%d-order-%d", i, i);
		OK(key(text) > 0);
	}
}

TEST(keys_of_many_texts_are_those_of_each)
{
	static const char *const texts[] = {
		"", "7", "order-7", "order-8", "order-8", "order-", "order-x", "order-9", "e1", "e20",
		"a text that is longer than what is remembered of the one before: 70000000000000001",
		"a text that is longer than what is remembered of the one before: 70000000000000002",
		"e21",
	};
	static const char *const kinds[] = { "sale", "sale", "lead" };
	struct digest_before before = { 0 };

	for (size_t i = 0; i < 3 * sizeof(texts) / sizeof(texts[0]); i++) {
		struct str text = str_from(texts[i / 3]), kind = str_from(kinds[i % 3]);

		EQ(digest_key_next(&before, kind, text), digest_key(kind, text));
	}
}
