/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_sense.h"

#include "campaign/terms_cache.h"
#include "campaign/terms_version.h"

#include <stdio.h>

static enum trigger kind_of(const struct terms *t, const struct condition *w)
{
	return w->has_event ? w->event : t->trigger;
}

/* Is any kind of event that the campaign pays for as the test wants? */
static bool any_kind(const struct terms *t, bool (*is)(enum trigger kind))
{
	for (size_t i = 0; i < t->reward_count; i++)
		if (is(kind_of(t, &t->rewards[i])))
			return true;
	return is(t->trigger);
}

static bool is_sale(enum trigger kind)
{
	return kind == TRIGGER_SALE;
}

static bool has_price(enum trigger kind)
{
	return kind != TRIGGER_CLICK && kind != TRIGGER_LEAD && kind != TRIGGER_RETAINER;
}

/* Clicks are paid by the hour and retainers by the month, neither for a customer. */
static bool has_customer(enum trigger kind)
{
	return kind != TRIGGER_CLICK && kind != TRIGGER_RETAINER;
}

/* ---- One offer. */

static bool ends(const struct offer *f)
{
	return f->has_months && f->recurring_months != MONTHS_LIFETIME;
}

static bool check_reward(struct ctx *c, enum trigger kind, const struct offer *f,
                         const char *field)
{
	if (f->reward.type != REWARD_PERCENTAGE || has_price(kind))
		return true;
	return fail(c, ERR_INVALID, field, "must be a fixed amount: a click, lead or retainer has"
	            " no amount to take a percentage of");
}

static bool check_months(struct ctx *c, const struct terms *t, enum trigger kind,
                         const struct offer *f)
{
	if (!ends(f))
		return true;
	if (!is_sale(kind))
		return fail(c, ERR_INVALID, "recurring_months",
		            "means nothing here: only sales have renewals");
	if (f->recurring_months < t->delay_invoices)
		return fail(c, ERR_INVALID, "recurring_months",
		            "pays nothing: delay_invoices skips more than it covers");
	return true;
}

static bool check_offer(struct ctx *c, const struct terms *t, enum trigger kind,
                        const struct offer *f)
{
	return check_reward(c, kind, f, "reward/type") && check_months(c, t, kind, f);
}

bool terms_sense_offer(struct ctx *c, const struct terms *t, const struct offer *f)
{
	return check_reward(c, t->trigger, f, "reward") && check_months(c, t, t->trigger, f);
}

/* ---- Conditions. */

/* The longest that a level below the conditions lets the campaign's events be paid. */
static int32_t usual_months(const struct terms *t)
{
	int32_t most = t->standard.recurring_months;

	for (size_t i = 0; i < t->tier_count + t->group_count; i++) {
		const struct offer *f = i < t->tier_count ? &t->tiers[i].offer
		                                          : &t->groups[i - t->tier_count].offer;

		if (most == MONTHS_LIFETIME || !f->has_months)
			continue;
		if (f->recurring_months == MONTHS_LIFETIME || f->recurring_months > most)
			most = f->recurring_months;
	}
	return most;
}

static bool check_renewal(struct ctx *c, const struct terms *t, const struct condition *w)
{
	int32_t months = w->offer.has_months ? w->offer.recurring_months : usual_months(t);

	if (!w->has_renewal)
		return true;
	if (!is_sale(kind_of(t, w)))
		return fail(c, ERR_INVALID, "if/recurring",
		            w->renewal ? "is never met: only sales have renewals"
		                       : "means nothing here: only sales have renewals");
	if (!w->renewal && t->delay_invoices > 0)
		return fail(c, ERR_INVALID, "if/recurring",
		            "never counts: delay_invoices has first payments earn nothing");
	if (!w->renewal || months != 0)
		return true;
	if (w->offer.has_months)
		return fail(c, ERR_INVALID, "recurring_months",
		            "pays nothing: 0 is the first payment only, and this is for renewals");
	/* An event of another kind than the trigger is asked of conditions alone. */
	if (kind_of(t, w) != t->trigger)
		return true;
	return fail(c, ERR_INVALID, "recurring_months",
	            "is required: this is for renewals, and the campaign pays for the first payment"
	            " only");
}

static bool within(const struct value_list *some, const struct value_list *all)
{
	if (all->count == 0)
		return true;
	for (size_t i = 0; i < some->count; i++) {
		size_t k = 0;

		while (k < all->count && !str_eq(some->values[i], all->values[k]))
			k++;
		if (k == all->count)
			return false;
	}
	return some->count > 0;
}

