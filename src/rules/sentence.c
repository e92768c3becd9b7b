/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "rules/explain.h"
#include "rules/write.h"

static const struct step *find(const struct accrual *a, const struct earning *e,
                               enum step_code code)
{
	for (uint32_t i = e->step_from; i < e->step_from + e->step_count; i++)
		if (a->steps[i].code == code)
			return &a->steps[i];
	return NULL;
}

static void put_cap(struct buf *b, const struct cap *cap)
{
	static const char *const scopes[] = { "partner", "customer", "campaign" };
	static const char *const periods[] = { "", " and year", " and quarter", " and month" };

	buf_puts(b, "the cap per ");
	buf_puts(b, scopes[cap->scope]);
	buf_puts(b, periods[cap->period]);
}

static void put_counter(struct buf *b, const struct terms *t, int64_t value)
{
	static const char *const units[] = { "", "", " sale", " customer", " project" };

	if (t->tiers_by == TIERS_REVENUE)
		buf_money(b, value, t->currency);
	else
		buf_int(b, value);
	buf_puts(b, units[t->tiers_by]);
	if (t->tiers_by != TIERS_REVENUE && value != 1)
		buf_char(b, 's');
}

/* "tier from 1,000.00 USD: 1,250.00 USD driven before" */
static void put_tier(struct buf *b, const struct terms *t, const struct earning *e,
                     const struct step *s)
{
	buf_puts(b, "tier from ");
	put_counter(b, t, t->tiers[s->index].from);
	buf_puts(b, ": ");
	put_counter(b, t, e->driven);
	buf_puts(b, t->counts_current ? " driven with this" : " driven before");
}

static void put_rule(struct buf *b, const struct terms *t, const struct earning *e,
                     const struct step *s)
{
	switch ((enum rule)s->rule) {
	case RULE_OWN:
		buf_puts(b, "the link's or code's own reward");
		break;
	case RULE_OVERRIDE:
		buf_puts(b, "the partner's own reward");
		break;
	case RULE_CONDITION:
		buf_puts(b, "conditional reward ");
		buf_int(b, s->index + 1);
		break;
	case RULE_TIER:
		put_tier(b, t, e, s);
		break;
	case RULE_GROUP:
		buf_puts(b, "group ");
		buf_str(b, s->name);
		break;
	default:
		buf_puts(b, "campaign default");
		break;
	}
}

/* "99.00 EUR at 1 EUR = 1.1 USD, rate of 2026-11-20"; the euro itself has no rate. */
static void put_rate(struct buf *b, const struct fx *fx)
{
	const struct currency *of[] = { fx->from, fx->to };
	int64_t rates[] = { fx->from_rate, fx->to_rate };

	buf_puts(b, " at 1 EUR");
	for (size_t i = 0; i < LEN(of); i++) {
		if (str_is(str_from(of[i]->code), "EUR"))
			continue;
		buf_puts(b, " = ");
		fx_rate_put(b, rates[i]);
		buf_char(b, ' ');
		buf_puts(b, of[i]->code);
	}
	buf_puts(b, ", rate of ");
	write_date(b, fx->day * MS_PER_DAY);
}

static void put_percent(struct buf *b, const struct accrual *a, const struct step *s)
{
	const struct step *base = &a->steps[0];
	bool converted = a->common_count > 1;

	CHECK(a->common_count > 0 && base->code == STEP_BASE);
	CHECK(!converted || base[1].code == STEP_CONVERT);
	buf_percent(b, s->a);
	buf_puts(b, " % of ");
	buf_money(b, s->b, s->currency);
	buf_puts(b, base->index ? " gross" : " net");
	if (!converted)
		return;
	buf_puts(b, " (");
	buf_money(b, base[1].a, a->fx.from);
	put_rate(b, &a->fx);
	buf_char(b, ')');
}

static void put_times(struct buf *b, const struct step *s)
{
	buf_puts(b, " times ");
	buf_int(b, s->b);
	if (s->c == 1)
		return;
	buf_char(b, '/');
	buf_int(b, s->c);
}

/* "fixed reward of 10.00 EUR (12.00 USD at 1 EUR = 1.2 USD, rate of 2026-11-20)" */
static void put_fixed(struct buf *b, const struct accrual *a, const struct step *s,
                      const struct step *converted)
{
	bool many = s->b != 1 || s->c != 1;

	buf_puts(b, "fixed reward");
	if (!many && !converted)
		return;
	buf_puts(b, " of ");
	buf_money(b, s->a, s->currency);
	if (many)
		put_times(b, s);
	if (!converted)
		return;
	buf_puts(b, " (");
	buf_money(b, converted->result, converted->currency);
	put_rate(b, converted->index ? &a->reward_fx[converted->index - 1] : &a->fx);
	buf_char(b, ')');
}

