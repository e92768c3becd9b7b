/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_first.h"

#include "campaign/terms_doc.h"
#include "data/json.h"
#include "data/json_out.h"
#include "unit.h"

static struct str document(struct ctx *c, const struct form *f, const char *currency)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_json(&b, terms_form_doc(c->arena, f, currency_find(str_from(currency))));
	return buf_text(&b);
}

static bool check(struct ctx *c, struct form f)
{
	return terms_first_check(c, &f, currency_find(STR("USD")));
}

TEST(what_stands_in_the_first_terms_before_anybody_types_is_taken)
{
	OK(check(c, terms_first_form));
	EQ_STR(document(c, &terms_first_form, "USD"),
	       "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	       "\"recurring_months\":12,\"attribution\":{\"cookie_days\":90},\"hold_days\":30}");
}

TEST(first_terms_say_amounts_in_the_currency_of_the_campaign)
{
	static const struct form_field typed[] = {
		{ STR_INIT("trigger"), STR_INIT("lead") },
		{ STR_INIT("reward/how"), STR_INIT("fixed") },
		{ STR_INIT("reward/is"), STR_INIT("1,500") },
		{ STR_INIT("recurring_months/how"), STR_INIT("first") },
		{ STR_INIT("recurring_months/is"), STR_INIT("12") },
		{ STR_INIT("hold_days"), STR_INIT("") },
		{ STR_INIT("minimum_payout"), STR_INIT("50") },
		{ STR_INIT("name"), STR_INIT("Spring") },
	};
	const struct form f = { typed, LEN(typed) };

	OK(check(c, f));
	EQ_STR(document(c, &f, "USD"),
	       "{\"trigger\":\"lead\",\"reward\":{\"type\":\"fixed\",\"amount\":150000},"
	       "\"minimum_payout\":5000}");
	EQ_STR(document(c, &f, "JPY"),
	       "{\"trigger\":\"lead\",\"reward\":{\"type\":\"fixed\",\"amount\":1500},"
	       "\"minimum_payout\":50}");
}

TEST(first_terms_that_are_wrong_name_the_input)
{
	static const struct {
		const char *name, *value, *field;
	} cases[] = {
		{ "reward/is", "400", "terms/reward" },
		{ "reward/is", "", "terms/reward" },
		{ "reward/how", "gift", "terms/reward" },
		{ "trigger", "luck", "terms/trigger" },
		{ "trigger", "", "terms/trigger" },
		{ "recurring_months/is", "", "terms/recurring_months" },
		{ "hold_days", "soon", "terms/hold_days" },
		{ "attribution/cookie_days", "-1", "terms/attribution/cookie_days" },
		{ "minimum_payout", "1.234", "terms/minimum_payout" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct form_field fields[16];
		struct form f = { fields, terms_first_form.count };

		for (size_t n = 0; n < f.count; n++) {
			fields[n] = terms_first_form.fields[n];
			if (str_is(fields[n].name, cases[i].name))
				fields[n].value = str_from(cases[i].value);
		}
		if (strcmp(cases[i].name, "minimum_payout") == 0)
			fields[f.count++] = (struct form_field){ STR("minimum_payout"),
			                                         str_from(cases[i].value) };
		FAILS(check(c, f), ERR_INVALID, cases[i].field);
	}
}
