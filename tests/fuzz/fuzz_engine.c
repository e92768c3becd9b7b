/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "rules/attribute.h"
#include "rules/explain.h"
#include "verify/recompute.h"

/*
 * The engine itself: bytes become terms, standing and event as they may be, without the detour of
 * a document. Commissions are above zero, keep the caps, can be recomputed from their explanation
 * and come out the same again; what is taken back is never more than was earned; shares add up.
 */

struct bytes {
	const char *p;
	size_t left;
};

static struct accrual accrued, again;
static struct attribution attributed;

/* 0 … limit - 1 from as many bytes as that takes; 0 when they are used up. */
static int64_t any(struct bytes *b, int64_t limit)
{
	uint64_t n = 0;

	for (int64_t room = limit - 1; room > 0 && b->left > 0; room >>= 8, b->left--)
		n = n << 8 | (unsigned char)*b->p++;
	return (int64_t)(n % (uint64_t)limit);
}

static bool maybe(struct bytes *b)
{
	return any(b, 4) == 0;
}

static const struct currency *any_currency(struct bytes *b)
{
	static const char *const codes[] = { "USD", "EUR", "JPY", "BHD" };

	return currency_find(str_from(codes[any(b, LEN(codes))]));
}

static struct str any_word(struct bytes *b)
{
	static const char *const words[] = { "", "a", "b", "a \"b\"\n" };

	return str_from(words[any(b, LEN(words))]);
}

static int64_t any_amount(struct bytes *b)
{
	return maybe(b) ? any(b, MONEY_MAX_MINOR + 1) : any(b, 100000);
}

static struct reward any_reward(struct bytes *b)
{
	if (any(b, 2))
		return (struct reward){ REWARD_PERCENTAGE, any(b, PPM_ONE + 1), 0, NULL };
	return (struct reward){ REWARD_FIXED, 0, any_amount(b), any_currency(b) };
}

static struct offer any_offer(struct bytes *b)
{
	struct offer f = { 0 };

	if (any(b, 2))
		f.reward = any_reward(b);
	f.has_months = any(b, 2);
	f.recurring_months = (int32_t)any(b, 14) - 1;
	return f;
}

static struct value_list any_values(struct ctx *c, struct bytes *b)
{
	struct str *values = ARENA_ARRAY(c->arena, struct str, 2);

	values[0] = any_word(b);
	values[1] = any_word(b);
	return (struct value_list){ values, maybe(b) ? 2 : 0 };
}

static void make_conditions(struct ctx *c, struct bytes *b, struct terms *t)
{
	struct condition *all = ARENA_ARRAY(c->arena, struct condition, REWARDS_MAX);

	t->reward_count = (size_t)any(b, 4);
	for (size_t i = 0; i < t->reward_count; i++)
		all[i] = (struct condition){
			.has_event = any(b, 2),
			.event = (enum trigger)any(b, TRIGGER_COUNT),
			.product = any_values(c, b),
			.country = any_values(c, b),
			.has_renewal = maybe(b),
			.renewal = any(b, 2),
			.has_amount_from = maybe(b),
			.has_amount_below = maybe(b),
			.amount_from = any_amount(b),
			.amount_below = any_amount(b),
			.offer = any_offer(b),
		};
	t->rewards = all;
}

static void make_ranks(struct ctx *c, struct bytes *b, struct terms *t)
{
	struct tier *tiers = ARENA_ARRAY(c->arena, struct tier, TIERS_MAX);
	struct group_offer *group = ARENA_NEW(c->arena, struct group_offer);
	int64_t from = 0;

	t->tier_count = (size_t)any(b, 4);
	t->tiers_by = t->tier_count ? (enum tiers_by)(1 + any(b, TIERS_PROJECTS)) : TIERS_NONE;
	t->counts_current = any(b, 2);
	t->retroactive = any(b, 2);
	for (size_t i = 0; i < t->tier_count; i++)
		tiers[i] = (struct tier){ from += 1 + any(b, 5000), any_offer(b) };
	t->tiers = tiers;
	*group = (struct group_offer){ any_word(b), any_offer(b) };
	t->groups = group;
	t->group_count = 1;
}

