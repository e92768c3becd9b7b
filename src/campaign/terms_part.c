/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_part.h"

#include "base/check.h"
#include "base/field.h"
#include "campaign/terms_sense.h"
#include "rules/names.h"

#include <stdio.h>

#define FIXED_MAX_MINOR 1000000000000LL /* ten billion dollars: times a quantity it still fits */
#define MONTHS_MAX 1200

bool part_each(const struct terms_reading *r, const json_t *array, const char *key,
               part_entry_fn fn, void *to)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		char index[24];

		if (fn(r, json_array_get(array, i), i, to))
			continue;
		snprintf(index, sizeof(index), "%zu", i);
		fail_under(r->c, index);
		return fail_under(r->c, key);
	}
	return true;
}

static bool get_percent(struct ctx *c, const json_t *doc, const char *key, int64_t *out_ppm)
{
	if (!json_get_percent(c, doc, key, MUST(0, 0), out_ppm))
		return false;
	if (*out_ppm < 0 || *out_ppm > PPM_ONE)
		return fail(c, ERR_INVALID, key, "must be between 0 and 100 percent");
	return true;
}

bool part_reward(const struct terms_reading *r, const json_t *doc, struct reward *out)
{
	static const char *const percentage[] = { "type", "value", NULL };
	static const char *const fixed[] = { "type", "amount", "currency", NULL };
	struct reward w = { .currency = r->cur };
	int64_t type = REWARD_NONE;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_get_name(r->c, doc, "type", MUST_NAME(reward_type_names + 1), &type))
		return false;
	w.type = (enum reward_type)(type + 1);
	if (w.type == REWARD_PERCENTAGE) {
		w.currency = NULL;
		if (!json_only(r->c, doc, percentage)
		    || !get_percent(r->c, doc, "value", &w.rate_ppm))
			return false;
	} else if (!json_only(r->c, doc, fixed)
	           || !json_get_money(r->c, doc, "amount", MUST(0, FIXED_MAX_MINOR),
	                              &w.amount_minor)
	           || !json_get_currency(r->c, doc, "currency", MAY(0, 0), &w.currency)) {
		return false;
	}
	*out = w;
	return true;
}

/* null is a value of its own here: for ever. Left out, the next level decides. */
static bool get_months(const struct terms_reading *r, const json_t *doc, struct offer *out)
{
	const json_t *value = json_object_get(doc, "recurring_months");
	int64_t months = MONTHS_LIFETIME;

	if (!value)
		return true;
	if (!json_get_int(r->c, doc, "recurring_months", MAY(0, MONTHS_MAX), &months))
		return false;
	out->has_months = true;
	out->recurring_months = (int32_t)months;
	return true;
}

bool part_offer(const struct terms_reading *r, const json_t *doc, bool needs, struct offer *out)
{
	const json_t *reward = json_object_get(doc, "reward");

	*out = (struct offer){ 0 };
	if (!get_months(r, doc, out))
		return false;
	if (!reward && (needs || !out->has_months))
		return fail(r->c, ERR_INVALID, "reward", "is required");
	if (reward && !part_reward(r, reward, &out->reward))
		return fail_under(r->c, "reward");
	return true;
}

static bool tier_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	static const char *const keys[] = { "from", "reward", "recurring_months", NULL };
	struct tier *tiers = to;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_only(r->c, doc, keys)
	    || !json_get_money(r->c, doc, "from", MUST(0, 0), &tiers[i].from))
		return false;
	if (i > 0 && tiers[i].from <= tiers[i - 1].from)
		return fail(r->c, ERR_INVALID, "from", "must be more than that of the step before");
	return part_offer(r, doc, true, &tiers[i].offer);
}

