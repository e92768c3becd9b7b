/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include "base/check.h"

static unsigned char next(struct bytes *b)
{
	if (b->left > 0) {
		b->left--;
		return (unsigned char)*b->p++;
	}
	b->more = b->more * 6364136223846793005u + 1442695040888963407u;
	return (unsigned char)(b->more >> 56);
}

int64_t bytes_any(struct bytes *b, int64_t limit)
{
	uint64_t n = 0;

	for (int64_t room = limit - 1; room > 0 && (b->left > 0 || b->more != 0); room >>= 8)
		n = n << 8 | next(b);
	return (int64_t)(n % (uint64_t)limit);
}

bool bytes_maybe(struct bytes *b)
{
	return bytes_any(b, 4) == 0;
}

static const struct currency *any_currency(struct bytes *b)
{
	static const char *const codes[] = { "USD", "EUR", "JPY", "BHD" };

	return currency_find(str_from(codes[bytes_any(b, LEN(codes))]));
}

static struct str any_word(struct bytes *b)
{
	static const char *const words[] = { "", "a", "b", "a \"b\"\n" };

	return str_from(words[bytes_any(b, LEN(words))]);
}

int64_t bytes_amount(struct bytes *b)
{
	return bytes_maybe(b) ? bytes_any(b, MONEY_MAX_MINOR + 1) : bytes_any(b, 100000);
}

static struct reward any_reward(struct bytes *b)
{
	if (bytes_any(b, 2))
		return (struct reward){ REWARD_PERCENTAGE, bytes_any(b, PPM_ONE + 1), 0, NULL };
	return (struct reward){ REWARD_FIXED, 0, bytes_amount(b), any_currency(b) };
}

static struct offer any_offer(struct bytes *b)
{
	struct offer f = { 0 };

	if (bytes_any(b, 2))
		f.reward = any_reward(b);
	f.has_months = bytes_any(b, 2);
	f.recurring_months = (int32_t)bytes_any(b, 14) - 1;
	return f;
}

static struct value_list any_values(struct ctx *c, struct bytes *b)
{
	struct str *values = ARENA_ARRAY(c->arena, struct str, 2);

	values[0] = any_word(b);
	values[1] = any_word(b);
	return (struct value_list){ values, bytes_maybe(b) ? 2 : 0 };
}

static const struct attribute_test *any_tests(struct ctx *c, struct bytes *b)
{
	struct attribute_test *test = ARENA_NEW(c->arena, struct attribute_test);
	struct str *value = ARENA_NEW(c->arena, struct str);

	*value = str_from(bytes_any(b, 2) ? "5" : "a");
	*test = (struct attribute_test){ STR("seats"), { value, 1 } };
	return test;
}

static void make_conditions(struct ctx *c, struct bytes *b, struct terms *t)
{
	struct condition *all = ARENA_ARRAY(c->arena, struct condition, REWARDS_MAX);

	t->reward_count = (size_t)bytes_any(b, 4);
	for (size_t i = 0; i < t->reward_count; i++)
		all[i] = (struct condition){
			.has_event = bytes_any(b, 2),
			.event = (enum trigger)bytes_any(b, TRIGGER_COUNT),
			.product = any_values(c, b),
			.site = any_values(c, b),
			.country = any_values(c, b),
			.plan = any_values(c, b),
			.has_renewal = bytes_maybe(b),
			.renewal = bytes_any(b, 2),
			.has_amount_from = bytes_maybe(b),
			.has_amount_below = bytes_maybe(b),
			.amount_from = bytes_amount(b),
			.amount_below = bytes_amount(b),
			.attributes = any_tests(c, b),
			.attribute_count = bytes_maybe(b),
			.offer = any_offer(b),
		};
	t->rewards = all;
}

static void make_ranks(struct ctx *c, struct bytes *b, struct terms *t)
{
	struct tier *tiers = ARENA_ARRAY(c->arena, struct tier, TIERS_MAX);
	struct group_offer *group = ARENA_NEW(c->arena, struct group_offer);
	int64_t from = 0;

	t->tier_count = (size_t)bytes_any(b, 4);
	t->tiers_by = t->tier_count ? (enum tiers_by)(1 + bytes_any(b, TIERS_PROJECTS)) : TIERS_NONE;
	t->counts_current = bytes_any(b, 2);
	t->retroactive = bytes_any(b, 2);
	for (size_t i = 0; i < t->tier_count; i++)
		tiers[i] = (struct tier){ from += 1 + bytes_any(b, 5000), any_offer(b) };
	t->tiers = tiers;
	*group = (struct group_offer){ any_word(b), any_offer(b) };
	t->groups = group;
	t->group_count = 1;
}

