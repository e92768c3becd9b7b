/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_doc.h"

#include "base/check.h"
#include "rules/names.h"

/*
 * The terms in plain English, for pages, agreements and mails. One sentence says one rule; what
 * is as usual (no delay, no window) is not said.
 */
struct words {
	struct buf b; /* the sentence at hand */
	const struct terms *t;
	struct str *out;
	size_t count, max;
};

static struct buf *begin(struct words *w)
{
	buf_init(&w->b, w->b.arena);
	return &w->b;
}

static void end(struct words *w)
{
	CHECK(w->count < w->max);
	buf_char(&w->b, '.');
	w->out[w->count++] = buf_text(&w->b);
}

static void put_count(struct buf *b, int64_t n, const char *one, const char *many)
{
	buf_int(b, n);
	buf_char(b, ' ');
	buf_puts(b, n == 1 ? one : many);
}

static void put_reward(struct buf *b, const struct reward *r)
{
	if (r->type == REWARD_PERCENTAGE) {
		buf_percent(b, r->rate_ppm);
		buf_puts(b, " %");
	} else {
		buf_money(b, r->amount_minor, r->currency);
	}
}

static void put_months(struct buf *b, int32_t months)
{
	if (months == MONTHS_LIFETIME) {
		buf_puts(b, " for every payment, for life");
	} else if (months == 0) {
		buf_puts(b, " for the first payment only");
	} else {
		buf_puts(b, " for the first payment and ");
		put_count(b, months, "renewal", "renewals");
	}
}

static void put_offer(struct buf *b, const struct offer *f)
{
	if (f->reward.type != REWARD_NONE)
		put_reward(b, &f->reward);
	else
		buf_puts(b, "the usual reward");
	if (f->has_months)
		put_months(b, f->recurring_months);
}

static const char *each(enum trigger trigger)
{
	static const char *const texts[] = {
		"payment of a referred customer", "counted click", "lead", "qualified referral",
		"delivered project", "closed deal", "month of the retainer", "goal reached",
	};

	_Static_assert(LEN(texts) == TRIGGER_COUNT, "a text for each trigger");
	return texts[trigger];
}

static void say_standard(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b = begin(w);

	put_reward(b, &t->standard.reward);
	if (t->trigger == TRIGGER_SALE) {
		if (t->standard.reward.type == REWARD_PERCENTAGE)
			buf_puts(b, t->base_gross ? " of the amount paid"
			                          : " of the amount paid without tax and shipping");
		put_months(b, t->standard.recurring_months);
	} else {
		buf_puts(b, " for each ");
		buf_puts(b, each(t->trigger));
	}
	end(w);
}

static void say_limits(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b;

	if (t->delay_invoices > 0) {
		b = begin(w);
		buf_puts(b, "The first ");
		put_count(b, t->delay_invoices, "payment earns nothing", "payments earn nothing");
		end(w);
	}
	if (t->window_days > 0) {
		b = begin(w);
		buf_puts(b, "Only within ");
		put_count(b, t->window_days, "day", "days");
		buf_puts(b, " of the referral");
		end(w);
	}
}

/* A fixed reward does not say of what percentages are. */
static void say_base(struct words *w)
{
	const struct terms *t = w->t;

	if (!t->base_gross
	    || (t->trigger == TRIGGER_SALE && t->standard.reward.type == REWARD_PERCENTAGE))
		return;
	begin(w);
	buf_puts(&w->b, "Percentages are of all that was paid, with tax and shipping");
	end(w);
}

static const char *period_text(enum tiers_period p)
{
	static const char *const texts[] = { "in total", "in a year", "in a quarter",
	                                     "in a month" };

	return texts[p];
}

static void put_from(struct buf *b, const struct terms *t, int64_t from)
{
	static const char *const units[] = { "", "of referred revenue", "sales", "customers",
		                             "delivered projects" };

	if (t->tiers_by == TIERS_REVENUE)
		buf_money(b, from, t->currency);
	else
		buf_int(b, from);
	buf_char(b, ' ');
	buf_puts(b, units[t->tiers_by]);
}