bool part_tiers(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "by", "period", "counts_current", "retroactive",
		                            "steps", NULL };
	struct terms *t = r->t;
	int64_t by = 0, period = PERIOD_LIFETIME;
	json_t *steps;

	if (!json_only(r->c, doc, keys)
	    || !json_get_name(r->c, doc, "by", MAY_NAME(tiers_by_names + 1), &by)
	    || !json_get_name(r->c, doc, "period", MAY_NAME(period_names), &period)
	    || !json_get_bool(r->c, doc, "counts_current", MAY(0, 0), &t->counts_current)
	    || !json_get_bool(r->c, doc, "retroactive", MAY(0, 0), &t->retroactive)
	    || !json_get_array(r->c, doc, "steps", MUST(1, TIERS_MAX), &steps))
		return false;
	if (t->retroactive && period == PERIOD_LIFETIME)
		return fail(r->c, ERR_INVALID, "retroactive", "needs a period that ends");

	struct tier *tiers = ARENA_ARRAY(r->c->arena, struct tier, json_array_size(steps));

	t->tiers_by = (enum tiers_by)(by + 1);
	t->tiers_period = (enum tiers_period)period;
	t->tiers = tiers;
	t->tier_count = json_array_size(steps);
	return part_each(r, steps, "steps", tier_entry, tiers);
}

/* Groups are kept in the order of their names. */
static struct group_offer *make_room(struct terms *t, struct group_offer *groups, struct str name)
{
	size_t at = t->group_count++;

	while (at > 0 && str_cmp(groups[at - 1].name, name) > 0) {
		groups[at] = groups[at - 1];
		at--;
	}
	groups[at] = (struct group_offer){ .name = name };
	return &groups[at];
}

static bool group_name(const struct terms_reading *r, const char *name, struct str *out)
{
	*out = arena_str(r->c->arena, str_from(name));
	if (out->n > 0 && str_length(*out) <= 40 && str_is_text(*out))
		return true;
	return fail(r->c, ERR_INVALID, NULL, "names must have between 1 and 40 characters");
}

bool part_groups(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "reward", "recurring_months", NULL };
	size_t count = json_object_size(doc);
	struct group_offer *groups;
	const char *name;
	struct str key;
	json_t *value;

	if (count > GROUPS_MAX)
		return fail(r->c, ERR_INVALID, NULL, "must have at most %d entries", GROUPS_MAX);
	groups = ARENA_ARRAY(r->c->arena, struct group_offer, count + 1);
	json_object_foreach ((json_t *)(uintptr_t)doc, name, value) {
		if (!group_name(r, name, &key))
			return false;
		if (!json_is_object(value))
			return fail(r->c, ERR_INVALID, name, "must be an object");
		if (!json_only(r->c, value, keys)
		    || !part_offer(r, value, false, &make_room(r->t, groups, key)->offer))
			return fail_under(r->c, name);
	}
	r->t->groups = groups;
	return true;
}

static bool level_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	static const char *const keys[] = { "percent", NULL };
	int64_t *levels = to;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_only(r->c, doc, keys) || !get_percent(r->c, doc, "percent", &levels[i]))
		return false;
	return levels[i] > 0 || fail(r->c, ERR_INVALID, "percent", "must be more than 0");
}

/* Levels taken from the earner's share may use up all of it, not more. */
static bool levels_fit(const struct terms *t)
{
	int64_t sum = 0, below = PPM_ONE;

	for (size_t i = 0; i < t->level_count; i++) {
		below = t->chain_compute == CHAIN_CASCADE ? money_percent(below, t->level_ppm[i])
		                                          : t->level_ppm[i];
		sum += below;
	}
	return sum <= PPM_ONE;
}

bool part_chain(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "mode", "compute", "levels", NULL };
	struct terms *t = r->t;
	int64_t mode = CHAIN_ON_TOP, compute = CHAIN_FLAT;
	json_t *levels;

	if (!json_only(r->c, doc, keys)
	    || !json_get_name(r->c, doc, "mode", MAY_NAME(chain_mode_names), &mode)
	    || !json_get_name(r->c, doc, "compute", MAY_NAME(chain_compute_names), &compute)
	    || !json_get_array(r->c, doc, "levels", MUST(1, LEVELS_MAX), &levels)
	    || !part_each(r, levels, "levels", level_entry, t->level_ppm))
		return false;
	t->chain_mode = (enum chain_mode)mode;
	t->chain_compute = (enum chain_compute)compute;
	t->level_count = json_array_size(levels);
	if (t->chain_mode == CHAIN_FROM_SHARE && !levels_fit(t))
		return fail(r->c, ERR_INVALID, "levels", "take more than the earner has");
	return true;
}

