/* SPDX-License-Identifier: Apache-2.0 */
#include "data/form.h"
#include "unit.h"

#include <stdlib.h>

static struct form read_ok(struct ctx *c, const char *text)
{
	struct form f = { 0 };

	OK(form_read(c, str_from(text), &f));
	return f;
}

TEST(forms_are_decoded_in_order_with_repeated_names)
{
	struct form f = read_ok(c, "a=1&b=x+y%20z&a=2&&empty=&bare&%C3%A4=%E2%82%AC%26%3D");
	struct str s;
	size_t at = 0;

	EQ(f.count, 6);
	EQ_STR(form_get(&f, "a"), "1");
	EQ_STR(form_get(&f, "b"), "x y z");
	EQ_STR(form_get(&f, "ä"), "€&=");
	OK(form_has(&f, "empty") && form_has(&f, "bare"));
	NO(form_has(&f, "none"));
	OK(form_next(&f, "a", &at, &s));
	OK(form_next(&f, "a", &at, &s));
	EQ_STR(s, "2");
	NO(form_next(&f, "a", &at, &s));
	EQ(read_ok(c, "").count, 0);
}

TEST(forms_that_are_not_utf8_text_are_refused_with_the_name)
{
	static const char *const bad[] = { "a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "a=\xFF",
		                           "a=%ED%A0%80", "a=%C0%80", "a=%01", "a=x%1" };
	struct form f;

	for (size_t i = 0; i < LEN(bad); i++)
		FAILS(form_read(c, str_from(bad[i]), &f), ERR_MALFORMED, "a");
	FAILS(form_read(c, STR("%FF=1"), &f), ERR_MALFORMED, "%FF");
	FAILS(form_read(c, STR("a=1\0"), &f), ERR_MALFORMED, "a");
}

TEST(forms_that_people_type_keep_what_was_typed_beside_a_control_character)
{
	struct form f = { 0 };

	FAILS(form_read_typed(c, STR("name=Ann&note=a%07b%0Ac&more=%7F"), &f), ERR_INVALID, "note");
	EQ_STR(form_get(&f, "name"), "Ann");
	EQ_STR(form_get(&f, "note"), "a b\nc");
	EQ_STR(form_get(&f, "more"), " ");
	FAILS(form_read_typed(c, STR("a=%07%FF"), &f), ERR_MALFORMED, "a");
	OK(form_read_typed(c, STR("a=tab%09&b=%E2%82%AC"), &f));
}

TEST(forms_have_limits)
{
	struct form f;
	struct buf b;

	buf_init(&b, c->arena);
	for (int i = 0; i < FORM_FIELDS_MAX; i++)
		buf_puts(&b, i ? "&a=1" : "a=1");
	OK(form_read(c, buf_text(&b), &f));
	EQ(f.count, FORM_FIELDS_MAX);
	buf_puts(&b, "&");
	FAILS(form_read(c, buf_text(&b), &f), ERR_TOO_LARGE, "");

	buf_init(&b, c->arena);
	buf_puts(&b, "v=");
	memset(buf_room(&b, FORM_VALUE_MAX + 1), 'x', FORM_VALUE_MAX + 1);
	b.n += FORM_VALUE_MAX + 1;
	FAILS(form_read(c, buf_text(&b), &f), ERR_TOO_LARGE, "v");
}