static void make_chain(struct bytes *b, struct terms *t)
{
	t->chain_mode = (enum chain_mode)any(b, 2);
	t->chain_compute = (enum chain_compute)any(b, 2);
	t->level_count = (size_t)any(b, LEVELS_MAX + 1);
	for (size_t i = 0; i < t->level_count; i++)
		t->level_ppm[i] = any(b, PPM_ONE + 1);
	t->recruiting_ppm = maybe(b) ? any(b, PPM_ONE + 1) : 0;
	t->cap_count = (size_t)any(b, 4);
	for (size_t i = 0; i < t->cap_count; i++)
		t->caps[i] = (struct cap){ (enum cap_scope)any(b, 3),
			                   (enum tiers_period)any(b, 4), 1 + any_amount(b) };
}

static struct terms make_terms(struct ctx *c, struct bytes *b)
{
	struct terms t = { .id = 1, .currency = any_currency(b) };

	t.trigger = (enum trigger)any(b, TRIGGER_COUNT);
	t.standard = (struct offer){ any_reward(b), true, (int32_t)any(b, 14) - 1 };
	t.delay_invoices = (int32_t)any(b, 3);
	t.window_days = maybe(b) ? (int32_t)any(b, 90) : 0;
	t.base_gross = any(b, 2);
	t.hold_days = (int32_t)any(b, 3651);
	make_conditions(c, b, &t);
	make_ranks(c, b, &t);
	make_chain(b, &t);
	t.clawback_days = (int32_t)(1 + any(b, 3650));
	t.on_refund = (enum clawback)any(b, 3);
	t.on_dispute = (enum clawback)any(b, 3);
	t.on_churn = (enum clawback)any(b, 3);
	t.reverse_when_disputed = any(b, 2);
	return t;
}

static struct upline any_upline(struct bytes *b)
{
	struct upline u = { .partner_id = 1 + any(b, 20),
		            .standing = (enum partner_standing)any(b, STANDING_CLOSED + 1),
		            .has_rate = maybe(b), .rate_ppm = any(b, PPM_ONE + 1) };

	for (size_t i = 0; i < CAPS_MAX; i++)
		u.cap_used[i] = any(b, 200000) - 1000;
	return u;
}

static struct credit any_credit(struct ctx *c, struct bytes *b, int64_t now)
{
	struct upline *ups = ARENA_ARRAY(c->arena, struct upline, LEVELS_MAX + 2);
	struct credit cr = { .partner_id = 1 + any(b, 20), .chain = ups,
		             .standing = (enum partner_standing)any(b, STANDING_CLOSED + 1),
		             .own = any_offer(b), .override = any_offer(b),
		             .group = any_word(b) };

	cr.holds = maybe(b) ? (unsigned)any(b, 1 << HOLD_BITS) : 0;
	cr.override_from_ms = maybe(b) ? now - 1 + any(b, 3) : 0;
	cr.override_until_ms = maybe(b) ? now - 1 + any(b, 3) : 0;
	cr.counters = (struct counters){ any(b, 10000), any(b, 20), any(b, 20), any(b, 20) };
	cr.referred_at_ms = maybe(b) ? now - any(b, now) : 0;
	cr.chain_count = (size_t)any(b, LEVELS_MAX + 2);
	for (size_t i = 0; i < LEVELS_MAX + 2; i++)
		ups[i] = any_upline(b);
	cr.recruiter = maybe(b) ? &ups[LEVELS_MAX + 1] : NULL;
	for (size_t i = 0; i < CAPS_MAX; i++)
		cr.cap_used[i] = any(b, 200000) - 1000;
	return cr;
}

static struct standing make_standing(struct ctx *c, struct bytes *b, int64_t now)
{
	struct credit *credits = ARENA_ARRAY(c->arena, struct credit, CREDITS_MAX);
	struct standing s = { .credits = credits, .credit_count = (size_t)any(b, 5) };
	int64_t weights[CREDITS_MAX], shares[CREDITS_MAX];

