/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_words.h"

#include "base/check.h"

/* An offer, and of which events it is one. */
struct said {
	const struct offer *offer;
	enum trigger kind;
	const struct condition *where; /* NULL: no condition */
};

static void put_reward(struct buf *b, const struct reward *r)
{
	if (r->type == REWARD_PERCENTAGE) {
		buf_percent(b, r->rate_ppm);
		buf_puts(b, " %");
	} else if (r->type == REWARD_FIXED) {
		buf_money(b, r->amount_minor, r->currency);
	} else {
		buf_puts(b, "the usual reward");
	}
}

static void put_for_life(struct buf *b, int32_t first, bool renewals)
{
	buf_puts(b, renewals && first <= 1 ? "for every renewal" : "for every payment");
	if (first == 1 && !renewals)
		buf_puts(b, " after the first");
	if (first > 1) {
		buf_puts(b, " after the first ");
		buf_int(b, first);
	}
	buf_puts(b, ", for life");
}

/* `last` renewals of which those below `first` earn nothing; payment 0 is no renewal. */
static void put_until(struct buf *b, int32_t first, int32_t last)
{
	if (last == 0) {
		buf_puts(b, "for the first payment only");
	} else if (first == 0) {
		buf_puts(b, "for the first payment and ");
		words_count(b, last, "renewal", "renewals");
	} else if (first == 1) {
		buf_puts(b, "for the first ");
		if (last > 1)
			buf_int(b, last);
		buf_puts(b, last > 1 ? " renewals" : "renewal only");
	} else {
		buf_puts(b, first < last ? "for renewals " : "for renewal ");
		buf_int(b, first);
		if (first < last) {
			buf_puts(b, " to ");
			buf_int(b, last);
		} else {
			buf_puts(b, " only");
		}
	}
}

/* Only sales have renewals, and first payments are paid once. */
static bool has_duration(const struct said *s)
{
	return s->offer->has_months && s->kind == TRIGGER_SALE
	    && !(s->where && s->where->has_renewal && !s->where->renewal);
}

static bool put_duration(struct words *w, const struct said *s, const char *sep)
{
	bool renewals = s->where && s->where->has_renewal && s->where->renewal;
	int32_t last = s->offer->recurring_months, first = w->t->delay_invoices;

	if (!has_duration(s))
		return false;
	if (renewals && first == 0)
		first = 1;
	buf_puts(&w->b, sep);
	if (last == MONTHS_LIFETIME)
		put_for_life(&w->b, first, renewals);
	else
		put_until(&w->b, first, last);
	return true;
}

/* The reward of a tier or a group. */
static bool put_offer(struct words *w, const struct offer *f)
{
	const struct said s = { f, w->t->trigger, NULL };

	put_reward(&w->b, &f->reward);
	return put_duration(w, &s, " ");
}

static const char *each(enum trigger kind)
{
	static const char *const texts[] = {
		"payment of a referred customer", "counted click", "lead", "qualified referral",
		"delivered project", "closed deal", "month of the retainer", "goal reached",
	};

	_Static_assert(LEN(texts) == TRIGGER_COUNT, "a text for each trigger");
	return texts[kind];
}

static const char *itself(enum trigger kind)
{
	static const char *const texts[] = {
		"payment", "click", "lead", "referral", "project", "deal", "month", "goal",
	};

	_Static_assert(LEN(texts) == TRIGGER_COUNT, "a text for each trigger");
	return texts[kind];
}

/* Does an event of this kind add to what the tiers count? */
static bool is_counted(const struct terms *t)
{
	if (t->tiers_by == TIERS_REVENUE)
		return t->trigger != TRIGGER_CLICK && t->trigger != TRIGGER_LEAD
		    && t->trigger != TRIGGER_RETAINER;
	return t->trigger == (t->tiers_by == TIERS_PROJECTS ? TRIGGER_PROJECT_DELIVERED
	                                                    : TRIGGER_SALE);
}

static void put_each(struct buf *b, const struct reward *r, const char *what)
{
	buf_puts(b, r->type == REWARD_PERCENTAGE ? " of its amount for each " : " for each ");
	buf_puts(b, what);
}

static void say_standard(struct words *w)
{
	const struct terms *t = w->t;
	const struct said s = { &t->standard, t->trigger, NULL };
	struct buf *b = words_begin(w);

	put_reward(b, &t->standard.reward);
	if (t->trigger != TRIGGER_SALE)
		put_each(b, &t->standard.reward, each(t->trigger));
	else if (t->standard.reward.type == REWARD_PERCENTAGE)
		buf_puts(b, t->base_gross ? " of the amount paid"
		                          : " of the amount paid without tax and shipping");
	put_duration(w, &s, " ");
	words_end(w);
}

static void say_limits(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b;

	if (t->delay_invoices > 0) {
		b = words_begin(w);
		buf_puts(b, "The first ");
		if (t->delay_invoices > 1) {
			buf_int(b, t->delay_invoices);
			buf_char(b, ' ');
		}
		buf_puts(b, t->delay_invoices == 1 ? "payment earns nothing"
		                                   : "payments earn nothing");
		words_end(w);
	}
	if (t->window_days > 0) {
		b = words_begin(w);
		buf_puts(b, "Only within ");
		words_count(b, t->window_days, "day", "days");
		buf_puts(b, " of the referral");
		words_end(w);
	}
}

