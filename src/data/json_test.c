/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json.h"
#include "unit.h"

static json_t *read_ok(struct ctx *c, const char *text)
{
	json_t *value = NULL;

	OK(json_read(c, str_from(text), &value));
	return value;
}

static void refuse(struct ctx *c, struct str text, const char *field)
{
	json_t *value = NULL;

	FAILS(json_read(c, text, &value), ERR_MALFORMED, field);
	OK(value == NULL);
}

#define REFUSE(text, field) refuse(c, STR(text), field)

TEST(json_that_is_wrong_is_refused_with_its_place)
{
	REFUSE("", "");
	REFUSE("{", "");
	REFUSE("{\"a\":1,}", "a");
	REFUSE("{\"a\":1} x", "");
	REFUSE("{\"a\":1}{}", "");
	REFUSE("{\"a\":1,\"a\":2}", "a");
	REFUSE("{\"a\":{\"b\":[1,2,x]}}", "a/b/2");
	REFUSE("{\"a\":{\"b\":[1,2],\"c\":01}}", "a/c");
	REFUSE("{\"a\":\"\xFF\"}", "a");
	REFUSE("{\"a\":\"\xED\xA0\x80\"}", "a");
	REFUSE("{\"a\":\"x\\u0000y\"}", "a");
	REFUSE("{\"a\\u0000\":1}", "a\\u0000");
	REFUSE("{\"a\":\"x\0y\"}", "a");
	REFUSE("{\"a\":9223372036854775808}", "a");
	REFUSE("{\"a\":1e999}", "a");
	REFUSE("{\"a\":NaN}", "a");
	REFUSE("{\"a\":'b'}", "a");
	REFUSE("/* no */ {}", "");
	REFUSE("\"open", "");
	REFUSE("[\"\\", "0");
}

TEST(json_errors_name_line_and_column)
{
	json_t *value;

	NO(json_read(c, STR("{\n  \"a\": 1,\n  \"b\": x\n}"), &value));
	EQ_STR(c->err.field, "b");
	OK(strstr(c->err.msg, "line 3, column 8") != NULL);
}