static bool amount_within(const struct condition *x, const struct condition *all)
{
	if (!all->has_amount_from && !all->has_amount_below)
		return true;
	if (!x->has_amount_from && !x->has_amount_below)
		return false;
	if (all->has_amount_from && all->amount_from > (x->has_amount_from ? x->amount_from : 0))
		return false;
	return !all->has_amount_below
	    || (x->has_amount_below && x->amount_below <= all->amount_below);
}

static bool attribute_within(const struct condition *x, const struct attribute_test *all)
{
	for (size_t i = 0; i < x->attribute_count; i++)
		if (str_eq(x->attributes[i].key, all->key)
		    && within(&x->attributes[i].values, &all->values))
			return true;
	return false;
}

/* Is every event that meets x sure to meet `all` as well? */
static bool covers(const struct terms *t, const struct condition *all, const struct condition *x)
{
	if (kind_of(t, all) != kind_of(t, x) || !within(&x->product, &all->product)
	    || !within(&x->site, &all->site) || !within(&x->country, &all->country)
	    || !within(&x->plan, &all->plan) || !amount_within(x, all))
		return false;
	if (all->has_renewal && (!x->has_renewal || x->renewal != all->renewal))
		return false;
	for (size_t i = 0; i < all->attribute_count; i++)
		if (!attribute_within(x, &all->attributes[i]))
			return false;
	return true;
}

static bool check_earlier(struct ctx *c, const struct terms *t, size_t i)
{
	const struct condition *w = &t->rewards[i];

	for (size_t k = 0; k < i; k++) {
		if (!covers(t, &t->rewards[k], w))
			continue;
		if (covers(t, w, &t->rewards[k]))
			return fail(c, ERR_INVALID, "if", "never counts: reward %zu of this list has"
			            " the same conditions", k + 1);
		return fail(c, ERR_INVALID, "if", "never counts: whatever meets it meets reward %zu"
		            " of this list first", k + 1);
	}
	return true;
}

static bool check_condition(struct ctx *c, const struct terms *t, size_t i)
{
	const struct condition *w = &t->rewards[i];

	if ((w->has_amount_from || w->has_amount_below) && !has_price(kind_of(t, w)))
		return fail(c, ERR_INVALID, "if/amount",
		            "is never met: a click, lead or retainer has no amount");
	if (kind_of(t, w) != t->trigger && w->offer.reward.type == REWARD_NONE)
		return fail(c, ERR_INVALID, "reward", "is required: nothing else pays for such events");
	return check_renewal(c, t, w) && check_offer(c, t, kind_of(t, w), &w->offer)
	    && check_earlier(c, t, i);
}

/* ---- All of it. */

static bool fail_at(struct ctx *c, const char *list, size_t i)
{
	char number[24];

	snprintf(number, sizeof(number), "%zu", i);
	fail_under(c, number);
	return fail_under(c, list);
}

static bool check_usual(struct ctx *c, const struct terms *t)
{
	if (t->delay_invoices > 0 && !any_kind(t, is_sale))
		return fail(c, ERR_INVALID, "delay_invoices",
		            "means nothing here: only sales have invoices");
	return check_offer(c, t, t->trigger, &t->standard);
}

bool terms_sense_customers(const struct terms *t)
{
	return any_kind(t, has_customer);
}

bool terms_sense(struct ctx *c, const struct terms *t)
{
	if (!check_usual(c, t))
		return false;
	for (size_t i = 0; i < t->tier_count; i++)
		if (!check_offer(c, t, t->trigger, &t->tiers[i].offer))
			return fail_at(c, "tiers/steps", i);
	for (size_t i = 0; i < t->reward_count; i++)
		if (!check_condition(c, t, i))
			return fail_at(c, "rewards", i);
	for (size_t i = 0; i < t->group_count; i++)
		if (!check_offer(c, t, t->trigger, &t->groups[i].offer)) {
			fail_under(c, t->groups[i].name.p);
			return fail_under(c, "groups");
		}
	return true;
}

bool terms_sense_offer_of(struct ctx *c, int64_t campaign_id, const struct offer *f)
{
	const struct terms *latest;
	struct terms_in_force now;
	struct list versions;
	struct err why;

	if (!terms_in_force(c, campaign_id, c->now_ms, &now)
	    || !terms_list(c, campaign_id, INT64_MAX, 1, &versions)
	    || !terms_compiled(c, ((const struct terms_version *)versions.items)->id, &latest))
		return false;
	if (terms_sense_offer(c, now.terms, f))
		return true;
	why = c->err;
	fail_clear(c);
	if (terms_sense_offer(c, latest, f))
		return true;
	c->err = why;
	return false;
}
