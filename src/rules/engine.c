/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/engine.h"
#include "base/clock.h"
#include "rules/caps.h"
#include "rules/chain.h"
#include "rules/choose.h"

static void check_input(const struct input *in)
{
	const struct standing *s = in->standing;
	const struct occurrence *o = in->event;
	int64_t sum = 0;

	CHECK(s->credit_count <= CREDITS_MAX);
	for (size_t i = 0; i < s->credit_count; i++) {
		CHECK(s->credits[i].share_ppm >= 0);
		sum += s->credits[i].share_ppm;
	}
	CHECK(s->credit_count == 0 || sum == PPM_ONE);
	CHECK(o->amount_minor >= 0 && o->amount_minor <= MONEY_MAX_MINOR);
	CHECK(o->tax_minor >= 0 && o->shipping_minor >= 0);
	CHECK(o->amount_minor == 0 || o->currency);
	CHECK(o->quantity >= 0 && o->quantity_of >= 0 && o->reward_fx_count <= REWARD_FX_MAX);
}

static void start(const struct input *in, struct accrual *a)
{
	a->gate = GATE_NONE;
	a->commission_count = a->earning_count = 0;
	a->step_count = a->common_count = 0;
	a->terms_id = in->terms->id;
	a->fx = in->event->fx;
	for (size_t i = 0; i < in->event->reward_fx_count; i++)
		a->reward_fx[i] = in->event->reward_fx[i];
	a->share_count = in->standing->credit_count;
	for (size_t i = 0; i < a->share_count; i++)
		a->shares[i] = in->standing->credits[i].share_ppm;
}

/* Into the campaign's currency if a rate is known. False if the amount is too large for it. */
static bool convert(const struct input *in, struct accrual *a)
{
	const struct occurrence *o = in->event;
	int64_t of = a->base_minor;

	a->currency = o->currency ? o->currency : in->terms->currency;
	if (a->currency == in->terms->currency || !o->fx.from)
		return true;
	CHECK(o->fx.from == o->currency && o->fx.to == in->terms->currency);
	if (!fx_convert(&o->fx, of, &a->base_minor))
		return false;

	struct step *s = trace(a, STEP_CONVERT);

	a->currency = in->terms->currency;
	s->a = of;
	s->result = a->base_minor;
	s->currency = a->currency;
	return true;
}

static bool find_base(const struct input *in, struct accrual *a)
{
	const struct occurrence *o = in->event;
	bool gross = in->terms->base_gross;
	int64_t base = gross ? o->amount_minor : o->amount_minor - o->tax_minor - o->shipping_minor;

	a->base_minor = base > 0 ? base : 0;
	if (o->currency) {
		struct step *s = trace(a, STEP_BASE);

		s->index = gross;
		s->a = o->amount_minor;
		s->b = o->tax_minor;
		s->c = o->shipping_minor;
		s->result = a->base_minor;
		s->currency = o->currency;
	}
	return convert(in, a);
}

bool accrue_pays_for(const struct terms *t, enum trigger kind)
{
	if (kind == t->trigger)
		return true;
	for (size_t i = 0; i < t->reward_count; i++)
		if (t->rewards[i].has_event && t->rewards[i].event == kind)
			return true;
	return false;
}

/* What turns the event as a whole away. */
static enum gate turned_away(const struct input *in)
{
	static const enum gate unpayable[] = {
		[UNPAYABLE_BOT] = GATE_BOT,
		[UNPAYABLE_DUPLICATE] = GATE_DUPLICATE,
		[UNPAYABLE_SELF] = GATE_SELF,
		[UNPAYABLE_UNQUALIFIED] = GATE_UNQUALIFIED,
	};
	const struct occurrence *o = in->event;

	if (in->standing->credit_count == 0)
		return GATE_NOT_CREDITED;
	if (in->standing->campaign_closed)
		return GATE_CAMPAIGN_CLOSED;
	if (!accrue_pays_for(in->terms, o->kind))
		return GATE_TRIGGER;
	if (o->unpayable != PAYABLE)
		return unpayable[o->unpayable];
	if (o->kind == TRIGGER_SALE && o->amount_minor == 0)
		return GATE_NO_AMOUNT;
	return GATE_NONE;
}

static struct earning *add_earning(struct accrual *a, size_t credit, int64_t partner_id)
{
	CHECK(a->earning_count < EARNINGS_MAX);

	struct earning *e = &a->earnings[a->earning_count++];