TEST(json_may_be_nested_64_deep_and_no_deeper)
{
	char text[2 * (JSON_DEPTH_MAX + 1) + 1] = "";

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	read_ok(c, text);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	refuse(c, (struct str){ text, sizeof(text) - 1 }, "");
	read_ok(c, "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"");
}

TEST(json_integers_reach_both_ends_of_64_bits)
{
	const json_t *in = read_ok(c, "{\"low\":-9223372036854775808,\"high\":9223372036854775807}");
	int64_t low = 0, high = 0;

	OK(json_get_int(c, in, "low", MUST(0, 0), &low));
	OK(json_get_int(c, in, "high", MUST(0, 0), &high));
	OK(low == INT64_MIN && high == INT64_MAX);
}

TEST(json_reals_are_not_taken_for_integers)
{
	const json_t *in = read_ok(c, "{\"a\":1.5,\"b\":1.0,\"c\":1e2,\"d\":\"1\",\"e\":true}");
	int64_t n = 77;

	FAILS(json_get_int(c, in, "a", MUST(0, 0), &n), ERR_INVALID, "a");
	FAILS(json_get_int(c, in, "b", MUST(0, 0), &n), ERR_INVALID, "b");
	FAILS(json_get_money(c, in, "c", MUST(0, 0), &n), ERR_INVALID, "c");
	FAILS(json_get_int(c, in, "d", MAY(0, 0), &n), ERR_INVALID, "d");
	FAILS(json_get_int(c, in, "e", MAY(0, 0), &n), ERR_INVALID, "e");
	EQ(n, 77);
}

TEST(a_missing_or_null_member_is_an_error_only_when_it_must_be_there)
{
	const json_t *in = read_ok(c, "{\"a\":null}");
	struct str s = STR("default");
	int64_t n = 5;
	bool b = true;

	OK(json_get_str(c, in, "a", MAY(0, 9), &s));
	OK(json_get_int(c, in, "b", MAY(0, 9), &n));
	OK(json_get_bool(c, in, "a", MAY(0, 0), &b));
	OK(json_get_id(c, in, "b", MAY_ID(ID_PARTNER), &n));
	EQ_STR(s, "default");
	EQ(n, 5);
	EQ(b, true);
	FAILS(json_get_str(c, in, "a", MUST(1, 9), &s), ERR_INVALID, "a");
	FAILS(json_get_int(c, in, "b", MUST(1, 9), &n), ERR_INVALID, "b");
	FAILS(json_get_id(c, in, "b", MUST_ID(ID_PARTNER), &n), ERR_INVALID, "b");
}

TEST(json_texts_are_counted_in_characters_and_kept_to_one_line)
{
	const json_t *in = read_ok(c, "{\"name\":\"\\u00e4\\u00f6\\u00fc\",\"note\":\"a\\nb\","
	                              "\"empty\":\"\",\"bell\":\"\\u0007\"}");
	struct str s;

	OK(json_get_str(c, in, "name", MUST(3, 3), &s));
	EQ_STR(s, "äöü");
	FAILS(json_get_str(c, in, "name", MUST(1, 2), &s), ERR_INVALID, "name");
	FAILS(json_get_str(c, in, "name", MUST(4, 9), &s), ERR_INVALID, "name");
	FAILS(json_get_str(c, in, "note", MUST(1, 9), &s), ERR_INVALID, "note");
	OK(json_get_str(c, in, "note", MUST_LINES(9), &s));
	FAILS(json_get_str(c, in, "empty", MUST(1, 9), &s), ERR_INVALID, "empty");
	OK(json_get_str(c, in, "empty", MAY(0, 9), &s));
	EQ_STR(s, "");
	FAILS(json_get_str(c, in, "bell", MUST_LINES(9), &s), ERR_INVALID, "bell");
}

TEST(json_numbers_outside_their_limits_are_refused_with_the_limit)
{
	const json_t *in = read_ok(c, "{\"n\":11,\"amount\":-1,\"much\":1000000000000001}");
	int64_t n;

	NO(json_get_int(c, in, "n", MUST(1, 10), &n));
	EQ_STR(c->err.msg, "must be at most 10");
	FAILS(json_get_int(c, in, "n", MUST(12, 20), &n), ERR_INVALID, "n");
	FAILS(json_get_money(c, in, "amount", MUST(0, 0), &n), ERR_INVALID, "amount");
	FAILS(json_get_money(c, in, "much", MUST(0, 0), &n), ERR_INVALID, "much");
	OK(json_get_money(c, in, "amount", MUST(-5, 5), &n));
	EQ(n, -1);
}

TEST(json_ids_times_choices_percentages_and_currencies_are_texts)
{
	static const char *const states[] = { "draft", "sent", NULL };
	char id[ID_TEXT_MAX];
	int64_t value;
	const struct currency *cur;

	id_format(ID_PARTNER, 123456789, id);
	const json_t *in = read_ok(
	        c, arena_printf(c->arena,
	                        "{\"partner\":\"%s\",\"at\":\"2026-11-20T16:45:00Z\",\"state\":\"sent\","
	                        "\"rate\":\"12.5\",\"currency\":\"EUR\",\"bad\":\"x\","
	                        "\"whole\":20,\"half\":12.5,\"huge\":9223372036854775807,"
	                        "\"small\":\"usd\",\"country\":\"de\"}", id).p);
	struct str country;

	OK(json_get_id(c, in, "partner", MUST_ID(ID_PARTNER), &value));
	EQ(value, 123456789);
	FAILS(json_get_id(c, in, "partner", MUST_ID(ID_CUSTOMER), &value), ERR_INVALID, "partner");
	OK(json_get_time(c, in, "at", MUST(0, 0), &value));
	EQ(value, 1795193100000);
	OK(json_get_name(c, in, "state", MUST_NAME(states), &value));
	EQ(value, 1);
	NO(json_get_name(c, in, "bad", MUST_NAME(states), &value));
	EQ_STR(c->err.msg, "must be one of: draft, sent");
	OK(json_get_percent(c, in, "rate", MUST(0, 0), &value));
	EQ(value, 125000);
	OK(json_get_currency(c, in, "currency", MUST(0, 0), &cur));
	EQ_STR(cur->code, "EUR");
	FAILS(json_get_time(c, in, "bad", MUST(0, 0), &value), ERR_INVALID, "bad");
	FAILS(json_get_percent(c, in, "bad", MUST(0, 0), &value), ERR_INVALID, "bad");
	FAILS(json_get_currency(c, in, "bad", MUST(0, 0), &cur), ERR_INVALID, "bad");
	OK(json_get_percent(c, in, "whole", MUST(0, 0), &value));
	EQ(value, 200000);
	FAILS(json_get_percent(c, in, "half", MUST(0, 0), &value), ERR_INVALID, "half");
	FAILS(json_get_percent(c, in, "huge", MUST(0, 0), &value), ERR_INVALID, "huge");
	OK(json_get_currency(c, in, "small", MUST(0, 0), &cur));
	EQ_STR(cur->code, "USD");
	OK(json_get_country(c, in, "country", MUST(0, 0), &country));
	EQ_STR(country, "DE");
	FAILS(json_get_country(c, in, "bad", MUST(0, 0), &country), ERR_INVALID, "bad");
	FAILS(json_get_country(c, in, "none", MUST(0, 0), &country), ERR_INVALID, "none");
	FAILS(json_get_money(c, in, "half", MUST(0, 0), &value), ERR_INVALID, "half");
	FAILS(json_get_money(c, in, "rate", MUST(0, 0), &value), ERR_INVALID, "rate");
}

TEST(json_objects_arrays_and_unknown_keys_are_checked)
{
	static const char *const keys[] = { "o", "a", NULL };
	const json_t *in = read_ok(c, "{\"o\":{},\"a\":[1,2,3],\"x\":1}");
	json_t *v;

	OK(json_get_object(c, in, "o", MUST(0, 0), &v));
	OK(json_get_array(c, in, "a", MUST(1, 3), &v));
	EQ(json_array_size(v), 3);
	FAILS(json_get_object(c, in, "a", MUST(0, 0), &v), ERR_INVALID, "a");
	FAILS(json_get_array(c, in, "o", MUST(0, 0), &v), ERR_INVALID, "o");
	FAILS(json_get_array(c, in, "a", MUST(4, 9), &v), ERR_INVALID, "a");
	FAILS(json_get_array(c, in, "a", MUST(0, 2), &v), ERR_INVALID, "a");
	FAILS(json_only(c, in, keys), ERR_INVALID, "x");
	FAILS(json_read_object(c, STR("[]"), &v), ERR_MALFORMED, "");
}

TEST(texts_that_are_not_utf8_are_repaired_for_views)
{
	json_t *v = json_own(c->arena, json_from_str(STR("a\xFF" "b\xC3\xA4\xE2\x82")));

	EQ_STR(json_text(v), "a\xEF\xBF\xBD" "b\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD");
}