/* "true-up of 2026-Q4: 300.00 USD in the end, less 240.00 USD earned" */
static void put_true_up(struct buf *b, const struct step *s)
{
	buf_puts(b, "true-up of ");
	buf_str(b, s->name);
	buf_puts(b, ": ");
	buf_money(b, s->a, s->currency);
	buf_puts(b, " in the end, less ");
	buf_money(b, s->b, s->currency);
	buf_puts(b, " earned");
	if (s->c == 0)
		return;
	buf_puts(b, s->c > 0 ? " and " : ", plus ");
	buf_money(b, s->c > 0 ? s->c : -s->c, s->currency);
	buf_puts(b, s->c > 0 ? " trued up before" : " taken back before");
}

/* "33.3333 % of 25 % of 99.00 USD net" */
static void put_own(struct buf *b, const struct accrual *a, const struct earning *e)
{
	const struct step *share = find(a, e, STEP_SHARE);
	const struct step *percent = find(a, e, STEP_PERCENT);
	const struct step *true_up = find(a, e, STEP_TRUE_UP);

	if (true_up) {
		put_true_up(b, true_up);
		return;
	}
	if (share) {
		buf_percent(b, share->a);
		buf_puts(b, " % of ");
	}
	if (percent)
		put_percent(b, a, percent);
	else
		put_fixed(b, a, find(a, e, STEP_FIXED), find(a, e, STEP_CONVERT));
}

static void put_above(struct buf *b, const struct accrual *a, const struct earning *e)
{
	const struct step *s = find(a, e, STEP_OVERRIDE);

	buf_percent(b, s->a);
	buf_puts(b, " % of the ");
	buf_money(b, s->b, s->currency);
	if (e->kind == EARNING_RECRUITING) {
		buf_puts(b, " of the recruited partner");
		return;
	}
	buf_puts(b, " of the partner below; rule: chain level ");
	buf_int(b, s->index);
}

static void put_less(struct buf *b, const struct terms *t, const struct step *s)
{
	switch ((enum step_code)s->code) {
	case STEP_GIVE:
		buf_puts(b, s->a < 0 ? ", but " : ", less ");
		buf_money(b, s->a < 0 ? -s->a : s->a, s->currency);
		buf_puts(b, s->a < 0 ? " of it from a partner above" : " for a partner above");
		break;
	case STEP_LEFT:
		buf_puts(b, ", limited to what is left");
		break;
	case STEP_CAP:
		buf_puts(b, ", less ");
		buf_money(b, s->c, s->currency);
		buf_puts(b, " over ");
		put_cap(b, &t->caps[s->index]);
		break;
	default:
		break;
	}
}

static const char *hold_text(int bit)
{
	static const char *const texts[] = {
		"the partner is suspended",
		"the partner's application is not decided",
		"there is no exchange rate to compare with the caps",
		"the customer has the partner's address",
		"the customer's address is the partner's payout account",
		"the customer uses the partner's device",
		"another partner has the same payout account",
		"unusually many in a short time",
		"the visit came from a paid search",
		"the visit came from a banned page",
		"the address is a disposable one",
		"the partner is banned by another organisation",
		"the account is protected",
		"the payment is disputed",
		"it is to be reviewed",
	};

	_Static_assert(LEN(texts) == HOLD_BITS, "a text for each reason to hold");
	return texts[bit];
}

static void put_holds(struct buf *b, unsigned holds)
{
	const char *sep = "; held: ";

	for (int bit = 0; bit < HOLD_BITS; bit++) {
		if (!(holds >> bit & 1))
			continue;
		buf_puts(b, sep);
		buf_puts(b, hold_text(bit));
		sep = ", ";
	}
}

static void put_commission(struct buf *b, const struct terms *t, const struct accrual *a,
                           const struct earning *e)
{
	buf_money(b, e->amount_minor, e->currency);
	buf_puts(b, " = ");
	if (e->kind == EARNING_OWN)
		put_own(b, a, e);
	else
		put_above(b, a, e);
	for (uint32_t i = e->step_from; i < e->step_from + e->step_count; i++)
		put_less(b, t, &a->steps[i]);
	if (e->kind == EARNING_OWN && !find(a, e, STEP_TRUE_UP)) {
		const struct step *percent = find(a, e, STEP_PERCENT);

		buf_puts(b, "; rule: ");
		put_rule(b, t, e, percent ? percent : find(a, e, STEP_FIXED));
	}
	put_holds(b, e->holds);
	buf_puts(b, "; due ");
	write_day(b, e->matures_at_ms);
}

