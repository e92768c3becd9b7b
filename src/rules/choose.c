/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/choose.h"

struct search {
	const struct terms *t;
	const struct credit *cr;
	const struct occurrence *o;
	size_t credit;
	struct accrual *a;
	struct choice *out;
};

struct place {
	enum rule rule;
	int32_t index;
	struct str name;
};

static bool says_something(const struct offer *f)
{
	return f->reward.type != REWARD_NONE || f->has_months;
}

static struct step *skip(const struct search *s, struct place at, enum why why)
{
	struct step *step = trace(s->a, STEP_SKIP);

	step->rule = (uint8_t)at.rule;
	step->index = at.index;
	step->name = at.name;
	step->why = (uint8_t)why;
	return step;
}

/* An offer that applies: take from it what no level before has set. */
static void take(const struct search *s, const struct offer *f, struct place at)
{
	struct choice *out = s->out;

	if (f->has_months && !out->has_months) {
		out->has_months = true;
		out->recurring_months = f->recurring_months;
		out->months_rule = at.rule;
		out->months_index = at.index;
	}
	if (f->reward.type == REWARD_NONE)
		return;
	if (out->reward.type != REWARD_NONE) {
		skip(s, at, WHY_OUTRANKED);
		return;
	}
	out->reward = f->reward;
	out->rule = at.rule;
	out->index = at.index;
	out->name = at.name;
}

static void consider_own(const struct search *s)
{
	if (says_something(&s->cr->own))
		take(s, &s->cr->own, (struct place){ .rule = RULE_OWN });
}

static void consider_override(const struct search *s)
{
	const struct credit *cr = s->cr;
	struct place at = { .rule = RULE_OVERRIDE };
	int64_t now = s->o->occurred_at_ms;

	if (!says_something(&cr->override))
		return;
	if (cr->override_from_ms && now < cr->override_from_ms)
		skip(s, at, WHY_NOT_YET)->b = cr->override_from_ms;
	else if (cr->override_until_ms && now >= cr->override_until_ms)
		skip(s, at, WHY_EXPIRED)->b = cr->override_until_ms;
	else
		take(s, &cr->override, at);
}

static bool listed(const struct value_list *list, struct str value)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq(list->values[i], value))
			return true;
	return list->count == 0;
}

static bool country_listed(const struct value_list *list, struct str value)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq_nocase(list->values[i], value))
			return true;
	return list->count == 0;
}

static bool has_attribute(const struct occurrence *o, const struct attribute_test *test)
{
	for (size_t i = 0; i < o->attribute_count; i++)
		if (str_eq(o->attributes[i].key, test->key)
		    && listed(&test->values, o->attributes[i].value))
			return true;
	return false;
}

static bool in_amount(const struct search *s, const struct condition *c)
{
	int64_t base = s->a->base_minor;

	if (!c->has_amount_from && !c->has_amount_below)
		return true;
	return s->a->currency == s->t->currency && (!c->has_amount_from || base >= c->amount_from)
	       && (!c->has_amount_below || base < c->amount_below);
}

static enum why unmet_attribute(const struct search *s, const struct condition *c,
                                struct str *out_name)
{
	for (size_t i = 0; i < c->attribute_count; i++)
		if (!has_attribute(s->o, &c->attributes[i])) {
			*out_name = c->attributes[i].key;
			return WHY_ATTRIBUTE;
		}
	return WHY_NONE;
}

/* The first test that fails, or WHY_NONE. */
static enum why unmet(const struct search *s, const struct condition *c, struct str *out_name)
{
	const struct occurrence *o = s->o;
	bool renewal = o->is_invoice && o->invoice_index > 0;

	if (o->kind != (c->has_event ? c->event : s->t->trigger))
		return WHY_EVENT;
	if (!listed(&c->product, o->product))
		return WHY_PRODUCT;
	if (!listed(&c->site, o->site))
		return WHY_SITE;
	if (!country_listed(&c->country, o->country))
		return WHY_COUNTRY;
	if (!listed(&c->plan, o->plan))
		return WHY_PLAN;
	if (c->has_renewal && c->renewal != renewal)
		return renewal ? WHY_RENEWAL : WHY_FIRST_PAYMENT;
	if (!in_amount(s, c))
		return WHY_AMOUNT;
	return unmet_attribute(s, c, out_name);
}

/* Only the first condition that is met counts. */
static void consider_conditions(const struct search *s)
{
	bool met = false;

	for (size_t i = 0; i < s->t->reward_count; i++) {
		const struct condition *c = &s->t->rewards[i];
		struct place at = { .rule = RULE_CONDITION, .index = (int32_t)i };
		enum why why = unmet(s, c, &at.name);

		if (why == WHY_NONE && met)
			why = WHY_EARLIER_MATCH;
		if (why != WHY_NONE)
			skip(s, at, why);
		else
			take(s, &c->offer, at);
		met = met || why == WHY_NONE;
	}
}

int64_t choose_counter(const struct terms *t, const struct counters *c)
{
	const int64_t by[] = {
		[TIERS_NONE] = 0,
		[TIERS_REVENUE] = c->revenue_minor,
		[TIERS_SALES] = c->sales,
		[TIERS_CUSTOMERS] = c->customers,
		[TIERS_PROJECTS] = c->projects,
	};

	return by[t->tiers_by];
}

int32_t choose_tier(const struct terms *t, int64_t value)
{
	int32_t reached = -1;

	while (reached + 1 < (int32_t)t->tier_count && value >= t->tiers[reached + 1].from)
		reached++;
	return reached;
}

static int64_t driven(const struct search *s)
{
	int64_t value = choose_counter(s->t, &s->cr->counters);

	if (s->t->counts_current) {
		struct counters now = accrue_counts(s->t, s->o, s->a, s->credit);

		value += choose_counter(s->t, &now);
	}
	return value;
}

static void consider_tiers(const struct search *s)
{
	if (s->t->tier_count == 0)
		return;

	int64_t value = s->out->driven = driven(s);
	int32_t reached = choose_tier(s->t, value);

	for (int32_t i = (int32_t)s->t->tier_count - 1; i >= 0; i--) {
		struct place at = { .rule = RULE_TIER, .index = i };

		if (i == reached) {
			take(s, &s->t->tiers[i].offer, at);
			continue;
		}
		struct step *step = skip(s, at, i > reached ? WHY_NOT_REACHED : WHY_HIGHER_TIER);

		step->a = value;
		step->b = s->t->tiers[i].from;
	}
}

const struct offer *choose_group(const struct terms *t, struct str name)
{
	for (size_t i = 0; name.n > 0 && i < t->group_count; i++)
		if (str_eq(t->groups[i].name, name))
			return &t->groups[i].offer;
	return NULL;
}

static void consider_group(const struct search *s)
{
	const struct offer *f = choose_group(s->t, s->cr->group);

	if (f)
		take(s, f, (struct place){ .rule = RULE_GROUP, .name = s->cr->group });
}

void choose(const struct input *in, size_t credit, struct accrual *a, struct choice *out)
{
	const struct terms *t = in->terms;
	struct search s = { t, &in->standing->credits[credit], in->event, credit, a, out };

	*out = (struct choice){ .rule = RULE_STANDARD };
	if (in->event->kind != t->trigger) {
		consider_conditions(&s);
		return;
	}
	consider_own(&s);
	consider_override(&s);
	consider_conditions(&s);
	consider_tiers(&s);
	consider_group(&s);
	take(&s, &t->standard, (struct place){ .rule = RULE_STANDARD });
}
