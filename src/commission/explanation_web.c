/* SPDX-License-Identifier: Apache-2.0 */
#include "commission/explanation_web.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "campaign/terms_version.h"
#include "data/json.h"
#include "rules/input.h"
#include "rules/names.h"
#include "web/say.h"

#include <ctype.h>

/* One explanation on its way; cur is the currency that the steps so far ended in. */
struct telling {
	struct page *p;
	struct arena *a;
	const json_t *terms; /* the document, or NULL */
	const json_t *step;
	struct str cur;
	struct str sentence;
	json_t *row;
};

static struct str text_of(const struct telling *t, const char *key)
{
	return json_text(json_object_get(t->step, key));
}

static int64_t number_of(const struct telling *t, const char *key)
{
	return json_integer_value(json_object_get(t->step, key));
}

static bool has(const struct telling *t, const char *key)
{
	const json_t *v = json_object_get(t->step, key);

	return v && !json_is_null(v);
}

static struct str money_of(const struct telling *t, const char *key)
{
	return say_money(t->p, number_of(t, key), t->cur);
}

static struct str date_of(const struct telling *t, const char *key)
{
	int64_t at;

	return time_parse(text_of(t, key), &at) ? say_date(t->p, at) : text_of(t, key);
}

static void set(const struct telling *t, const char *key, struct str s)
{
	json_set_str(t->row, key, s);
}

#define SAY(...) arena_printf(t->a, __VA_ARGS__)

/* Where a tier begins, in what its terms count: "5,000.00 USD", "10 sales". */
static struct str tier_from(const struct telling *t, int64_t from)
{
	const json_t *tiers = json_object_get(t->terms, "tiers");
	struct str by = json_text(json_object_get(tiers, "by"));

	if (str_is(by, "revenue"))
		return say_money(t->p, from, t->cur);
	return SAY("%lld %.*s", (long long)from, STR_ARG(by));
}

static struct str rule_text(const struct telling *t)
{
	struct str rule = text_of(t, "rule");
	const json_t *tiers = json_object_get(json_object_get(t->terms, "tiers"), "steps");
	const json_t *tier = json_array_get(tiers, (size_t)number_of(t, "index"));

	if (str_is(rule, "own"))
		return STR("The link's or code's own reward");
	if (str_is(rule, "override"))
		return STR("The partner's own reward");
	if (str_is(rule, "condition"))
		return SAY("Conditional reward %lld", (long long)number_of(t, "index") + 1);
	if (str_is(rule, "group"))
		return SAY("Group %.*s", STR_ARG(text_of(t, "group")));
	if (str_is(rule, "tier") && tier)
		return SAY("Tier from %.*s", STR_ARG(tier_from(t, json_integer_value(
		                                                          json_object_get(tier,
		                                                                          "from")))));
	if (str_is(rule, "default"))
		return STR("The campaign's default");
	return say_words(t->a, rule);
}

static void tell_base(struct telling *t)
{
	struct buf b;

	buf_init(&b, t->a);
	buf_str(&b, money_of(t, "amount"));
	if (number_of(t, "tax"))
		buf_printf(&b, " − %.*s tax", STR_ARG(money_of(t, "tax")));
	if (number_of(t, "shipping"))
		buf_printf(&b, " − %.*s shipping", STR_ARG(money_of(t, "shipping")));
	set(t, "what", str_is(text_of(t, "base"), "gross") ? STR("Amount that counts, gross")
	                                                   : STR("Amount that counts, net"));
	set(t, "input", buf_text(&b));
	set(t, "result", money_of(t, "result"));
}

/* " = 1.1 USD"; of the euro itself nothing. */
static struct str rate_text(const struct telling *t, const char *currency, const char *rate)
{
	if (str_is(text_of(t, currency), "EUR"))
		return STR("");
	return SAY(" = %.*s %.*s", STR_ARG(text_of(t, rate)), STR_ARG(text_of(t, currency)));
}

static void tell_convert(struct telling *t)
{
	set(t, "what", STR("Exchange rate"));
	set(t, "input", SAY("%.*s, 1 EUR%.*s%.*s, ECB of %.*s",
	                    STR_ARG(say_money(t->p, number_of(t, "of"), text_of(t, "from"))),
	                    STR_ARG(rate_text(t, "from", "from_rate")),
	                    STR_ARG(rate_text(t, "to", "to_rate")),
	                    STR_ARG(text_of(t, "date"))));
	set(t, "result", money_of(t, "result"));
}