bool part_recruiting(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "percent", NULL };

	return json_only(r->c, doc, keys)
	       && get_percent(r->c, doc, "percent", &r->t->recruiting_ppm);
}

static bool cap_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	static const char *const keys[] = { "scope", "period", "amount", NULL };
	struct cap *caps = to;
	int64_t scope, period = PERIOD_LIFETIME, amount;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!json_only(r->c, doc, keys)
	    || !json_get_name(r->c, doc, "scope", MUST_NAME(cap_scope_names), &scope)
	    || !json_get_name(r->c, doc, "period", MAY_NAME(period_names), &period)
	    || !json_get_money(r->c, doc, "amount", MUST(1, MONEY_MAX_MINOR), &amount))
		return false;
	if (scope == CAP_CUSTOMER && period != PERIOD_LIFETIME)
		return fail(r->c, ERR_INVALID, "period", "must be lifetime for a customer");
	if (scope == CAP_CUSTOMER && !r->as_is && !terms_sense_customers(r->t))
		return fail(r->c, ERR_INVALID, "scope",
		            "never counts: a click or a retainer has no customer");
	for (size_t k = 0; k < i; k++)
		if (caps[k].scope == (enum cap_scope)scope
		    && caps[k].period == (enum tiers_period)period)
			return fail(r->c, ERR_INVALID, NULL, "is there already");
	caps[i] = (struct cap){ (enum cap_scope)scope, (enum tiers_period)period, amount };
	return true;
}

bool part_caps(const struct terms_reading *r, const json_t *doc)
{
	struct cap caps[CAPS_MAX];
	struct terms *t = r->t;

	if (json_array_size(doc) > CAPS_MAX)
		return fail(r->c, ERR_INVALID, "caps", "must have at most %d entries", CAPS_MAX);
	if (!part_each(r, doc, "caps", cap_entry, caps))
		return false;
	for (int scope = CAP_PARTNER; scope <= CAP_CAMPAIGN; scope++)
		for (size_t i = 0; i < json_array_size(doc); i++)
			if (caps[i].scope == (enum cap_scope)scope)
				t->caps[t->cap_count++] = caps[i];
	return true;
}

static bool get_policy(struct ctx *c, const json_t *doc, const char *key, enum clawback *out)
{
	int64_t policy = *out;

	if (!json_get_name(c, doc, key, MAY_NAME(clawback_names), &policy))
		return false;
	*out = (enum clawback)policy;
	return true;
}

bool part_clawback(const struct terms_reading *r, const json_t *doc)
{
	static const char *const keys[] = { "window_days", "on_refund", "on_dispute", "on_churn",
		                            "dispute_opened", "true_up", NULL };
	static const char *const opened[] = { "hold", "reverse", NULL };
	static const char *const settled[] = { "none", "year", "quarter", "month", NULL };
	struct terms *t = r->t;
	int64_t days = 0, reverses = t->reverse_when_disputed, period = PERIOD_LIFETIME;

	if (!json_only(r->c, doc, keys)
	    || !json_get_int(r->c, doc, "window_days", MAY(1, 3650), &days)
	    || !get_policy(r->c, doc, "on_refund", &t->on_refund)
	    || !get_policy(r->c, doc, "on_dispute", &t->on_dispute)
	    || !get_policy(r->c, doc, "on_churn", &t->on_churn)
	    || !json_get_name(r->c, doc, "dispute_opened", MAY_NAME(opened), &reverses)
	    || !json_get_name(r->c, doc, "true_up", MAY_NAME(settled), &period))
		return false;
	t->clawback_period = (enum tiers_period)period;
	t->clawback_days = (int32_t)days;
	t->reverse_when_disputed = reverses == 1;
	if (days == 0
	    && (t->on_refund == CLAWBACK_PRORATED || t->on_dispute == CLAWBACK_PRORATED
	        || t->on_churn == CLAWBACK_PRORATED))
		return fail(r->c, ERR_INVALID, "window_days", "is required for prorated");
	return true;
}
