/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/id.h"
#include "base/money.h"
#include "fuzz.h"
#include "net/etag.h"

static void times(struct ctx *c, struct str text)
{
	struct date d;
	int64_t at, again;

	if (time_parse(text, &at)) {
		CHECK(time_parse(time_str(c->arena, at), &again));
		CHECK(at == again);
	}
	if (date_parse(text, &d))
		CHECK(date_from_days(date_to_days(d)).day == d.day);
}

static void amounts(struct ctx *c, struct str text)
{
	static const char *const codes[] = { "USD", "JPY", "BHD", "CLF" };
	int64_t minor, ppm, again;

	for (size_t i = 0; i < LEN(codes); i++) {
		const struct currency *cur = currency_find(str_from(codes[i]));

		if (!money_parse(text, cur, &minor))
			continue;
		CHECK(money_parse(money_plain(c->arena, minor, cur), cur, &again));
		CHECK(minor == again);
	}
	if (percent_parse(text, &ppm)) {
		CHECK(percent_parse(percent_text(c->arena, ppm), &again));
		CHECK(ppm == again);
	}
}

static void tags(struct str text)
{
	struct str tag = STR("\"a\"");

	if (etag_list_ok(text) && etag_list_has_strong(text, tag))
		CHECK(etag_list_has_weak(text, tag));
}

FUZZ
{
	int64_t number, id;

	times(c, text);
	amounts(c, text);
	tags(text);
	str_to_int(text, &number);
	if (str_is_text(text))
		CHECK(str_length(text) <= text.n);
	for (int kind = 0; kind < ID_KIND_COUNT; kind++)
		if (id_parse((enum id_kind)kind, text, &id))
			CHECK(str_eq_nocase(id_str(c->arena, (enum id_kind)kind, id), text));
}