static const char *trigger_text(int64_t trigger)
{
	static const char *const texts[] = {
		"sales", "clicks", "leads", "qualified referrals", "delivered projects",
		"closed deals", "retainers", "goals",
	};

	_Static_assert(LEN(texts) == TRIGGER_COUNT, "a text for each trigger");
	return texts[trigger];
}

static const char *const gate_texts[] = {
	[GATE_NONE] = "",
	[GATE_NOT_CREDITED] = "the event is credited to nobody",
	[GATE_CAMPAIGN_CLOSED] = "the campaign is closed",
	[GATE_TRIGGER] = "the campaign pays for ",
	[GATE_BOT] = "the visit came from a bot or an anonymiser",
	[GATE_DUPLICATE] = "the same has been counted before",
	[GATE_SELF] = "the lead is the partner's own address",
	[GATE_UNQUALIFIED] = "it does not qualify",
	[GATE_NO_AMOUNT] = "nothing was paid",
	[GATE_TOO_LARGE] = "the amount is too large to convert",
	[GATE_BANNED] = "the partner is banned",
	[GATE_CLOSED] = "the partner has left the campaign",
	[GATE_NO_REWARD] = "no reward of the terms fits this event",
	[GATE_ZERO_REWARD] = "the reward for this is zero",
	[GATE_DELAY] = "invoice ",
	[GATE_DURATION] = "renewal ",
	[GATE_WINDOW] = "the referral paid until ",
	[GATE_NOTHING_LEFT] = "all of it goes to the partners above",
	[GATE_CAPPED] = "",
	[GATE_ROUNDS_TO_ZERO] = "it is less than half of the smallest unit",
};

static void put_delay_gate(struct buf *b, const struct step *s)
{
	buf_int(b, s->a + 1);
	if (s->b == 1) {
		buf_puts(b, " is the first, which earns nothing");
		return;
	}
	buf_puts(b, " is one of the first ");
	buf_int(b, s->b);
	buf_puts(b, ", which earn nothing");
}

static void put_duration_gate(struct buf *b, const struct step *s)
{
	buf_int(b, s->a);
	if (s->b == 0) {
		buf_puts(b, " earns nothing, only the first payment does");
		return;
	}
	buf_puts(b, " comes after the ");
	buf_int(b, s->b);
	buf_puts(b, " that earn");
}

static void put_gate(struct buf *b, const struct terms *t, const struct accrual *a,
                     const struct step *s)
{
	enum gate gate = (enum gate)s->why;

	buf_puts(b, "No commission: ");
	buf_puts(b, gate_texts[gate]);
	if (gate == GATE_TRIGGER) {
		buf_puts(b, trigger_text(s->b));
		buf_puts(b, ", not for ");
		buf_puts(b, trigger_text(s->a));
	} else if (gate == GATE_DELAY) {
		put_delay_gate(b, s);
	} else if (gate == GATE_DURATION) {
		put_duration_gate(b, s);
	} else if (gate == GATE_WINDOW) {
		write_day(b, s->b);
	} else if (gate == GATE_CAPPED) {
		CHECK(s > a->steps && s[-1].code == STEP_CAP);
		put_cap(b, &t->caps[s[-1].index]);
		buf_puts(b, " of ");
		buf_money(b, s[-1].a, s[-1].currency);
		buf_puts(b, " is used up");
	}
}

void explain_sentence(struct buf *b, const struct terms *t, const struct accrual *a, size_t earning)
{
	CHECK(earning < a->earning_count);

	const struct earning *e = &a->earnings[earning];

	if (e->gate == GATE_NONE)
		put_commission(b, t, a, e);
	else
		put_gate(b, t, a, find(a, e, STEP_GATE));
	buf_char(b, '.');
}

void explain_nothing_sentence(struct buf *b, const struct terms *t, const struct accrual *a)
{
	CHECK(a->commission_count == 0 && a->gate != GATE_NONE);
	if (a->earning_count > 0) {
		explain_sentence(b, t, a, 0);
		return;
	}
	put_gate(b, t, a, &a->steps[a->step_count - 1]);
	buf_char(b, '.');
}
