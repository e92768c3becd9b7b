/* SPDX-License-Identifier: Apache-2.0 */
#include "data/model_json.h"

#include "base/clock.h"
#include "data/checks.h"
#include "data/json.h"
#include "unit.h"

static const char *const colours[] = { "red", "green", NULL };

struct thing {
	int64_t id;
	struct str name;
	struct str email;
	struct str secret_name;
	int64_t colour;
	int64_t rate;
	int64_t amount;
	int64_t owner_id;
	int64_t seen_at;
	struct str rules;
	bool closed;
	struct str note;
	struct str hidden;
	struct str country;
};

static const struct field fields[] = {
	FIELD(struct thing, id, .flags = OUT, .as = AS_ID, .id = ID_PARTNER),
	FIELD(struct thing, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 10),
	FIELD(struct thing, email, .flags = IN | OUT | PERSONAL, .check = check_email),
	FIELD(struct thing, secret_name, .flags = OUT | PERSONAL),
	FIELD(struct thing, colour, .flags = IN | OUT, .as = AS_ENUM, .names = colours),
	FIELD(struct thing, rate, .flags = IN | OUT, .as = AS_PERCENT, .max = 1000000),
	FIELD(struct thing, amount, .flags = IN | OUT | MONEY_ONLY, .min = -5, .max = 100),
	FIELD(struct thing, owner_id, .json = "owner", .flags = IN | OUT | NULLABLE, .as = AS_ID,
	      .id = ID_USER),
	FIELD(struct thing, seen_at, .flags = IN | OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct thing, rules, .flags = IN | OUT | NULLABLE, .as = AS_JSON),
	FIELD(struct thing, closed, .flags = IN | OUT),
	FIELD(struct thing, note, .flags = IN | OUT | NULLABLE | FIXED, .max = 1000),
	FIELD(struct thing, hidden, .flags = 0),
	FIELD(struct thing, country, .flags = IN | UPPER, .max = 2, .check = check_country),
};

static const struct model model = MODEL("thing", fields);

static struct thing example(void)
{
	return (struct thing){ .id = 77, .name = STR("A \"b\""), .email = STR("jane@example.co.uk"),
		               .secret_name = STR("x"), .colour = 1, .rate = 125000, .amount = 42,
		               .hidden = STR("h") };
}

static struct str text_of(struct ctx *c, const struct thing *t)
{
	struct buf b;

	buf_init(&b, c->arena);
	model_json(&b, c, &model, t);
	return buf_text(&b);
}

TEST(a_row_becomes_an_object_with_ids_names_and_percentages)
{
	struct thing t = example();

	EQ_STR(text_of(c, &t),
	       "{\"object\":\"thing\",\"id\":\"prt_000000000002d\",\"name\":\"A \\\"b\\\"\","
	       "\"email\":\"jane@example.co.uk\",\"secret_name\":\"x\",\"colour\":\"green\","
	       "\"rate\":\"12.5\",\"amount\":42,\"owner\":null,\"seen_at\":null,\"rules\":null,"
	       "\"closed\":false,\"note\":null}");
}

TEST(what_the_actor_may_not_see_is_null_and_addresses_are_masked)
{
	struct thing t = example();

	c->actor = (struct actor){ .kind = ACTOR_USER, .role = ROLE_MANAGER };
	EQ_STR(text_of(c, &t),
	       "{\"object\":\"thing\",\"id\":\"prt_000000000002d\",\"name\":\"A \\\"b\\\"\","
	       "\"email\":\"j***@e***.uk\",\"secret_name\":null,\"colour\":\"green\","
	       "\"rate\":\"12.5\",\"amount\":null,\"owner\":null,\"seen_at\":null,\"rules\":null,"
	       "\"closed\":false,\"note\":null}");
}

TEST(a_partner_sees_the_personal_data_of_its_own_row_only)
{
	struct thing t = example();

	c->actor = (struct actor){ .kind = ACTOR_PARTNER, .partner_id = 77,
	                           .sees_personal_data = true };
	OK(model_shows(c, &model, &fields[2], &t));
	t.id = 78;
	NO(model_shows(c, &model, &fields[2], &t));
}

TEST(a_view_is_the_same_object)
{
	struct thing t = example();
	json_t *view = json_own(c->arena, model_view(c, &model, &t));

	EQ(json_integer_value(json_object_get(view, "amount")), 42);
	EQ_STR(json_string_value(json_object_get(view, "colour")), "green");
}

static bool read(struct ctx *c, const char *text, struct thing *t, bool create)
{
	json_t *body;

	return json_read_object(c, str_from(text), &body)
	    && model_read(c, &model, body, t, create);
}

TEST(a_body_is_read_by_the_table)
{
	struct thing t = { .amount = 7 };

	OK(read(c,
	        "{\"name\":\"\xC3\xA4\xC3\xA4\",\"colour\":\"green\",\"rate\":\"0.5\","
	        "\"owner\":\"usr_000000000002d\",\"seen_at\":\"1970-01-01T00:00:01Z\","
	        "\"rules\":{\"b\":1, \"a\":[]},\"closed\":true,\"note\":\"x\\ny\"}",
	        &t, true));
	EQ_STR(t.name, "\xC3\xA4\xC3\xA4");
	EQ(t.colour, 1);
	EQ(t.rate, 5000);
	EQ(t.amount, 7);
	EQ(t.owner_id, 77);
	EQ(t.seen_at, 1000);
	EQ_STR(t.rules, "{\"b\":1,\"a\":[]}");
	OK(t.closed);
	EQ_STR(t.note, "x\ny");
}

