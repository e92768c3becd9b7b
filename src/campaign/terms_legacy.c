/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_part.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The older names of the same things. A document that uses one of them is rewritten into
 * today's words and then read as any other; a document may not say the same thing twice.
 */
static const struct {
	const char *old, *today;
} names[] = {
	{ "defaultCommissionModel", "trigger" },
	{ "defaultCommissionType", "reward" },
	{ "defaultCommissionValue", "reward" },
	{ "recurringMonths", "recurring_months" },
	{ "recurringDelayInvoices", "delay_invoices" },
};

static const struct {
	const char *model, *trigger;
} models[] = {
	{ "CPS", "sale" },     { "Per sale", "sale" },  { "CPA", "sale" },   { "Hybrid", "sale" },
	{ "RevShare", "sale" }, { "CPC", "click" },     { "Per click", "click" },
	{ "CPL", "lead" },     { "Per lead", "lead" },
};

static bool is_legacy(const json_t *doc)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (json_object_get(doc, names[i].old))
			return true;
	return json_is_array(json_object_get(doc, "tiers"));
}

static bool translate_model(struct ctx *c, json_t *doc)
{
	struct str model = json_text(json_object_get(doc, "defaultCommissionModel"));

	if (!json_object_get(doc, "defaultCommissionModel")) {
		if (!json_object_get(doc, "trigger"))
			json_set_str(doc, "trigger", STR("sale"));
		return true;
	}
	for (size_t i = 0; i < LEN(models); i++)
		if (str_eq_nocase(model, str_from(models[i].model))) {
			json_set_str(doc, "trigger", str_from(models[i].trigger));
			return true;
		}
	return fail(c, ERR_INVALID, "defaultCommissionModel",
	            "must be one of CPS, CPC, CPL, CPA, Hybrid, RevShare");
}

/* A number as its shortest decimal text: 25, 12.5; or a text as it is. */
static bool decimal_text(struct ctx *c, const json_t *value, const char *key, struct str *out)
{
	if (json_is_string(value)) {
		*out = json_text(value);
		return true;
	}
	if (json_is_integer(value)) {
		*out = arena_printf(c->arena, "%lld", (long long)json_integer_value(value));
		return true;
	}
	if (!json_is_real(value))
		return fail(c, ERR_INVALID, key, value ? "must be a number" : "is required");

	char text[512];
	double number = json_real_value(value);

	snprintf(text, sizeof(text), "%.4f", number);
	if (strtod(text, NULL) < number || strtod(text, NULL) > number)
		return fail(c, ERR_INVALID, key, "must have at most four decimals");

	size_t n = strlen(text);

	while (text[n - 1] == '0')
		n--;
	*out = arena_str(c->arena, (struct str){ text, text[n - 1] == '.' ? n - 1 : n });
	return true;
}

/* A percent, or an amount of money in whole units with decimals. */
static bool translate_reward(const struct terms_reading *r, const json_t *doc,
                             const char *const *key, json_t *out)
{
	struct str type = json_text(json_object_get(doc, key[0])), value;
	json_t *reward = json_object();
	int64_t minor;

	json_own(r->c->arena, reward);
	if (!decimal_text(r->c, json_object_get(doc, key[1]), key[1], &value))
		return false;
	if (str_eq_nocase(type, STR("percentage"))) {
		json_set_str(reward, "type", STR("percentage"));
		json_set_str(reward, "value", value);
	} else if (str_eq_nocase(type, STR("fixed"))) {
		if (!money_parse(value, r->cur, &minor))
			return fail(r->c, ERR_INVALID, key[1], "must be an amount in %s",
			            r->cur->code);
		json_set_str(reward, "type", STR("fixed"));
		json_set_int(reward, "amount", minor);
	} else {
		return fail(r->c, ERR_INVALID, key[0], "must be Percentage or Fixed");
	}
	json_object_set(out, "reward", reward);
	return true;
}

static const char *const reward_keys[] = { "commissionType", "commissionValue", NULL };

static bool tier_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	static const char *const keys[] = { "minRevenueCents", "commissionType", "commissionValue",
		                            NULL };
	json_t *step = json_object();
	int64_t from;

	(void)i;
	json_array_append_new(to, step);
	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_only(r->c, doc, keys)
	    || !json_get_money(r->c, doc, "minRevenueCents", MUST(0, 0), &from)
	    || !translate_reward(r, doc, reward_keys, step))
		return false;
	json_set_int(step, "from", from);
	return true;
}

static bool translate_tiers(const struct terms_reading *r, json_t *doc)
{
	json_t *old = json_object_get(doc, "tiers");
	json_t *steps, *tiers;

	if (!json_is_array(old))
		return true;
	if (json_array_size(old) == 0)
		return json_object_del(doc, "tiers") == 0;
	tiers = json_own(r->c->arena, json_object());
	steps = json_array();
	json_object_set_new(tiers, "steps", steps);
	json_set_str(tiers, "by", STR("revenue"));
	if (!part_each(r, old, "tiers", tier_entry, steps))
		return false;
	json_object_set(doc, "tiers", tiers);
	return true;
}