TEST(form_values_are_read_as_their_types)
{
	static const char *const states[] = { "draft", "sent", NULL };
	struct form f = read_ok(c, "name=+Ann+&n=42&x=4x&on=0&on=1&day=2026-11-20&state=sent&rate=7.5"
	                           "&price=12.5&currency=EUR&blank=++");
	const struct currency *cur;
	struct str s = STR("default");
	int64_t n = 0;
	bool on = false;

	OK(form_get_str(c, &f, "name", MUST(1, 3), &s));
	EQ_STR(s, "Ann");
	OK(form_get_str(c, &f, "blank", MAY(1, 3), &s));
	EQ_STR(s, "Ann");
	FAILS(form_get_str(c, &f, "blank", MUST(1, 3), &s), ERR_INVALID, "blank");
	FAILS(form_get_str(c, &f, "name", MUST(1, 2), &s), ERR_INVALID, "name");
	OK(form_get_int(c, &f, "n", MUST(1, 42), &n));
	EQ(n, 42);
	FAILS(form_get_int(c, &f, "n", MUST(1, 41), &n), ERR_INVALID, "n");
	FAILS(form_get_int(c, &f, "x", MUST(0, 0), &n), ERR_INVALID, "x");
	OK(form_get_bool(c, &f, "on", MUST(0, 0), &on));
	EQ(on, true);
	FAILS(form_get_bool(c, &f, "name", MUST(0, 0), &on), ERR_INVALID, "name");
	OK(form_get_time(c, &f, "day", MUST(0, 0), &n));
	EQ(n, 1795132800000);
	OK(form_get_name(c, &f, "state", MUST_NAME(states), &n));
	EQ(n, 1);
	OK(form_get_percent(c, &f, "rate", MUST(0, 0), &n));
	EQ(n, 75000);
	OK(form_get_currency(c, &f, "currency", MUST(0, 0), &cur));
	OK(form_get_money(c, &f, (struct form_money){ "price", cur, MUST(0, 0) }, &n));
	EQ(n, 1250);
	FAILS(form_get_money(c, &f, (struct form_money){ "price", cur, MUST(0, 1249) }, &n),
	      ERR_INVALID,
	      "price");
	FAILS(form_get_money(c, &f, (struct form_money){ "x", cur, MUST(0, 0) }, &n), ERR_INVALID,
	      "x");
}

struct thing {
	int64_t id, parent_id, amount_minor, count, rate_ppm;
	struct str name, note, extra;
	bool closed;
};

static const struct field thing_fields[] = {
	FIELD(struct thing, id, .flags = OUT, .as = AS_ID, .id = ID_PARTNER),
	FIELD(struct thing, parent_id, .json = "parent", .flags = IN | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct thing, amount_minor, .json = "amount", .flags = IN),
	FIELD(struct thing, count, .flags = IN),
	FIELD(struct thing, rate_ppm, .json = "rate", .flags = IN, .as = AS_PERCENT),
	FIELD(struct thing, name, .flags = IN | REQUIRED),
	FIELD(struct thing, note, .flags = IN),
	FIELD(struct thing, extra, .flags = IN, .as = AS_JSON),
	FIELD(struct thing, closed, .flags = IN),
};

static const struct model thing_model = MODEL("thing", thing_fields);

static struct str form_text(struct ctx *c, const char *text)
{
	struct form f = read_ok(c, text);
	json_t *in = NULL;

	OK(form_json(c, &f, &thing_model, &in));
	char *dump = json_dumps(in, JSON_COMPACT | JSON_SORT_KEYS);
	struct str s = arena_str(c->arena, str_from(dump));

	free(dump);
	return s;
}

TEST(a_form_becomes_the_object_that_the_api_would_get)
{
	EQ_STR(form_text(c, "id=prt_1&name=Ann&count=3&rate=12.5&closed=0&closed=on&extra=%5B1%5D&_x=y"),
	       "{\"closed\":true,\"count\":3,\"extra\":[1],\"name\":\"Ann\",\"rate\":\"12.5\"}");
	EQ_STR(form_text(c, "parent=&count=&name=&rate=&amount.money="),
	       "{\"name\":\"\",\"parent\":null}");
	EQ_STR(form_text(c, "amount.money=12.34&currency=EUR"), "{\"amount\":1234}");
	EQ_STR(form_text(c, "amount.money=12&currency=JPY"), "{\"amount\":12}");
}

TEST(a_form_that_cannot_become_an_object_says_which_input)
{
	struct form f = read_ok(c, "count=x");
	json_t *in;

	FAILS(form_json(c, &f, &thing_model, &in), ERR_INVALID, "count");
	f = read_ok(c, "extra=%7B%22k%22:");
	FAILS(form_json(c, &f, &thing_model, &in), ERR_INVALID, "extra/k");
	f = read_ok(c, "amount.money=1");
	FAILS(form_json(c, &f, &thing_model, &in), ERR_INVALID, "currency");
	f = read_ok(c, "amount.money=1.234&currency=EUR");
	FAILS(form_json(c, &f, &thing_model, &in), ERR_INVALID, "amount.money");
	f = read_ok(c, "closed=maybe");
	FAILS(form_json(c, &f, &thing_model, &in), ERR_INVALID, "closed");
}

TEST(form_put_writes_what_form_read_reads)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, "/x?");
	form_put(&b, "a", STR("1 & 2"));
	form_put(&b, "b", STR("€"));
	EQ_STR(buf_text(&b), "/x?a=1%20%26%202&b=%E2%82%AC");
}