/* A fixed reward does not say of what percentages are. */
static void say_base(struct words *w)
{
	const struct terms *t = w->t;

	if (!t->base_gross
	    || (t->trigger == TRIGGER_SALE && t->standard.reward.type == REWARD_PERCENTAGE))
		return;
	words_begin(w);
	buf_puts(&w->b, "Percentages are of all that was paid, with tax and shipping");
	words_end(w);
}

static void put_from(struct buf *b, const struct terms *t, int64_t from)
{
	if (t->tiers_by == TIERS_REVENUE) {
		buf_money(b, from, t->currency);
		buf_puts(b, " of referred revenue");
	} else if (t->tiers_by == TIERS_SALES) {
		words_count(b, from, "sale", "sales");
	} else if (t->tiers_by == TIERS_CUSTOMERS) {
		words_count(b, from, "customer", "customers");
	} else {
		words_count(b, from, "delivered project", "delivered projects");
	}
}

static void say_tiers(struct words *w)
{
	const struct terms *t = w->t;

	for (size_t i = 0; i < t->tier_count; i++) {
		struct buf *b = words_begin(w);

		buf_puts(b, put_offer(w, &t->tiers[i].offer) ? ", from " : " from ");
		put_from(b, t, t->tiers[i].from);
		buf_char(b, ' ');
		buf_puts(b, words_period(t->tiers_period));
		if (t->counts_current && is_counted(t)) {
			buf_puts(b, ", the ");
			buf_puts(b, itself(t->trigger));
			buf_puts(b, " itself included");
		}
		words_end(w);
	}
	if (t->retroactive) {
		words_begin(w);
		buf_puts(&w->b, "At the end of the period the tier reached counts for all of it");
		words_end(w);
	}
}

static void put_test(struct buf *b, const char **sep, const char *text)
{
	buf_puts(b, *sep);
	*sep = " and ";
	buf_puts(b, text);
}

static void put_values(struct buf *b, const char **sep, const char *what,
                       const struct value_list *list)
{
	if (list->count == 0)
		return;
	put_test(b, sep, what);
	for (size_t i = 0; i < list->count; i++) {
		buf_puts(b, i == 0 ? " " : i + 1 < list->count ? ", " : " or ");
		buf_str(b, list->values[i]);
	}
}

static void put_amounts(struct words *w, const char **sep, const struct condition *x)
{
	struct buf *b = &w->b;

	if (x->has_amount_from) {
		put_test(b, sep, "amounts from ");
		buf_money(b, x->amount_from, w->t->currency);
	}
	if (x->has_amount_below) {
		put_test(b, sep, x->has_amount_from ? "below " : "amounts below ");
		buf_money(b, x->amount_below, w->t->currency);
	}
}

static const char *each_that_meets(const struct condition *x)
{
	if (x->event != TRIGGER_SALE || !x->has_renewal)
		return each(x->event);
	return x->renewal ? "renewal" : "first payment";
}

static void say_condition(struct words *w, const struct condition *x)
{
	const struct said s = { &x->offer, x->has_event ? x->event : w->t->trigger, x };
	struct buf *b = words_begin(w);
	const char *sep = " for ";

	if (x->offer.reward.type == REWARD_NONE)
		buf_puts(b, "The usual reward");
	else
		put_reward(b, &x->offer.reward);
	if (x->has_event)
		put_each(b, &x->offer.reward, each_that_meets(x));
	if (put_duration(w, &s, x->has_event ? ", " : " ") || x->has_event)
		sep = ", for ";
	put_values(b, &sep, "product", &x->product);
	put_values(b, &sep, "site", &x->site);
	put_values(b, &sep, "customers in", &x->country);
	put_values(b, &sep, "plan", &x->plan);
	if (x->has_renewal && !x->has_event && !(x->renewal && has_duration(&s)))
		put_test(b, &sep, x->renewal ? "renewals" : "first payments");
	put_amounts(w, &sep, x);
	for (size_t i = 0; i < x->attribute_count; i++)
		put_values(b, &sep, x->attributes[i].key.p, &x->attributes[i].values);
	words_end(w);
}

static void say_groups(struct words *w)
{
	for (size_t i = 0; i < w->t->group_count; i++) {
		struct buf *b = words_begin(w);

		buf_puts(b, "Partners in the group ");
		buf_str(b, w->t->groups[i].name);
		buf_puts(b, ": ");
		put_offer(w, &w->t->groups[i].offer);
		words_end(w);
	}
}

void words_earned(struct words *w)
{
	say_standard(w);
	say_limits(w);
	say_base(w);
	for (size_t i = 0; i < w->t->reward_count; i++)
		say_condition(w, &w->t->rewards[i]);
	say_tiers(w);
	say_groups(w);
}