	*e = (struct earning){
		.credit = credit,
		.partner_id = partner_id,
		.currency = a->currency,
		.share_ppm = a->shares[credit],
		.step_from = a->step_count,
	};
	return e;
}

static void refuse(struct accrual *a, struct earning *e, enum gate gate, int64_t is, int64_t needed)
{
	trace_gate(a, gate, is, needed);
	e->gate = gate;
	e->amount_minor = 0;
	e->step_count = a->step_count - e->step_from;
}

static void add_mature(const struct input *in, struct accrual *a, struct earning *e)
{
	const struct occurrence *o = in->event;
	int64_t from = o->cleared_at_ms ? o->cleared_at_ms : o->occurred_at_ms;
	struct step *s = trace(a, STEP_MATURES);

	e->matures_at_ms = from + in->terms->hold_days * MS_PER_DAY;
	s->index = o->cleared_at_ms != 0;
	s->a = in->terms->hold_days;
	s->b = from;
	s->result = e->matures_at_ms;
}

/* The last part of every earning: caps, holds, date. */
static void finish(const struct input *in, const int64_t *cap_used, struct accrual *a,
                   struct earning *e)
{
	if (e->amount_minor == 0) {
		refuse(a, e, GATE_ROUNDS_TO_ZERO, 0, 0);
		return;
	}
	caps_apply(in, cap_used, a, e);
	if (e->amount_minor == 0) {
		refuse(a, e, GATE_CAPPED, 0, 0);
		return;
	}
	if (e->holds)
		trace(a, STEP_HOLD)->a = e->holds;
	add_mature(in, a, e);
	e->step_count = a->step_count - e->step_from;
	a->commission_count++;
}

static unsigned standing_holds(enum partner_standing standing)
{
	return standing == STANDING_SUSPENDED   ? HOLD_SUSPENDED
	       : standing == STANDING_UNDECIDED ? HOLD_UNDECIDED
	                                        : 0;
}

static bool shut_out(struct accrual *a, struct earning *e, enum partner_standing standing)
{
	if (standing != STANDING_BANNED && standing != STANDING_CLOSED)
		return false;
	refuse(a, e, standing == STANDING_BANNED ? GATE_BANNED : GATE_CLOSED, 0, 0);
	return true;
}

/* Is the event outside the time this reward pays? Leaves a step for each limit there is. */
static bool out_of_time(const struct input *in, const struct credit *cr, const struct choice *ch,
                        struct accrual *a, struct earning *e)
{
	const struct terms *t = in->terms;
	const struct occurrence *o = in->event;
	int64_t index = o->invoice_index;
	int64_t end = cr->referred_at_ms + t->window_days * MS_PER_DAY;

	if (o->is_invoice && index < t->delay_invoices) {
		refuse(a, e, GATE_DELAY, index, t->delay_invoices);
		return true;
	}
	if (o->is_invoice && ch->has_months && ch->recurring_months != MONTHS_LIFETIME) {
		struct step *s = trace(a, STEP_DURATION);

		s->rule = (uint8_t)ch->months_rule;
		s->index = ch->months_index;
		s->a = ch->recurring_months;
		s->b = index;
		if (index > ch->recurring_months) {
			refuse(a, e, GATE_DURATION, index, ch->recurring_months);
			return true;
		}
	}
	if (t->window_days == 0 || cr->referred_at_ms == 0)
		return false;
	if (o->occurred_at_ms >= end) {
		refuse(a, e, GATE_WINDOW, o->occurred_at_ms, end);
		return true;
	}
	struct step *s = trace(a, STEP_WINDOW);

	s->a = t->window_days;
	s->b = cr->referred_at_ms;
	s->c = o->occurred_at_ms;
	return false;
}

static struct step *trace_choice(struct accrual *a, enum step_code code, const struct choice *ch)
{
	struct step *s = trace(a, code);

	s->rule = (uint8_t)ch->rule;
	s->index = ch->index;
	s->name = ch->name;
	return s;
}

/* What the reward gives for the whole event. */
static void apply_reward(const struct occurrence *o, const struct choice *ch, struct accrual *a,
                         struct earning *e)
{
	struct step *s;

	e->rule = ch->rule;
	e->rule_index = ch->index;
	e->base_minor = a->base_minor;
	if (ch->reward.type == REWARD_PERCENTAGE) {
		e->rate_ppm = ch->reward.rate_ppm;
		e->amount_minor = money_percent(a->base_minor, e->rate_ppm);
		s = trace_choice(a, STEP_PERCENT, ch);
		s->a = e->rate_ppm;
		s->b = a->base_minor;
	} else {
		s = trace_choice(a, STEP_FIXED, ch);
		s->a = ch->reward.amount_minor;
		s->b = o->quantity_of ? o->quantity : 1;
		s->c = o->quantity_of ? o->quantity_of : 1;
		e->currency = ch->reward.currency;
		e->amount_minor = money_muldiv(s->a, s->b, s->c);
	}
	s->result = e->amount_minor;
	s->currency = e->currency;
}