static void say_tiers(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b;

	for (size_t i = 0; i < t->tier_count; i++) {
		b = begin(w);
		put_offer(b, &t->tiers[i].offer);
		buf_puts(b, " from ");
		put_from(b, t, t->tiers[i].from);
		buf_char(b, ' ');
		buf_puts(b, period_text(t->tiers_period));
		if (t->counts_current)
			buf_puts(b, ", the payment itself included");
		end(w);
	}
	if (t->retroactive) {
		begin(w);
		buf_puts(&w->b, "At the end of the period the tier reached counts for all of it");
		end(w);
	}
}

static void put_values(struct buf *b, const char **sep, const char *what,
                       const struct value_list *list)
{
	if (list->count == 0)
		return;
	buf_puts(b, *sep);
	*sep = " and ";
	buf_puts(b, what);
	for (size_t i = 0; i < list->count; i++) {
		buf_puts(b, i == 0 ? " " : i + 1 < list->count ? ", " : " or ");
		buf_str(b, list->values[i]);
	}
}

static void put_test(struct buf *b, const char **sep, const char *text)
{
	buf_puts(b, *sep);
	*sep = " and ";
	buf_puts(b, text);
}

static void put_amounts(struct words *w, const char **sep, const struct condition *x)
{
	struct buf *b = &w->b;

	if (x->has_amount_from) {
		put_test(b, sep, "amounts from ");
		buf_money(b, x->amount_from, w->t->currency);
	}
	if (x->has_amount_below) {
		put_test(b, sep, "amounts below ");
		buf_money(b, x->amount_below, w->t->currency);
	}
}

static void say_condition(struct words *w, const struct condition *x)
{
	struct buf *b = begin(w);
	const char *sep = " for ";

	put_offer(b, &x->offer);
	if (x->has_event) {
		put_test(b, &sep, "each ");
		buf_puts(b, each(x->event));
	}
	put_values(b, &sep, "product", &x->product);
	put_values(b, &sep, "site", &x->site);
	put_values(b, &sep, "customers in", &x->country);
	put_values(b, &sep, "plan", &x->plan);
	if (x->has_renewal)
		put_test(b, &sep, x->renewal ? "renewals" : "first payments");
	put_amounts(w, &sep, x);
	for (size_t i = 0; i < x->attribute_count; i++)
		put_values(b, &sep, x->attributes[i].key.p, &x->attributes[i].values);
	end(w);
}

static void say_groups(struct words *w)
{
	for (size_t i = 0; i < w->t->group_count; i++) {
		struct buf *b = begin(w);

		buf_puts(b, "Partners in the group ");
		buf_str(b, w->t->groups[i].name);
		buf_puts(b, ": ");
		put_offer(b, &w->t->groups[i].offer);
		end(w);
	}
}

static void say_chain(struct words *w)
{
	const struct terms *t = w->t;

	for (size_t i = 0; i < t->level_count; i++) {
		struct buf *b = begin(w);
		bool below = t->chain_compute == CHAIN_CASCADE && i > 0;

		buf_puts(b, "The partner ");
		put_count(b, (int64_t)i + 1, "level above gets ", "levels above gets ");
		buf_percent(b, t->level_ppm[i]);
		buf_puts(b, below ? " % of what the level below gets" : " % of the commission");
		buf_puts(b, t->chain_mode == CHAIN_ON_TOP ? ", on top of it"
		                                          : ", taken from the earner's share");
		end(w);
	}
	if (t->recruiting_ppm > 0) {
		struct buf *b = begin(w);

		buf_puts(b, "Whoever recruited a partner gets ");
		buf_percent(b, t->recruiting_ppm);
		buf_puts(b, " % of that partner's commissions, on top of them and for one level only");
		end(w);
	}
}

static void say_caps(struct words *w)
{
	static const char *const whose[] = { "One partner earns at most ",
		                             "One customer earns partners at most ",
		                             "The campaign pays at most " };

	for (size_t i = 0; i < w->t->cap_count; i++) {
		const struct cap *cap = &w->t->caps[i];
		struct buf *b = begin(w);

		buf_puts(b, whose[cap->scope]);
		buf_money(b, cap->amount_minor, w->t->currency);
		buf_char(b, ' ');
		buf_puts(b, period_text(cap->period));
		end(w);
	}
}