static bool check_once(struct ctx *c, const json_t *doc)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (json_object_get(doc, names[i].old) && json_object_get(doc, names[i].today))
			return fail(c, ERR_INVALID, names[i].old, "says the same as \"%s\"",
			            names[i].today);
	return true;
}

static void rename_key(json_t *doc, const char *old, const char *today)
{
	json_t *value = json_object_get(doc, old);

	if (value)
		json_object_set(doc, today, value);
}

bool terms_legacy_translate(const struct terms_reading *r, const json_t *doc, const json_t **out)
{
	static const char *const reward[] = { "defaultCommissionType", "defaultCommissionValue" };
	json_t *today;

	*out = doc;
	if (!is_legacy(doc))
		return true;
	today = json_own(r->c->arena, json_copy((json_t *)(uintptr_t)doc));
	*out = today;
	if (!check_once(r->c, doc) || !translate_model(r->c, today) || !translate_tiers(r, today))
		return false;
	if (!json_object_get(doc, "reward") && !translate_reward(r, doc, reward, today))
		return false;
	rename_key(today, "recurringMonths", "recurring_months");
	rename_key(today, "recurringDelayInvoices", "delay_invoices");
	for (size_t i = 0; i < LEN(names); i++)
		json_object_del(today, names[i].old);
	return true;
}

static bool is_legacy_offer(const json_t *doc)
{
	return json_object_get(doc, "commissionType") || json_object_get(doc, "commissionValue")
	       || json_object_get(doc, "recurringMonths");
}

bool terms_legacy_offer(const struct terms_reading *r, const json_t *doc, bool may_last,
                        const json_t **out)
{
	static const char *const keys[] = { "commissionType", "commissionValue", "recurringMonths",
		                            NULL };
	json_t *offer;

	*out = doc;
	if (!is_legacy_offer(doc))
		return true;
	offer = json_own(r->c->arena, json_object());
	*out = offer;
	if (!json_only(r->c, doc, may_last ? keys : reward_keys)
	    || !translate_reward(r, doc, reward_keys, offer))
		return false;
	if (json_object_get(doc, "recurringMonths"))
		json_object_set(offer, "recurring_months", json_object_get(doc, "recurringMonths"));
	return true;
}

/* Where the older words have their values: in the document, and in one of its tiers. */
static const struct {
	const char *today, *old;
} places[] = {
	{ "trigger", "defaultCommissionModel" },
	{ "reward/type", "defaultCommissionType" },
	{ "reward/value", "defaultCommissionValue" },
	{ "reward/amount", "defaultCommissionValue" },
	{ "recurring_months", "recurringMonths" },
	{ "delay_invoices", "recurringDelayInvoices" },
}, tier_places[] = {
	{ "from", "minRevenueCents" },
	{ "reward/type", "commissionType" },
	{ "reward/value", "commissionValue" },
	{ "reward/amount", "commissionValue" },
	{ "recurring_months", "recurringMonths" }, /* of a reward alone */
};

bool terms_legacy_blame_offer(struct ctx *c, const json_t *doc)
{
	for (size_t i = 0; is_legacy_offer(doc) && i < LEN(tier_places); i++)
		if (strcmp(c->err.field, tier_places[i].today) == 0) {
			snprintf(c->err.field, sizeof(c->err.field), "%s", tier_places[i].old);
			break;
		}
	return false;
}

#define STEPS "tiers/steps"

/* "tiers/steps/1/reward/value" is "tiers/1/commissionValue". */
static void blame_tier(struct ctx *c)
{
	char number[24], field[sizeof(c->err.field)];
	const char *at = c->err.field + strlen(STEPS), *under;
	size_t n;

	at += at[0] == '/';
	n = strcspn(at, "/");
	under = at + n + (at[n] == '/');
	for (size_t i = 0; i < LEN(tier_places); i++)
		if (strcmp(under, tier_places[i].today) == 0)
			under = tier_places[i].old;
	snprintf(number, sizeof(number), "%.*s", (int)n, at);
	snprintf(field, sizeof(field), "tiers%s%s%s%s", n ? "/" : "", number, under[0] ? "/" : "",
	         under);
	memcpy(c->err.field, field, sizeof(field));
}

bool terms_legacy_blame(struct ctx *c, const json_t *doc)
{
	if (json_is_array(json_object_get(doc, "tiers"))
	    && strncmp(c->err.field, STEPS, strlen(STEPS)) == 0) {
		blame_tier(c);
		return false;
	}
	for (size_t i = 0; i < LEN(places); i++)
		if (strcmp(c->err.field, places[i].today) == 0
		    && json_object_get(doc, places[i].old)) {
			snprintf(c->err.field, sizeof(c->err.field), "%s", places[i].old);
			break;
		}
	return false;
}