static void make_chain(struct bytes *b, struct terms *t)
{
	t->chain_mode = (enum chain_mode)bytes_any(b, 2);
	t->chain_compute = (enum chain_compute)bytes_any(b, 2);
	t->level_count = (size_t)bytes_any(b, LEVELS_MAX + 1);
	for (size_t i = 0; i < t->level_count; i++)
		t->level_ppm[i] = bytes_any(b, PPM_ONE + 1);
	t->recruiting_ppm = bytes_maybe(b) ? bytes_any(b, PPM_ONE + 1) : 0;
	t->cap_count = (size_t)bytes_any(b, 4);
	for (size_t i = 0; i < t->cap_count; i++)
		t->caps[i] = (struct cap){ (enum cap_scope)bytes_any(b, 3),
			                   (enum tiers_period)bytes_any(b, 4), 1 + bytes_amount(b) };
}

struct terms bytes_terms(struct ctx *c, struct bytes *b)
{
	struct terms t = { .id = 1, .currency = any_currency(b) };

	t.trigger = (enum trigger)bytes_any(b, TRIGGER_COUNT);
	t.standard = (struct offer){ any_reward(b), true, (int32_t)bytes_any(b, 14) - 1 };
	t.delay_invoices = (int32_t)bytes_any(b, 3);
	t.window_days = bytes_maybe(b) ? (int32_t)bytes_any(b, 90) : 0;
	t.base_gross = bytes_any(b, 2);
	t.hold_days = (int32_t)bytes_any(b, 3651);
	make_conditions(c, b, &t);
	make_ranks(c, b, &t);
	make_chain(b, &t);
	t.clawback_days = (int32_t)(1 + bytes_any(b, 3650));
	t.on_refund = (enum clawback)bytes_any(b, 3);
	t.on_dispute = (enum clawback)bytes_any(b, 3);
	t.on_churn = (enum clawback)bytes_any(b, 3);
	t.reverse_when_disputed = bytes_any(b, 2);
	return t;
}

static struct upline any_upline(struct bytes *b)
{
	struct upline u = { .partner_id = 1 + bytes_any(b, 20),
		            .standing = (enum partner_standing)bytes_any(b, STANDING_CLOSED + 1),
		            .has_rate = bytes_maybe(b), .rate_ppm = bytes_any(b, PPM_ONE + 1) };

	for (size_t i = 0; i < CAPS_MAX; i++)
		u.cap_used[i] = bytes_any(b, 200000) - 1000;
	return u;
}

static struct credit any_credit(struct ctx *c, struct bytes *b, int64_t now)
{
	struct upline *ups = ARENA_ARRAY(c->arena, struct upline, LEVELS_MAX + 2);
	struct credit cr = { .partner_id = 1 + bytes_any(b, 20), .chain = ups,
		             .standing = (enum partner_standing)bytes_any(b, STANDING_CLOSED + 1),
		             .own = any_offer(b), .override = any_offer(b),
		             .group = any_word(b) };

	cr.holds = bytes_maybe(b) ? (unsigned)bytes_any(b, 1 << HOLD_BITS) : 0;
	cr.override_from_ms = bytes_maybe(b) ? now - 1 + bytes_any(b, 3) : 0;
	cr.override_until_ms = bytes_maybe(b) ? now - 1 + bytes_any(b, 3) : 0;
	cr.counters = (struct counters){ bytes_any(b, 10000), bytes_any(b, 20), bytes_any(b, 20),
		                         bytes_any(b, 20) };
	cr.referred_at_ms = bytes_maybe(b) ? now - bytes_any(b, now) : 0;
	cr.chain_count = (size_t)bytes_any(b, LEVELS_MAX + 2);
	for (size_t i = 0; i < LEVELS_MAX + 2; i++)
		ups[i] = any_upline(b);
	cr.recruiter = bytes_maybe(b) ? &ups[LEVELS_MAX + 1] : NULL;
	for (size_t i = 0; i < CAPS_MAX; i++)
		cr.cap_used[i] = bytes_any(b, 200000) - 1000;
	return cr;
}

struct standing bytes_standing(struct ctx *c, struct bytes *b, int64_t now)
{
	struct credit *credits = ARENA_ARRAY(c->arena, struct credit, CREDITS_MAX);
	struct standing s = { .credits = credits, .credit_count = (size_t)bytes_any(b, 5) };
	int64_t weights[CREDITS_MAX], shares[CREDITS_MAX];

	for (size_t i = 0; i < s.credit_count; i++)
		weights[i] = 1 + bytes_any(b, 100);
	if (s.credit_count > 0)
		money_allocate(PPM_ONE, weights, s.credit_count, shares);
	for (size_t i = 0; i < s.credit_count; i++) {
		credits[i] = any_credit(c, b, now);
		credits[i].share_ppm = shares[i];
	}
	for (size_t i = 0; i < CAPS_MAX; i++)
		s.cap_used[i] = bytes_any(b, 200000) - 1000;
	s.campaign_closed = bytes_any(b, 50) == 1;
	return s;
}

