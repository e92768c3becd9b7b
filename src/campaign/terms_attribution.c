/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_part.h"

#include "base/field.h"
#include "rules/names.h"

#define DAYS_MAX 3650

static bool signal_entry(const struct terms_reading *r, const json_t *entry, size_t i, void *to)
{
	struct attribution_rules *a = to;
	int64_t signal = names_find(signal_names, json_text(entry));

	if (signal < 0)
		return fail(r->c, ERR_INVALID, NULL, "must be one of deal, code, link, utm, owned");
	for (size_t k = 0; k < i; k++)
		if (a->priority[k] == (enum signal)signal)
			return fail(r->c, ERR_INVALID, NULL, "is there already");
	a->priority[a->priority_count++] = (enum signal)signal;
	return true;
}

/* An owner who is not named in the list comes first. */
static void put_owner_first(struct attribution_rules *a)
{
	for (size_t i = 0; i < a->priority_count; i++)
		if (a->priority[i] == SIGNAL_OWNED)
			return;
	for (size_t i = a->priority_count++; i > 0; i--)
		a->priority[i] = a->priority[i - 1];
	a->priority[0] = SIGNAL_OWNED;
}

static bool get_priority(const struct terms_reading *r, const json_t *doc,
                         struct attribution_rules *a)
{
	json_t *list = NULL;

	if (!json_get_array(r->c, doc, "priority", MAY(1, SIGNAL_COUNT), &list))
		return false;
	if (!list)
		return true;
	a->priority_count = 0;
	if (!part_each(r, list, "priority", signal_entry, a))
		return false;
	put_owner_first(a);
	return true;
}

/* "lifetime", "sale", or {"days": 30}. */
static bool get_ownership(const struct terms_reading *r, const json_t *doc,
                          struct attribution_rules *a)
{
	static const char *const keys[] = { "days", NULL };
	const json_t *value = json_object_get(doc, "ownership");
	int64_t days = 0;

	if (!value || json_is_null(value) || str_is(json_text(value), "lifetime")) {
		a->ownership = OWNERSHIP_LIFETIME;
		return true;
	}
	if (str_is(json_text(value), "sale")) {
		a->ownership = OWNERSHIP_SALE;
		return true;
	}
	if (!json_is_object(value))
		return fail(r->c, ERR_INVALID, "ownership",
		            "must be \"lifetime\", \"sale\" or {\"days\": N}");
	if (!json_only(r->c, value, keys)
	    || !json_get_int(r->c, value, "days", MUST(1, DAYS_MAX), &days))
		return fail_under(r->c, "ownership");
	a->ownership = OWNERSHIP_DAYS;
	a->ownership_days = (int32_t)days;
	return true;
}

bool part_attribution(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "model", "cookie_days", "priority", "ownership",
		                            "deal_days", NULL };
	struct attribution_rules *a = &r->t->attribution;
	int64_t model = a->model, cookie = a->cookie_days, deal = a->deal_days;

	if (!json_only(r->c, doc, keys)
	    || !json_get_name(r->c, doc, "model", MAY_NAME(model_names), &model)
	    || !json_get_int(r->c, doc, "cookie_days", MAY(1, DAYS_MAX), &cookie)
	    || !json_get_int(r->c, doc, "deal_days", MAY(1, DAYS_MAX), &deal)
	    || !get_priority(r, doc, a) || !get_ownership(r, doc, a))
		return false;
	a->model = (enum attribution_model)model;
	a->cookie_days = (int32_t)cookie;
	a->deal_days = (int32_t)deal;
	return true;
}