	for (size_t i = 0; i < s.credit_count; i++)
		weights[i] = 1 + any(b, 100);
	if (s.credit_count > 0)
		money_allocate(PPM_ONE, weights, s.credit_count, shares);
	for (size_t i = 0; i < s.credit_count; i++) {
		credits[i] = any_credit(c, b, now);
		credits[i].share_ppm = shares[i];
	}
	for (size_t i = 0; i < CAPS_MAX; i++)
		s.cap_used[i] = any(b, 200000) - 1000;
	s.campaign_closed = any(b, 50) == 1;
	return s;
}

static struct occurrence make_event(struct bytes *b, const struct terms *t, int64_t now)
{
	struct occurrence o = { .event_id = 1, .occurred_at_ms = now };

	o.kind = maybe(b) ? (enum trigger)any(b, TRIGGER_COUNT) : t->trigger;
	o.amount_minor = any_amount(b);
	o.currency = maybe(b) ? any_currency(b) : t->currency;
	o.tax_minor = maybe(b) ? any_amount(b) : 0;
	o.shipping_minor = maybe(b) ? any(b, 5000) : 0;
	if (o.currency != t->currency && any(b, 2))
		o.fx = (struct fx){ o.currency, t->currency, 1 + any(b, 1000 * FX_SCALE),
			            1 + any(b, 1000 * FX_SCALE), 20000 };
	if (maybe(b)) {
		o.quantity_of = 1 + any(b, 31);
		o.quantity = any(b, 1000);
	}
	o.cleared_at_ms = maybe(b) ? now + any(b, 1000000) : 0;
	o.is_invoice = any(b, 2);
	o.invoice_index = (int32_t)any(b, 14);
	o.product = any_word(b);
	o.country = any_word(b);
	o.unpayable = any(b, 50) == 1 ? (enum unpayable)any(b, UNPAYABLE_UNQUALIFIED + 1) : PAYABLE;
	return o;
}

static int64_t more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Nobody earns beyond a cap, and all together not beyond the customer's or the campaign's. */
static void check_caps(const struct terms *t, const struct standing *s)
{
	for (size_t k = 0; k < t->cap_count; k++) {
		const struct cap *cap = &t->caps[k];
		int64_t sum = 0;

		for (size_t i = 0; i < accrued.earning_count; i++)
			if (accrued.earnings[i].currency == t->currency) {
				sum += accrued.earnings[i].amount_minor;
				CHECK(accrued.earnings[i].amount_minor <= cap->amount_minor + 1000);
			}
		if (cap->scope != CAP_PARTNER)
			CHECK(sum <= more(0, cap->amount_minor - s->cap_used[k]));
	}
}

static struct str explained(struct ctx *c, const struct terms *t, const struct accrual *a, size_t i)
{
	struct buf b;

	buf_init(&b, c->arena);
	explain_json(&b, t, a, i);
	return buf_text(&b);
}

/* Taken back in part, once more, and then given to whatever else is known: within what was earned. */
static void check_reverse(struct bytes *b, const struct terms *t, const struct occurrence *o,
                          const struct earning *earning)
{
	struct refund_fact refund = { any_amount(b), o->occurred_at_ms + any(b, 1000000000) };
	struct dispute_fact dispute = { (enum dispute_state)any(b, 3), any_amount(b),
		                        o->occurred_at_ms + any(b, 1000000000) };
	struct earned e = { earning->amount_minor, 0, o->occurred_at_ms, o->amount_minor };
	struct reverse_facts f = { .refunds = &refund, .refund_count = 1 };
	struct adjustment a;

	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor >= 0 && a.target_minor == a.reverse_minor);
	e.reversed_minor = a.target_minor;
	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor == 0);
	f.disputes = &dispute;
	f.dispute_count = 1;
	f.churned_at_ms = maybe(b) ? o->occurred_at_ms + any(b, 1000000000) : 0;
	reverse(t, &e, &f, &a);
	CHECK(a.reverse_minor >= 0 && a.target_minor <= e.amount_minor);
	CHECK(a.refund_minor + a.dispute_minor + a.churn_minor == a.target_minor);
}