/* Which rate leads from a currency to the campaign's: 0 the event's, i reward_fx[i - 1], or -1. */
static int32_t rate_from(const struct occurrence *o, const struct currency *from)
{
	if (o->fx.from == from)
		return 0;
	for (size_t i = 0; i < o->reward_fx_count; i++)
		if (o->reward_fx[i].from == from)
			return (int32_t)i + 1;
	return -1;
}

/* Caps are of the campaign's currency: a fixed reward that is to be compared with them becomes so. */
static void convert_reward(const struct input *in, struct accrual *a, struct earning *e)
{
	int64_t of = e->amount_minor, converted;
	int32_t rate;
	struct step *s;

	if (in->terms->cap_count == 0 || e->currency == in->terms->currency)
		return;
	rate = rate_from(in->event, e->currency);
	if (rate < 0 || !fx_convert(rate ? &a->reward_fx[rate - 1] : &a->fx, of, &converted))
		return;
	s = trace(a, STEP_CONVERT);
	s->index = rate;
	s->a = of;
	s->result = e->amount_minor = converted;
	s->currency = e->currency = in->terms->currency;
}

/* The part of a shared credit; equal rewards divided this way add up to the whole. */
static void apply_share(struct accrual *a, size_t credit, struct earning *e)
{
	int64_t parts[CREDITS_MAX];

	if (a->share_count == 1)
		return;
	money_allocate(e->amount_minor, a->shares, a->share_count, parts);

	struct step *s = trace(a, STEP_SHARE);

	s->index = (int32_t)credit;
	s->a = e->share_ppm;
	s->b = e->amount_minor;
	s->result = e->amount_minor = parts[credit];
	s->currency = e->currency;
}

static void give_away(const struct chain *chain, struct accrual *a, struct earning *e)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct part *p = &chain->parts[i];
		bool earns = p->who->standing != STANDING_BANNED
		             && p->who->standing != STANDING_CLOSED;

		if (!p->from_earner || !earns || p->amount_minor == 0)
			continue;
		struct step *s = trace(a, STEP_GIVE);

		s->a = p->amount_minor;
		s->b = e->amount_minor;
		s->c = p->who->partner_id;
		s->result = e->amount_minor -= p->amount_minor;
		s->currency = e->currency;
	}
}

static void earn_above(const struct input *in, const struct earning *own, const struct part *p,
                       struct accrual *a)
{
	struct earning *e = add_earning(a, own->credit, p->who->partner_id);

	e->kind = p->level ? EARNING_OVERRIDE : EARNING_RECRUITING;
	e->level = p->level;
	e->currency = own->currency;
	e->base_minor = p->of_minor;
	e->rate_ppm = p->rate_ppm;
	e->holds = own->holds | p->who->holds | standing_holds(p->who->standing);
	if (shut_out(a, e, p->who->standing))
		return;

	struct step *s = trace(a, STEP_OVERRIDE);

	s->index = p->level;
	s->a = p->rate_ppm;
	s->b = p->of_minor;
	s->c = p->below_id;
	s->result = p->wanted_minor;
	s->currency = e->currency;
	if (p->amount_minor != p->wanted_minor) {
		s = trace(a, STEP_LEFT);
		s->a = p->wanted_minor;
		s->result = p->amount_minor;
		s->currency = e->currency;
	}
	e->amount_minor = p->amount_minor;
	if (e->amount_minor == 0 && p->wanted_minor != 0)
		refuse(a, e, GATE_NOTHING_LEFT, 0, 0);
	else
		finish(in, p->who->cap_used, a, e);
}

/* What the chosen reward leaves to its earner, and what those above get of it. */
static void divide(const struct input *in, const struct credit *cr, struct accrual *a,
                   struct earning *e)
{
	struct chain chain;

	chain_compute(in->terms, cr, e->amount_minor, &chain);
	give_away(&chain, a, e);
	CHECK(e->amount_minor == chain.kept_minor);
	if (e->amount_minor == 0)
		refuse(a, e, GATE_NOTHING_LEFT, 0, 0);
	else
		finish(in, cr->cap_used, a, e);
	for (size_t i = 0; i < chain.count; i++)
		earn_above(in, e, &chain.parts[i], a);
}