struct occurrence bytes_event(struct bytes *b, const struct terms *t, int64_t now)
{
	static const struct attribute seats[] = { { STR("seats"), STR("5") },
		                                  { STR("seats"), STR("6") },
		                                  { STR("a"), STR("a") } };
	struct occurrence o = { .event_id = 1, .occurred_at_ms = now };

	o.kind = bytes_maybe(b) ? (enum trigger)bytes_any(b, TRIGGER_COUNT) : t->trigger;
	o.amount_minor = bytes_amount(b);
	o.currency = bytes_maybe(b) ? any_currency(b) : t->currency;
	o.tax_minor = bytes_maybe(b) ? bytes_amount(b) : 0;
	o.shipping_minor = bytes_maybe(b) ? bytes_any(b, 5000) : 0;
	if (o.currency != t->currency && bytes_any(b, 2))
		o.fx = (struct fx){ o.currency, t->currency, 1 + bytes_any(b, 1000 * FX_SCALE),
			            1 + bytes_any(b, 1000 * FX_SCALE), 20000 };
	if (bytes_maybe(b)) {
		o.quantity_of = 1 + bytes_any(b, 31);
		o.quantity = bytes_any(b, 1000);
	}
	o.cleared_at_ms = bytes_maybe(b) ? now + bytes_any(b, 1000000) : 0;
	o.is_invoice = bytes_any(b, 2);
	o.invoice_index = (int32_t)bytes_any(b, 14);
	o.product = any_word(b);
	o.country = any_word(b);
	o.site = any_word(b);
	o.plan = any_word(b);
	o.attributes = &seats[bytes_any(b, LEN(seats))];
	o.attribute_count = bytes_maybe(b);
	if (bytes_any(b, 50) == 1)
		o.unpayable = (enum unpayable)bytes_any(b, UNPAYABLE_UNQUALIFIED + 1);
	return o;
}

struct attribution_rules bytes_attribution(struct bytes *b)
{
	struct attribution_rules r = { .model = (enum attribution_model)bytes_any(b, 4),
		                       .cookie_days = (int32_t)(1 + bytes_any(b, 30)),
		                       .ownership = (enum ownership)bytes_any(b, 3),
		                       .ownership_days = (int32_t)(1 + bytes_any(b, 30)),
		                       .deal_days = 14 };

	for (enum signal s = SIGNAL_DEAL; s < SIGNAL_COUNT; s++)
		if (bytes_any(b, 3))
			r.priority[r.priority_count++] = s;
	return r;
}

static struct candidate any_touch(struct bytes *b, int64_t now)
{
	struct candidate t = { .signal = (enum signal)bytes_any(b, SIGNAL_OWNED) };

	t.fault = bytes_maybe(b) ? (enum candidate_fault)bytes_any(b, CANDIDATE_SELF + 1)
	                         : CANDIDATE_FINE;
	t.partner_id = 1 + bytes_any(b, 40);
	t.link_id = bytes_any(b, 3);
	t.at_ms = now + 1000 - bytes_any(b, 3000000000);
	if (t.signal == SIGNAL_DEAL) {
		t.deal_id = bytes_any(b, 3);
		t.share_ppm = bytes_any(b, PPM_ONE);
		t.until_ms = bytes_maybe(b) ? now - 1 + bytes_any(b, 3) : 0;
	}
	return t;
}

struct contest bytes_contest(struct ctx *c, struct bytes *b, int64_t now)
{
	struct candidate *touches = ARENA_ARRAY(c->arena, struct candidate, CANDIDATES_MAX);
	struct owner *owners = ARENA_ARRAY(c->arena, struct owner, CREDITS_MAX);
	size_t most = bytes_maybe(b) ? CANDIDATES_MAX + 1 : 6;
	struct contest x = { .touches = touches, .owners = owners, .at_ms = now };

	x.touch_count = (size_t)bytes_any(b, (int64_t)most);
	for (size_t i = 0; i < x.touch_count; i++)
		touches[i] = any_touch(b, now);
	x.owner_count = bytes_any(b, 2) ? (size_t)bytes_any(b, 4) : 0;
	for (size_t i = 0; i < x.owner_count; i++)
		owners[i] = (struct owner){ 50 + (int64_t)i, bytes_any(b, 2), bytes_any(b, PPM_ONE) };
	if (x.owner_count > 0) {
		x.has_bought = bytes_any(b, 2);
		x.owned_since_ms = now - bytes_any(b, 3000000000);
	}
	return x;
}
