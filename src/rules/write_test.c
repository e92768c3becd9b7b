/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/write.h"

#include "unit.h"

static struct str text_of(struct ctx *c, struct str s)
{
	struct buf b;

	buf_init(&b, c->arena);
	write_text(&b, s);
	return buf_text(&b);
}

TEST(texts_are_quoted_and_only_what_must_be_is_escaped)
{
	EQ_STR(text_of(c, STR("")), "\"\"");
	EQ_STR(text_of(c, STR("gold")), "\"gold\"");
	EQ_STR(text_of(c, STR("a \"b\" c")), "\"a \\\"b\\\" c\"");
	EQ_STR(text_of(c, STR("a\\b")), "\"a\\\\b\"");
	EQ_STR(text_of(c, STR("a\nb\x1f")), "\"a\\u000ab\\u001f\"");
	EQ_STR(text_of(c, STR("caf\xc3\xa9 / '")), "\"caf\xc3\xa9 / '\"");
}

static struct str time_of(struct ctx *c, int64_t at_ms)
{
	struct buf b;

	buf_init(&b, c->arena);
	write_time(&b, "at", at_ms);
	buf_char(&b, ' ');
	write_date(&b, at_ms);
	return buf_text(&b);
}

TEST(times_before_1970_are_dates_as_well)
{
	EQ_STR(time_of(c, 0), ",\"at\":\"1970-01-01T00:00:00.000Z\" 1970-01-01");
	EQ_STR(time_of(c, -1), ",\"at\":\"1969-12-31T23:59:59.999Z\" 1969-12-31");
	EQ_STR(time_of(c, -MS_PER_DAY), ",\"at\":\"1969-12-31T00:00:00.000Z\" 1969-12-31");
	EQ_STR(time_of(c, 1768478400123), ",\"at\":\"2026-01-15T12:00:00.123Z\" 2026-01-15");
}