static void earn(const struct input *in, size_t credit, struct accrual *a)
{
	const struct credit *cr = &in->standing->credits[credit];
	struct earning *e = add_earning(a, credit, cr->partner_id);
	struct choice ch;

	if (shut_out(a, e, cr->standing))
		return;
	e->holds = cr->holds | standing_holds(cr->standing);
	if (in->event->kind == TRIGGER_LEAD && (e->holds & HOLD_SELF_ADDRESS)) {
		refuse(a, e, GATE_SELF, 0, 0);
		return;
	}
	choose(in, credit, a, &ch);
	e->driven = ch.driven;
	if (ch.reward.type == REWARD_NONE) {
		refuse(a, e, GATE_NO_REWARD, 0, 0);
		return;
	}
	if (out_of_time(in, cr, &ch, a, e))
		return;
	if (ch.reward.rate_ppm == 0 && ch.reward.amount_minor == 0) {
		refuse(a, e, GATE_ZERO_REWARD, 0, 0);
		return;
	}
	if (ch.reward.type == REWARD_PERCENTAGE && a->base_minor == 0) {
		refuse(a, e, GATE_NO_AMOUNT, 0, 0);
		return;
	}
	apply_reward(in->event, &ch, a, e);
	if (ch.reward.type == REWARD_FIXED)
		convert_reward(in, a, e);
	apply_share(a, credit, e);
	if (e->amount_minor > 0)
		divide(in, cr, a, e);
	else
		refuse(a, e, GATE_ROUNDS_TO_ZERO, 0, 0);
}

void accrue(const struct terms *t, const struct standing *s, const struct occurrence *o,
            struct accrual *out)
{
	struct input in = { t, s, o };
	bool fits;

	check_input(&in);
	start(&in, out);
	fits = find_base(&in, out);
	out->common_count = out->step_count;
	out->gate = fits ? turned_away(&in) : GATE_TOO_LARGE;
	if (out->gate != GATE_NONE) {
		trace_gate(out, out->gate, o->kind, t->trigger);
		return;
	}
	for (size_t i = 0; i < s->credit_count; i++)
		earn(&in, i, out);
	if (out->commission_count == 0)
		out->gate = out->earnings[0].gate;
}

void accrue_correction(const struct terms *t, const struct standing *s,
                       const struct correction *x, struct accrual *out)
{
	struct occurrence o = { .kind = t->trigger, .occurred_at_ms = x->at_ms };
	struct input in = { t, s, &o };
	const struct credit *cr = &s->credits[0];
	struct earning *e;
	struct step *step;

	CHECK(s->credit_count == 1);
	start(&in, out);
	out->currency = t->currency;
	out->base_minor = 0;
	e = add_earning(out, 0, cr->partner_id);
	e->amount_minor = x->is_minor - x->was_minor - x->before_minor;
	CHECK(e->amount_minor != 0);
	if (e->amount_minor > 0 && shut_out(out, e, cr->standing)) {
		out->gate = e->gate;
		return;
	}
	e->holds = cr->holds | standing_holds(cr->standing);
	step = trace(out, STEP_TRUE_UP);
	step->index = (int32_t)x->events;
	step->name = x->period;
	step->a = x->is_minor;
	step->b = x->was_minor;
	step->c = x->before_minor;
	step->result = e->amount_minor;
	step->currency = e->currency;
	divide(&in, cr, out, e);
	if (out->commission_count == 0)
		out->gate = out->earnings[0].gate;
}

static bool counts(enum gate gate)
{
	return gate != GATE_BOT && gate != GATE_DUPLICATE && gate != GATE_UNQUALIFIED
	       && gate != GATE_TOO_LARGE && gate != GATE_NOT_CREDITED;
}

struct counters accrue_counts(const struct terms *t, const struct occurrence *o,
                              const struct accrual *a, size_t credit)
{
	struct counters c = { 0 };
	int64_t parts[CREDITS_MAX];

	if (!counts(a->gate))
		return c;
	if (a->currency == t->currency && a->base_minor > 0) {
		money_allocate(a->base_minor, a->shares, a->share_count, parts);
		c.revenue_minor = parts[credit];
	}
	c.sales = o->kind == TRIGGER_SALE && o->amount_minor > 0;
	c.customers = o->is_invoice && o->invoice_index == 0;
	c.projects = o->kind == TRIGGER_PROJECT_DELIVERED;
	return c;
}