static void say_credit(struct words *w)
{
	static const char *const models[] = {
		"the last contact gets the credit", "the first contact gets the credit",
		"all contacts share the credit equally",
		"the first and the last contact get 40 % each, those between share 20 %",
	};
	const struct attribution_rules *a = &w->t->attribution;
	struct buf *b = begin(w);

	buf_puts(b, "Within ");
	put_count(b, a->cookie_days, "day ", "days ");
	buf_puts(b, models[a->model]);
	end(w);

	b = begin(w);
	buf_puts(b, a->ownership == OWNERSHIP_SALE ? "Each purchase is credited anew"
	                                           : "A customer who has bought stays with the partner");
	if (a->ownership == OWNERSHIP_DAYS) {
		buf_puts(b, " for ");
		put_count(b, a->ownership_days, "day", "days");
	}
	end(w);
}

static bool usual_priority(const struct attribution_rules *a)
{
	static const enum signal usual[] = { SIGNAL_OWNED, SIGNAL_DEAL, SIGNAL_CODE, SIGNAL_LINK,
		                             SIGNAL_UTM };

	for (size_t i = 0; i < LEN(usual); i++)
		if (a->priority_count != LEN(usual) || a->priority[i] != usual[i])
			return false;
	return true;
}

static void say_contacts(struct words *w)
{
	static const char *const texts[] = { "a registered deal", "a code", "a link", "UTM marks",
		                             "being a partner's customer already" };
	const struct attribution_rules *a = &w->t->attribution;
	struct buf *b;

	if (!usual_priority(a)) {
		b = begin(w);
		for (size_t i = 0; i < a->priority_count; i++) {
			buf_puts(b, i == 0 ? "The strongest contact is " : ", then ");
			buf_puts(b, texts[a->priority[i]]);
		}
		buf_puts(b, a->priority_count < SIGNAL_COUNT ? "; others do not count" : "");
		end(w);
	}
	if (a->deal_days != TERMS_DEAL_DAYS) {
		b = begin(w);
		buf_puts(b, "A registered deal is protected for ");
		put_count(b, a->deal_days, "day", "days");
		end(w);
	}
}

static void say_payment(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b = begin(w);

	if (t->hold_days == 0) {
		buf_puts(b, "Commissions are due at once");
	} else {
		buf_puts(b, "Commissions are due after ");
		put_count(b, t->hold_days, "day", "days");
	}
	end(w);
	if (t->minimum_payout_minor > 0) {
		b = begin(w);
		buf_puts(b, "Payouts start at ");
		buf_money(b, t->minimum_payout_minor, t->currency);
		end(w);
	}
}

static void say_clawback_of(struct words *w, const char *cause, enum clawback policy)
{
	struct buf *b = begin(w);

	buf_puts(b, cause);
	if (policy == CLAWBACK_NONE)
		buf_puts(b, "nothing is taken back");
	else if (policy == CLAWBACK_FULL)
		buf_puts(b, "the commission is taken back");
	else
		buf_puts(b, "the part of the commission for the days left is taken back");
	if (policy != CLAWBACK_NONE && w->t->clawback_days > 0) {
		buf_puts(b, " within ");
		put_count(b, w->t->clawback_days, "day", "days");
	}
	end(w);
}

static void say_settling(struct words *w)
{
	struct buf *b;

	if (w->t->clawback_period == PERIOD_LIFETIME)
		return;
	b = begin(w);
	buf_puts(b, "At the end of each ");
	buf_puts(b, period_names[w->t->clawback_period]);
	buf_puts(b, ", what its refunded payments have earned is taken back");
	end(w);
}

size_t terms_doc_sentences(struct arena *a, const struct terms *t, struct str *out, size_t max)
{
	struct words w = { .t = t, .out = out, .max = max };

	w.b.arena = a;
	say_standard(&w);
	say_limits(&w);
	say_base(&w);
	for (size_t i = 0; i < t->reward_count; i++)
		say_condition(&w, &t->rewards[i]);
	say_tiers(&w);
	say_groups(&w);
	say_chain(&w);
	say_caps(&w);
	say_credit(&w);
	say_contacts(&w);
	say_payment(&w);
	say_clawback_of(&w, "When a payment is refunded, ", t->on_refund);
	say_clawback_of(&w, "When a payment is disputed and lost, ", t->on_dispute);
	say_clawback_of(&w, "When the customer leaves, ", t->on_churn);
	if (t->reverse_when_disputed) {
		begin(&w);
		buf_puts(&w.b, "While a payment is disputed, the commission is taken back at once");
		end(&w);
	}
	say_settling(&w);
	return w.count;
}
