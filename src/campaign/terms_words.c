/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_words.h"

#include "base/check.h"
#include "campaign/terms_sense.h"
#include "rules/names.h"

struct buf *words_begin(struct words *w)
{
	buf_init(&w->b, w->b.arena);
	return &w->b;
}

void words_end(struct words *w)
{
	CHECK(w->count < w->max);
	buf_char(&w->b, '.');
	w->out[w->count++] = buf_text(&w->b);
}

void words_count(struct buf *b, int64_t n, const char *one, const char *many)
{
	buf_int(b, n);
	buf_char(b, ' ');
	buf_puts(b, n == 1 ? one : many);
}

const char *words_period(enum tiers_period p)
{
	static const char *const texts[] = { "in total", "in a year", "in a quarter",
	                                     "in a month" };

	return texts[p];
}

static void say_chain(struct words *w)
{
	const struct terms *t = w->t;

	for (size_t i = 0; i < t->level_count; i++) {
		struct buf *b = words_begin(w);
		bool below = t->chain_compute == CHAIN_CASCADE && i > 0;

		buf_puts(b, "The partner ");
		words_count(b, (int64_t)i + 1, "level above gets ", "levels above gets ");
		buf_percent(b, t->level_ppm[i]);
		buf_puts(b, below ? " % of what the level below gets" : " % of the commission");
		buf_puts(b, t->chain_mode == CHAIN_ON_TOP ? ", on top of it"
		                                          : ", taken from the earner's share");
		words_end(w);
	}
	if (t->recruiting_ppm > 0) {
		struct buf *b = words_begin(w);

		buf_puts(b, "Whoever recruited a partner gets ");
		buf_percent(b, t->recruiting_ppm);
		buf_puts(b, " % of that partner's commissions, on top of them and for one level only");
		words_end(w);
	}
}

static void say_caps(struct words *w)
{
	static const char *const whose[] = { "One partner earns at most ",
		                             "One customer earns partners at most ",
		                             "The campaign pays at most " };

	for (size_t i = 0; i < w->t->cap_count; i++) {
		const struct cap *cap = &w->t->caps[i];
		struct buf *b = words_begin(w);

		buf_puts(b, whose[cap->scope]);
		buf_money(b, cap->amount_minor, w->t->currency);
		buf_char(b, ' ');
		buf_puts(b, words_period(cap->period));
		words_end(w);
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
	struct buf *b = words_begin(w);

	buf_puts(b, "Within ");
	words_count(b, a->cookie_days, "day ", "days ");
	buf_puts(b, models[a->model]);
	words_end(w);

	b = words_begin(w);
	buf_puts(b, a->ownership == OWNERSHIP_SALE ? "Each purchase is credited anew"
	                                           : "A customer who has bought stays with the partner");
	if (a->ownership == OWNERSHIP_DAYS) {
		buf_puts(b, " for ");
		words_count(b, a->ownership_days, "day", "days");
	}
	words_end(w);
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
		b = words_begin(w);
		for (size_t i = 0; i < a->priority_count; i++) {
			buf_puts(b, i == 0 ? "The strongest contact is " : ", then ");
			buf_puts(b, texts[a->priority[i]]);
		}
		buf_puts(b, a->priority_count < SIGNAL_COUNT ? "; others do not count" : "");
		words_end(w);
	}
	if (a->deal_days != TERMS_DEAL_DAYS) {
		b = words_begin(w);
		buf_puts(b, "A registered deal is protected for ");
		words_count(b, a->deal_days, "day", "days");
		words_end(w);
	}
}

static void say_payment(struct words *w)
{
	const struct terms *t = w->t;
	struct buf *b = words_begin(w);

	if (t->hold_days == 0) {
		buf_puts(b, "Commissions are due at once");
	} else {
		buf_puts(b, "Commissions are due after ");
		words_count(b, t->hold_days, "day", "days");
	}
	words_end(w);
	if (t->minimum_payout_minor > 0) {
		b = words_begin(w);
		buf_puts(b, "Payouts start at ");
		buf_money(b, t->minimum_payout_minor, t->currency);
		words_end(w);
	}
}

/* What is taken back, of a campaign that pays for something that can be. */
static const char *taken_back(enum trigger kind)
{
	static const char *const texts[] = {
		"a payment", NULL, "a lead", "a qualified referral", "a delivered project",
		"a closed deal", "a month of the retainer", "a goal",
	};

	_Static_assert(LEN(texts) == TRIGGER_COUNT, "a text for each trigger");
	return texts[kind];
}

/* Payments before all else, then what the campaign is for; NULL: clicks alone. */
static const char *what_is_taken_back(const struct terms *t)
{
	const char *what = taken_back(t->trigger);

	for (size_t i = 0; i < t->reward_count; i++) {
		if (!t->rewards[i].has_event)
			continue;
		if (t->rewards[i].event == TRIGGER_SALE)
			return taken_back(TRIGGER_SALE);
		if (!what)
			what = taken_back(t->rewards[i].event);
	}
	return what;
}

static void say_clawback_of(struct words *w, const char *what, const char *becomes,
                            enum clawback policy)
{
	struct buf *b = words_begin(w);

	buf_puts(b, "When ");
	buf_puts(b, what);
	buf_puts(b, becomes);
	if (policy == CLAWBACK_NONE)
		buf_puts(b, "nothing is taken back");
	else if (policy == CLAWBACK_FULL)
		buf_puts(b, "the commission is taken back");
	else
		buf_puts(b, "the part of the commission for the days left is taken back");
	if (policy != CLAWBACK_NONE && w->t->clawback_days > 0) {
		buf_puts(b, " within ");
		words_count(b, w->t->clawback_days, "day", "days");
	}
	words_end(w);
}

static void say_settling(struct words *w, bool payments)
{
	struct buf *b;

	if (w->t->clawback_period == PERIOD_LIFETIME)
		return;
	b = words_begin(w);
	buf_puts(b, "At the end of each ");
	buf_puts(b, period_names[w->t->clawback_period]);
	buf_puts(b, payments ? ", what its refunded payments have earned is taken back"
	                     : ", what was earned by what has been withdrawn is taken back");
	words_end(w);
}

static void say_clawback(struct words *w)
{
	const struct terms *t = w->t;
	const char *what = what_is_taken_back(t);
	bool payments = what == taken_back(TRIGGER_SALE);

	if (!what)
		return;
	say_clawback_of(w, what, payments ? " is refunded, " : " is withdrawn, ", t->on_refund);
	say_clawback_of(w, what, " is disputed and lost, ", t->on_dispute);
	if (terms_sense_customers(t))
		say_clawback_of(w, "the customer", " leaves, ", t->on_churn);
	if (t->reverse_when_disputed) {
		words_begin(w);
		buf_puts(&w->b, "While ");
		buf_puts(&w->b, what);
		buf_puts(&w->b, " is disputed, the commission is taken back at once");
		words_end(w);
	}
	say_settling(w, payments);
}

size_t terms_doc_sentences(struct arena *a, const struct terms *t, struct str *out, size_t max)
{
	struct words w = { .t = t, .out = out, .max = max };

	w.b.arena = a;
	words_earned(&w);
	say_chain(&w);
	say_caps(&w);
	if (terms_sense_customers(t)) {
		say_credit(&w);
		say_contacts(&w);
	}
	say_payment(&w);
	say_clawback(&w);
	return w.count;
}
