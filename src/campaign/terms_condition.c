/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_part.h"

#include "rules/names.h"

#define VALUE_MAX 200

/* A text, or an integer as its text. */
static bool get_value(const struct terms_reading *r, const json_t *value, struct str *out)
{
	struct str s = json_text(value);

	if (json_is_integer(value)) {
		*out = arena_printf(r->c->arena, "%lld", (long long)json_integer_value(value));
		return true;
	}
	if (!json_is_string(value))
		return fail(r->c, ERR_INVALID, NULL, "must be a text or a list of texts");
	if (s.n == 0 || str_length(s) > VALUE_MAX || !str_is_text(s))
		return fail(r->c, ERR_INVALID, NULL, "must have between 1 and %d characters",
		            VALUE_MAX);
	*out = arena_str(r->c->arena, s);
	return true;
}

static bool value_entry(const struct terms_reading *r, const json_t *entry, size_t i, void *to)
{
	return get_value(r, entry, &((struct str *)to)[i]);
}

/* One value or a list of them, which may not be empty. */
static bool get_values(const struct terms_reading *r, const json_t *doc, const char *key,
                       struct value_list *out)
{
	const json_t *value = json_object_get(doc, key);
	size_t count = json_is_array(value) ? json_array_size(value) : 1;
	struct str *values;

	if (!value)
		return true;
	if (count == 0 || count > VALUES_MAX)
		return fail(r->c, ERR_INVALID, key, "must have between 1 and %d entries",
		            VALUES_MAX);
	values = ARENA_ARRAY(r->c->arena, struct str, count);
	*out = (struct value_list){ values, count };
	if (json_is_array(value))
		return part_each(r, value, key, value_entry, values);
	return get_value(r, value, values) || fail_under(r->c, key);
}

static bool get_countries(const struct terms_reading *r, const json_t *doc,
                          struct value_list *out)
{
	struct value_list typed = { NULL, 0 };
	struct str *codes;

	if (!get_values(r, doc, "country", &typed))
		return false;
	codes = ARENA_ARRAY(r->c->arena, struct str, typed.count + 1);
	for (size_t i = 0; i < typed.count; i++)
		if (!want_country(r->c, "country", typed.values[i], &codes[i]))
			return false;
	*out = (struct value_list){ codes, typed.count };
	return true;
}

/* null is as if left out. */
static bool is_given(const json_t *doc, const char *key)
{
	const json_t *value = json_object_get(doc, key);

	return value && !json_is_null(value);
}

static bool get_amount(const struct terms_reading *r, const json_t *doc, struct condition *out)
{
	static const char *const keys[] = { "from", "below", NULL };
	json_t *amount = NULL;

	if (!json_get_object(r->c, doc, "amount", MAY(0, 0), &amount))
		return false;
	if (!amount)
		return true;
	out->has_amount_from = is_given(amount, "from");
	out->has_amount_below = is_given(amount, "below");
	if (!json_only(r->c, amount, keys)
	    || !json_get_money(r->c, amount, "from", MAY(0, 0), &out->amount_from)
	    || !json_get_money(r->c, amount, "below", MAY(1, MONEY_MAX_MINOR), &out->amount_below))
		return fail_under(r->c, "amount");
	if (!out->has_amount_from && !out->has_amount_below)
		return fail(r->c, ERR_INVALID, "amount", "must have \"from\" or \"below\"");
	if (out->has_amount_from && out->has_amount_below && out->amount_from >= out->amount_below)
		return fail(r->c, ERR_INVALID, "amount/below", "must be more than \"from\"");
	return true;
}

static bool get_attributes(const struct terms_reading *r, const json_t *doc,
                           struct condition *out)
{
	struct attribute_test *tests;
	json_t *attributes = NULL, *value;
	const char *key;

	if (!json_get_object(r->c, doc, "attributes", MAY(0, 0), &attributes))
		return false;
	if (!attributes)
		return true;
	if (json_object_size(attributes) == 0 || json_object_size(attributes) > VALUES_MAX)
		return fail(r->c, ERR_INVALID, "attributes", "must have between 1 and %d entries",
		            VALUES_MAX);
	tests = ARENA_ARRAY(r->c->arena, struct attribute_test, json_object_size(attributes) + 1);
	json_object_foreach (attributes, key, value) {
		struct attribute_test *test = &tests[out->attribute_count++];

		test->key = arena_str(r->c->arena, str_from(key));
		if (!get_values(r, attributes, key, &test->values))
			return fail_under(r->c, "attributes");
	}
	out->attributes = tests;
	return true;
}

static bool get_event(const struct terms_reading *r, const json_t *doc, struct condition *out)
{
	int64_t event = 0;

	out->has_event = is_given(doc, "event");
	if (!json_get_name(r->c, doc, "event", MAY_NAME(trigger_names), &event))
		return false;
	out->event = (enum trigger)event;
	return true;
}

static bool get_tests(const struct terms_reading *r, const json_t *doc, struct condition *out)
{
	static const char *const keys[] = { "event", "product", "site", "country", "plan",
		                            "recurring", "amount", "attributes", NULL };

	out->has_renewal = is_given(doc, "recurring");
	return json_only(r->c, doc, keys) && get_event(r, doc, out)
	       && get_values(r, doc, "product", &out->product)
	       && get_values(r, doc, "site", &out->site) && get_countries(r, doc, &out->country)
	       && get_values(r, doc, "plan", &out->plan)
	       && json_get_bool(r->c, doc, "recurring", MAY(0, 0), &out->renewal)
	       && get_amount(r, doc, out) && get_attributes(r, doc, out);
}

static bool has_tests(const struct condition *w)
{
	return w->has_event || w->has_renewal || w->has_amount_from || w->has_amount_below
	    || w->product.count + w->site.count + w->country.count + w->plan.count
	               + w->attribute_count > 0;
}

static bool reward_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	static const char *const keys[] = { "if", "reward", "recurring_months", NULL };
	struct condition *out = &((struct condition *)to)[i];
	json_t *tests;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_only(r->c, doc, keys) || !json_get_object(r->c, doc, "if", MUST(0, 0), &tests))
		return false;
	if (!get_tests(r, tests, out))
		return fail_under(r->c, "if");
	if (!r->stored && !has_tests(out))
		return fail(r->c, ERR_INVALID, "if", "must have at least one condition");
	return part_offer(r, doc, false, &out->offer);
}

bool part_rewards(const struct terms_reading *r, const json_t *doc)
{
	size_t count = json_array_size(doc);
	struct condition *rewards = ARENA_ARRAY(r->c->arena, struct condition, count + 1);

	if (count > REWARDS_MAX)
		return fail(r->c, ERR_INVALID, "rewards", "must have at most %d entries",
		            REWARDS_MAX);
	r->t->rewards = rewards;
	r->t->reward_count = count;
	return part_each(r, doc, "rewards", reward_entry, rewards);
}