TEST(what_the_table_does_not_allow_is_refused_by_name)
{
	static const struct {
		const char *body, *field;
		bool create;
	} rows[] = {
		{ "{}", "name", true },
		{ "{\"name\":null}", "name", true },
		{ "{\"name\":\"\"}", "name", true },
		{ "{\"name\":\"  \"}", "name", false },
		{ "{\"name\":null}", "name", false },
		{ "{\"name\":5}", "name", false },
		{ "{\"name\":\"01234567890\"}", "name", false },
		{ "{\"name\":\"a\\nb\"}", "name", false },
		{ "{\"id\":\"prt_000000000002d\"}", "id", false },
		{ "{\"hidden\":\"x\"}", "hidden", false },
		{ "{\"owner_id\":\"usr_000000000002d\"}", "owner_id", false },
		{ "{\"owner\":\"prt_000000000002d\"}", "owner", false },
		{ "{\"email\":\"jane\"}", "email", false },
		{ "{\"colour\":\"blue\"}", "colour", false },
		{ "{\"colour\":1}", "colour", false },
		{ "{\"colour\":null}", "colour", false },
		{ "{\"rate\":12.5}", "rate", false },
		{ "{\"rate\":\"100.0001\"}", "rate", false },
		{ "{\"amount\":-6}", "amount", false },
		{ "{\"amount\":101}", "amount", false },
		{ "{\"amount\":1.5}", "amount", false },
		{ "{\"seen_at\":\"yesterday\"}", "seen_at", false },
		{ "{\"rules\":[]}", "rules", false },
		{ "{\"closed\":\"true\"}", "closed", false },
		{ "{\"note\":\"new\"}", "note", false },
		{ "{\"country\":\"D\"}", "country", false },
		{ "{\"country\":5}", "country", false },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		struct thing t = { 0 };

		FAILS(read(c, rows[i].body, &t, rows[i].create), ERR_INVALID, rows[i].field);
	}
}

TEST(a_text_that_is_none_of_its_kind_is_told_what_it_should_be_before_how_long)
{
	static const char *const rows[] = { "Germany", "D", "1", "D1", "Deutschland\xC3\xA4" };
	struct thing t = { 0 };

	for (size_t i = 0; i < LEN(rows); i++) {
		const char *body = arena_printf(c->arena, "{\"country\":\"%s\"}", rows[i]).p;

		NO(read(c, body, &t, false));
		EQ_STR(c->err.msg, "country must be the two-letter ISO 3166-1 code of a country,"
		                   " such as DE");
		fail_clear(c);
	}
	FAILS(read(c, "{\"country\":\"D\\u0007\"}", &t, false), ERR_INVALID, "country");
}

TEST(capitals_may_be_sent_as_small_letters)
{
	struct thing t = { 0 };
	struct form f;

	OK(read(c, "{\"country\":\"de\"}", &t, false));
	EQ_STR(t.country, "DE");
	OK(form_read(c, STR("name=x&country=aT"), &f));
	OK(model_read_form(c, &model, &f, &t, true));
	EQ_STR(t.country, "AT");
}

TEST(null_takes_a_value_away)
{
	struct thing t = { .owner_id = 5, .rules = STR("{}"), .email = STR("a@b.c") };

	OK(read(c, "{\"owner\":null,\"rules\":null,\"email\":null}", &t, false));
	EQ(t.owner_id, 0);
	EQ_STR(t.rules, "");
	EQ_STR(t.email, "");
}

TEST(a_form_is_read_like_a_body)
{
	struct thing t = { 0 };
	struct form f;

	OK(form_read(c, STR("name=x&rate=12.5&colour=green&amount=3"), &f));
	OK(model_read_form(c, &model, &f, &t, true));
	EQ(t.rate, 125000);
	EQ(t.colour, 1);
	EQ(t.amount, 3);
	OK(form_read(c, STR("name=x&colour=blue"), &f));
	FAILS(model_read_form(c, &model, &f, &t, true), ERR_INVALID, "colour");
}

TEST(a_change_shows_what_differs_without_personal_data)
{
	struct thing before = example(), after = example();

	after.amount = 43;
	after.email = STR("joe@else.org");
	EQ_STR(model_change(c, &model, &before, &after),
	       "{\"before\":{\"email\":\"j***@e***.uk\",\"amount\":42},"
	       "\"after\":{\"email\":\"j***@e***.org\",\"amount\":43}}");
	before = (struct thing){ .name = STR("n") };
	EQ_STR(model_change(c, &model, NULL, &before), "{\"after\":{\"name\":\"n\"}}");
}

TEST(writing_objects_takes_less_than_100_microseconds_each)
{
	struct thing t = example();
	int64_t start = clock_mono_ns();

	for (int i = 0; i < 1000; i++)
		text_of(c, &t);
	OK(clock_mono_ns() - start < 1000LL * 100000);
}