static void check_earnings(struct ctx *c, struct bytes *b, const struct terms *t,
                           const struct occurrence *o)
{
	for (size_t i = 0; i < accrued.earning_count; i++) {
		const struct earning *e = &accrued.earnings[i];
		struct str text = explained(c, t, &accrued, i);
		struct recomputed r;

		CHECK((e->gate == GATE_NONE) == (e->amount_minor > 0));
		CHECK(str_eq(text, explained(c, t, &again, i)));
		CHECK(recompute(c, text, &r));
		CHECK(!r.wrong);
		if (e->gate != GATE_NONE)
			continue;
		CHECK(r.amount_minor == e->amount_minor && r.matures_at_ms == e->matures_at_ms);
		check_reverse(b, t, o, e);
	}
}

/* Without caps, nobody left out and one reward for all, what is earned adds up to that reward. */
static void check_sum(const struct terms *t, struct standing s, struct occurrence o)
{
	struct terms simple = { .currency = t->currency, .standard = t->standard };
	struct credit credits[CREDITS_MAX];
	int64_t sum = 0, whole;

	for (size_t i = 0; i < s.credit_count; i++)
		credits[i] = (struct credit){ .partner_id = 1, .share_ppm = s.credits[i].share_ppm };
	s.credits = credits;
	o.kind = TRIGGER_SALE;
	o.is_invoice = false;
	accrue(&simple, &s, &o, &again);
	if (again.commission_count == 0)
		return;
	for (size_t i = 0; i < again.earning_count; i++)
		sum += again.earnings[i].amount_minor;
	whole = simple.standard.reward.type == REWARD_PERCENTAGE
	                ? money_percent(again.base_minor, simple.standard.reward.rate_ppm)
	        : o.quantity_of ? money_muldiv(simple.standard.reward.amount_minor, o.quantity,
	                                       o.quantity_of)
	                        : simple.standard.reward.amount_minor;
	CHECK(sum == whole);
}

static void check_attribution(struct bytes *b, int64_t now)
{
	struct attribution_rules r = { .model = (enum attribution_model)any(b, 4),
		                       .cookie_days = (int32_t)(1 + any(b, 30)),
		                       .ownership = (enum ownership)any(b, 3),
		                       .ownership_days = (int32_t)(1 + any(b, 30)) };
	struct candidate all[CANDIDATES_MAX];
	struct owner owner = { .partner_id = 7, .share_ppm = PPM_ONE };
	struct contest x = { .touches = all, .touch_count = (size_t)any(b, CANDIDATES_MAX + 1),
		             .owners = &owner, .owner_count = maybe(b), .owned_since_ms = now,
		             .has_bought = any(b, 2), .at_ms = now };
	int64_t sum = 0;

	for (enum signal s = SIGNAL_DEAL; s < SIGNAL_COUNT; s++)
		if (any(b, 3))
			r.priority[r.priority_count++] = s;
	for (size_t i = 0; i < x.touch_count; i++)
		all[i] = (struct candidate){ .signal = (enum signal)any(b, SIGNAL_OWNED),
			                     .fault = maybe(b) ? (enum candidate_fault)any(b, 7) : 0,
			                     .partner_id = 1 + any(b, 40), .deal_id = any(b, 3),
			                     .share_ppm = any(b, PPM_ONE),
			                     .at_ms = now + 1000 - any(b, 3000000000) };
	attribute(&r, &x, &attributed);
	for (size_t i = 0; i < attributed.credited_count; i++)
		sum += attributed.credited[i].share_ppm;
	CHECK(attributed.credited_count == 0 ? sum == 0 : sum == PPM_ONE);
	CHECK((attributed.signal == SIGNAL_COUNT) == (attributed.credited_count == 0));
}

FUZZ
{
	struct bytes b = { text.p, text.n };
	int64_t now = 1768478400000;
	struct terms t = make_terms(c, &b);
	struct standing s = make_standing(c, &b, now);
	struct occurrence o = make_event(&b, &t, now);

	accrue(&t, &s, &o, &accrued);
	accrue(&t, &s, &o, &again);
	CHECK(accrued.gate == again.gate && accrued.earning_count == again.earning_count);
	check_caps(&t, &s);
	check_earnings(c, &b, &t, &o);
	check_sum(&t, s, o);
	check_attribution(&b, now);
}