static const struct {
	const char *why, *text;
} losses[] = {
	{ "outranked", "A rule that comes first applies" },
	{ "earlier_match", "An earlier condition applies" },
	{ "higher_tier", "A higher tier is reached" },
	{ "event", "Not for this kind of event" },
	{ "product", "Another product" },
	{ "site", "Another site" },
	{ "country", "Another country" },
	{ "plan", "Another plan" },
	{ "renewal", "It is not a renewal" },
	{ "first_payment", "It is not the first payment" },
	{ "amount", "The amount does not fit" },
	{ "attribute", "An attribute does not fit" },
};

static struct str loss(const struct telling *t)
{
	struct str why = text_of(t, "why");

	if (str_is(why, "not_reached"))
		return SAY("Not reached: %.*s of %.*s", STR_ARG(tier_from(t, number_of(t, "is"))),
		           STR_ARG(tier_from(t, number_of(t, "from"))));
	if (str_is(why, "not_yet"))
		return SAY("Begins on %.*s", STR_ARG(date_of(t, "from")));
	if (str_is(why, "expired"))
		return SAY("Ended on %.*s", STR_ARG(date_of(t, "until")));
	for (size_t i = 0; i < LEN(losses); i++)
		if (str_is(why, losses[i].why))
			return str_from(losses[i].text);
	return say_words(t->a, why);
}

static void tell_skip(struct telling *t)
{
	set(t, "what", rule_text(t));
	set(t, "input", loss(t));
	set(t, "result", STR("Not used"));
	json_set_bool(t->row, "lost", true);
}

/* "; 1,250.00 USD driven before", of a tier that was taken. */
static struct str driven(const struct telling *t)
{
	const json_t *tiers = json_object_get(t->terms, "tiers");

	if (!has(t, "is"))
		return STR("");
	return SAY("; %.*s driven %s", STR_ARG(tier_from(t, number_of(t, "is"))),
	           json_is_true(json_object_get(tiers, "counts_current")) ? "with this" : "before");
}

static void tell_percent(struct telling *t)
{
	set(t, "what", rule_text(t));
	set(t, "input", SAY("%.*s %% of %.*s%.*s", STR_ARG(text_of(t, "rate")),
	                    STR_ARG(money_of(t, "of")), STR_ARG(driven(t))));
	set(t, "result", money_of(t, "result"));
	json_set_bool(t->row, "hit", true);
}

static void tell_fixed(struct telling *t)
{
	struct str amount = money_of(t, "amount"), reached = driven(t);
	long long quantity = number_of(t, "quantity"), of = number_of(t, "quantity_of");

	set(t, "what", rule_text(t));
	if (!has(t, "quantity"))
		set(t, "input", SAY("%.*s, fixed%.*s", STR_ARG(amount), STR_ARG(reached)));
	else if (of == 1)
		set(t, "input", SAY("%.*s × %lld%.*s", STR_ARG(amount), quantity,
		                    STR_ARG(reached)));
	else
		set(t, "input", SAY("%.*s × %lld/%lld%.*s", STR_ARG(amount), quantity, of,
		                    STR_ARG(reached)));
	set(t, "result", money_of(t, "result"));
	json_set_bool(t->row, "hit", true);
}

static void tell_duration(struct telling *t)
{
	int64_t payment = number_of(t, "invoice") + 1, months = number_of(t, "months");
	bool ends = has(t, "months"), over = ends && payment > months + 1;

	set(t, "what", STR("Duration"));
	set(t, "input", !ends         ? SAY("Payment %lld; every payment earns", (long long)payment)
	                : months == 0 ? SAY("Payment %lld; only the first one earns",
	                                    (long long)payment)
	                              : SAY("Payment %lld; the first and %lld renewals earn",
	                                    (long long)payment, (long long)months));
	set(t, "result", over ? STR("Earns nothing") : STR("Earns"));
}

static void tell_window(struct telling *t)
{
	set(t, "what", STR("Window after the referral"));
	set(t, "input", SAY("Referred %.*s, paid %.*s, within %lld days",
	                    STR_ARG(date_of(t, "referred_at")), STR_ARG(date_of(t, "at")),
	                    (long long)number_of(t, "days")));
	set(t, "result", STR("Inside"));
}

static void tell_share(struct telling *t)
{
	const json_t *shares = json_object_get(t->step, "shares");
	int64_t ppm = json_integer_value(json_array_get(shares, (size_t)number_of(t, "part")));

	set(t, "what", STR("Share of this partner"));
	set(t, "input", SAY("%.*s %% of %.*s, one of %zu", STR_ARG(percent_text(t->a, ppm)),
	                    STR_ARG(money_of(t, "of")), json_array_size(shares)));
	set(t, "result", money_of(t, "result"));
}

static void tell_override(struct telling *t)
{
	bool chain = str_is(text_of(t, "step"), "override");

	set(t, "what", chain ? SAY("Chain, level %lld", (long long)number_of(t, "level"))
	                     : STR("Recruiting"));
	set(t, "input", SAY("%.*s %% of the %.*s of the partner below", STR_ARG(text_of(t, "rate")),
	                    STR_ARG(money_of(t, "of"))));
	set(t, "result", money_of(t, "result"));
	json_set_bool(t->row, "hit", true);
}

static void tell_true_up(struct telling *t)
{
	int64_t before = number_of(t, "before");

	set(t, "what", SAY("True-up of %.*s", STR_ARG(text_of(t, "period"))));
	set(t, "input", before ? SAY("%.*s in the end, %.*s earned, %.*s trued up before",
	                             STR_ARG(money_of(t, "is")), STR_ARG(money_of(t, "was")),
	                             STR_ARG(money_of(t, "before")))
	                       : SAY("%.*s in the end, %.*s earned",
	                             STR_ARG(money_of(t, "is")), STR_ARG(money_of(t, "was"))));
	set(t, "result", money_of(t, "result"));
	json_set_bool(t->row, "hit", true);
}

static void tell_restated(struct telling *t)
{
	int64_t before = number_of(t, "before");
	struct str by = has(t, "version") ? SAY("version %lld", (long long)number_of(t, "version"))
	                                  : STR("the restatement");

	set(t, "what", STR("Restated"));
	set(t, "input", before ? SAY("%.*s by %.*s, %.*s as it was, %.*s restated before",
	                             STR_ARG(money_of(t, "is")), STR_ARG(by),
	                             STR_ARG(money_of(t, "was")), STR_ARG(money_of(t, "before")))
	                       : SAY("%.*s by %.*s, %.*s as it was", STR_ARG(money_of(t, "is")),
	                             STR_ARG(by), STR_ARG(money_of(t, "was"))));
	set(t, "result", money_of(t, "result"));
	json_set_bool(t->row, "hit", true);
}

static void tell_left(struct telling *t)
{
	set(t, "what", STR("Limited to what is left"));
	set(t, "input", SAY("of %.*s", STR_ARG(money_of(t, "of"))));
	set(t, "result", money_of(t, "result"));
}

static void tell_give(struct telling *t)
{
	set(t, "what", STR("Less the part of a partner above"));
	set(t, "input", SAY("%.*s − %.*s", STR_ARG(money_of(t, "of")), STR_ARG(money_of(t, "amount"))));
	set(t, "result", money_of(t, "result"));
}

static void tell_cap(struct telling *t)
{
	set(t, "what", SAY("Cap per %.*s, %.*s", STR_ARG(text_of(t, "scope")),
	                   STR_ARG(text_of(t, "period"))));
	set(t, "input", SAY("%.*s of %.*s used; %.*s cut off", STR_ARG(money_of(t, "used")),
	                    STR_ARG(money_of(t, "limit")), STR_ARG(money_of(t, "cut"))));
	set(t, "result", money_of(t, "result"));
}

static void tell_hold(struct telling *t)
{
	json_t *holds = json_array(), *why;
	struct buf b;
	size_t i;

	buf_init(&b, t->a);
	json_array_foreach(json_object_get(t->step, "why"), i, why) {
		struct str text = explanation_hold(t->a, json_text(why));

		buf_printf(&b, "%s%.*s", i ? "; " : "", STR_ARG(text));
		json_array_append_new(holds, json_from_str(text));
	}
	json_object_set_new(t->p->view, "holds", holds);
	set(t, "what", STR("Held for a person"));
	set(t, "input", buf_text(&b));
	set(t, "result", STR("Held"));
}

static void tell_matures(struct telling *t)
{
	if (str_is(text_of(t, "from"), "corrected")) {
		set(t, "what", STR("Due"));
		set(t, "input", STR("As the commission it corrects"));
		set(t, "result", date_of(t, "at"));
		return;
	}
	set(t, "what", STR("Holding period"));
	set(t, "input", SAY("%lld days from %.*s", (long long)number_of(t, "days"),
	                    STR_ARG(date_of(t, "from_at"))));
	set(t, "result", date_of(t, "at"));
}

/* The sentence says it best; without it, in words. */
static void tell_gate(struct telling *t)
{
	const struct str none = STR("No commission: ");
	struct str s = t->sentence;
	bool says = s.n > none.n && memcmp(s.p, none.p, none.n) == 0;

	set(t, "what", STR("No commission"));
	set(t, "input", says ? SAY("%c%.*s", toupper((unsigned char)s.p[none.n]),
	                           (int)(s.n - none.n - 1), s.p + none.n + 1)
	                     : say_words(t->a, text_of(t, "gate")));
	set(t, "result", STR("Stops here"));
	json_set_bool(t->row, "hit", true);
}

static void tell_other(struct telling *t)
{
	set(t, "what", say_words(t->a, text_of(t, "step")));
	set(t, "input", STR(""));
	set(t, "result", has(t, "result") ? money_of(t, "result") : STR(""));
}

static const struct {
	const char *step;
	void (*tell)(struct telling *t);
} kinds[] = {
	{ "base", tell_base },         { "convert", tell_convert },   { "skip", tell_skip },
	{ "percent", tell_percent },   { "fixed", tell_fixed },       { "duration", tell_duration },
	{ "window", tell_window },     { "share", tell_share },       { "override", tell_override },
	{ "recruiting", tell_override }, { "left", tell_left },       { "give", tell_give },
	{ "true_up", tell_true_up }, { "restated", tell_restated },
	{ "cap", tell_cap },           { "hold", tell_hold },         { "matures", tell_matures },
	{ "gate", tell_gate },
};

static void tell(struct telling *t)
{
	struct str step = text_of(t, "step");

	if (has(t, "currency"))
		t->cur = text_of(t, "currency");
	for (size_t i = 0; i < LEN(kinds); i++)
		if (str_is(step, kinds[i].step)) {
			kinds[i].tell(t);
			return;
		}
	tell_other(t);
}

/* Tiers are named by where they begin, which only the terms know. */
static bool read_terms(struct page *p, int64_t id, json_t **out)
{
	struct terms_version v;

	*out = NULL;
	if (id == 0)
		return true;
	return terms_get_id(p->c, id, &v)
	    && page_put(p, "by_terms", &terms_model, &v)
	    && json_read(p->c, v.document, out);
}

struct str explanation_hold(struct arena *a, struct str wire)
{
	static const struct {
		const char *wire, *text;
	} texts[] = {
		{ "suspended", "The partner is suspended" },
		{ "undecided", "The partner's application is not decided" },
		{ "no_rate", "There is no exchange rate to compare with the caps" },
		{ "self_address", "The customer has the partner's address" },
		{ "self_payout", "The customer's address is the partner's payout account" },
		{ "self_device", "The customer uses the partner's device" },
		{ "payout_shared", "Another partner has the same payout account" },
		{ "velocity", "Unusually many in a short time" },
		{ "paid_search", "The visit came from a paid search" },
		{ "banned_referrer", "The visit came from a banned page" },
		{ "disposable", "The address is a disposable one" },
		{ "banned_elsewhere", "The partner is banned by another organisation" },
		{ "protected_account", "The account is protected" },
		{ "disputed", "The payment is disputed" },
		{ "review", "Somebody put it on hold by hand" },
	};

	for (size_t i = 0; i < LEN(texts); i++)
		if (str_is(wire, texts[i].wire))
			return str_from(texts[i].text);
	return say_words(a, wire);
}

struct str explanation_holds(struct arena *a, int64_t holds)
{
	struct buf b;

	buf_init(&b, a);
	for (int64_t i = 0; i < HOLD_BITS; i++) {
		struct str text = holds >> i & 1 ? explanation_hold(a, str_from(hold_names[i]))
		                                 : STR("");

		buf_printf(&b, "%s%.*s", b.n && text.n ? "; " : "", STR_ARG(text));
	}
	return buf_text(&b);
}

bool explanation_put_holds(struct page *p, const struct commission *m)
{
	struct str text = explanation_holds(p->c->arena, m->holds);
	json_t *list = json_array();

	if (text.n > 0)
		json_array_append_new(list, json_from_str(text));
	json_object_set_new(p->view, "holds", list);
	return true;
}

static bool tell_all(struct telling *t, struct str explanation, int64_t terms_id, json_t *into)
{
	json_t *rows = json_array(), *doc, *terms, *step;
	size_t i;

	json_object_set_new(into, "steps", rows);
	json_set_str(into, "sentence", STR(""));
	if (!t->p->c->actor.sees_money || explanation.n == 0)
		return true;
	if (!json_read(t->p->c, explanation, &doc) || !read_terms(t->p, terms_id, &terms))
		return false;
	t->terms = terms;
	t->sentence = json_text(json_object_get(doc, "sentence"));
	json_set_str(into, "sentence", t->sentence);
	json_array_foreach(json_object_get(doc, "steps"), i, step) {
		t->step = step;
		t->row = json_object();
		json_array_append_new(rows, t->row);
		tell(t);
	}
	return true;
}

bool explanation_put(struct page *p, const struct commission *m)
{
	struct telling t = { .p = p, .a = p->c->arena, .cur = m->currency };

	return tell_all(&t, m->explanation, m->terms_id, p->view);
}

bool explanation_tell(struct page *p, struct str explanation, int64_t terms_id, json_t *into)
{
	struct telling t = { .p = p, .a = p->c->arena };

	return tell_all(&t, explanation, terms_id, into);
}
