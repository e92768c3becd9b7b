/* SPDX-License-Identifier: Apache-2.0 */
#include "event/earn.h"

#include "base/check.h"
#include "commission/commission.h"
#include "customer/account.h"
#include "customer/owner.h"
#include "customer/referral.h"
#include "customer/touch.h"
#include "event/about.h"
#include "event/churn.h"
#include "event/concern.h"
#include "event/intake.h"
#include "event/lead.h"
#include "event/recall.h"
#include "event/parked.h"
#include "event/standing.h"
#include "event/unpaid.h"
#include "org/zone.h"
#include "rules/counters.h"
#include "rules/explain.h"

/*
 * Too large for an arena that is cleared with every request, and these stay in the processor's
 * cache from one event to the next. The engine fills what it uses.
 */
static _Thread_local struct accrual accrued;
static _Thread_local struct intake taken;

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO event (org_id, id, external_key, external_id, type, fingerprint,"
	        " customer_id, campaign_id, partner_id, link_id, click_id, related_id, amount, tax,"
	        " currency, invoice_index, occurred_at, received_at, source, facts, attribution,"
	        " outcome, inputs) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
	        " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
	.late = "event",
	.late_key = 3,
};

static bool insert(struct ctx *c, const struct event *e)
{
	return db_exec(c, &SQL_INSERT,
	               ARGS(val_int(e->id), val_int(e->external_key), val_str(e->external_id),
	                    val_int(e->type), val_str(e->fingerprint), val_int(e->customer_id),
	                    val_int(e->campaign_id), val_int(e->partner_id), val_int(e->link_id),
	                    val_int(e->click_id), val_int(e->related_id), val_int(e->amount),
	                    val_int(e->tax), val_str(e->currency), val_int(e->invoice_index),
	                    val_int(e->occurred_at), val_int(e->received_at), val_str(e->source),
	                    val_str(e->facts), val_str(e->attribution), val_str(e->outcome),
	                    val_str(e->inputs)));
}

bool earn_store(struct ctx *c, const struct event *e)
{
	bool follows = event_takes_back(e->type) || e->type == EVENT_RESTATED;

	return insert(c, e) && (!follows || concern_follow(c, e));
}

/* Whoever is credited owns the customer from now on, unless it is owned already. */
static void take_ownership(struct intake *in)
{
	const struct credited *first = &in->attribution.credited[0];
	struct customer *cu = &in->customer;

	if (in->attribution.credited_count == 0 || first->signal == SIGNAL_OWNED
	    || in->track->customer_id.n == 0)
		return;
	cu->partner_id = first->partner_id;
	cu->campaign_id = in->campaign_id;
	cu->link_id = first->link_id;
	cu->signal = first->signal;
	cu->referred_at = in->event.occurred_at;
	in->owners_changed = cu->owner_count > 1 || in->attribution.credited_count > 1;
	cu->owner_count = (int64_t)in->attribution.credited_count;
}

static bool store_owners(struct ctx *c, const struct intake *in)
{
	struct owner_row all[CREDITS_MAX];
	size_t count = in->attribution.credited_count;

	_Static_assert(OWNERS_MAX == CREDITS_MAX, "whoever is credited may own");
	if (!in->owners_changed)
		return true;
	for (size_t i = 0; i < count; i++) {
		const struct credited *k = &in->attribution.credited[i];

		all[i] = (struct owner_row){ .partner_id = k->partner_id, .link_id = k->link_id,
			                     .share_ppm = k->share_ppm };
	}
	return owner_save(c, in->customer.id, all, count);
}

static bool store_customer(struct ctx *c, struct intake *in)
{
	if (in->track->customer_id.n == 0)
		return true;
	if (in->event.invoice_index >= 0)
		in->customer.invoices++;
	if (in->address_new && !account_note(c, &in->customer))
		return false;
	return in->customer_known ? referral_save(c, &in->customer)
	                          : referral_create(c, &in->customer);
}

static bool store_touches(struct ctx *c, const struct intake *in)
{
	for (size_t i = 0; in->customer.id != 0 && i < in->fresh_count; i++) {
		const struct sighting *s = &in->sightings[i];
		struct touch t = { .customer_id = in->customer.id,
			           .signal = s->touch.signal,
			           .named = s->touch.named,
			           .partner_id = s->touch.partner_id,
			           .campaign_id = s->campaign_id,
			           .link_id = s->touch.link_id,
			           .click_id = s->touch.click_id,
			           .at = s->touch.at_ms };

		if (s->campaign_id == 0 || s->touch.fault != CANDIDATE_FINE)
			continue;
		if (!touch_create(c, &t))
			return false;
	}
	return true;
}

static bool store_earning(struct ctx *c, const struct intake *in, size_t i, struct commission *out)
{
	const struct earning *g = &accrued.earnings[i];
	struct commission m = {
		.event_id = in->event.id,
		.partner_id = g->partner_id,
		.campaign_id = in->campaign_id,
		.customer_id = in->customer.id,
		.terms_id = in->terms.id,
		.kind = g->kind,
		.status = g->holds ? COMMISSION_HELD : COMMISSION_PENDING,
		.holds = g->holds,
		.currency = str_from(g->currency->code),
		.amount = g->amount_minor,
		.base = in->event.amount,
		.occurred_at = in->event.occurred_at,
		.matures_at = g->matures_at_ms,
	};
	struct buf b;

	buf_init(&b, c->arena);
	explain_json(&b, in->terms.terms, &accrued, i);
	m.explanation = buf_text(&b);
	if (!commission_create(c, &m))
		return false;
	*out = m;
	return true;
}

static bool add_standings(struct ctx *c, const struct intake *in)
{
	for (size_t i = 0; i < in->standing.credit_count; i++) {
		struct standing_change change = {
			.partner_id = in->credits[i].partner_id,
			.campaign_id = in->campaign_id,
			.month = standing_month(in->timezone, in->event.occurred_at),
			.counters = accrue_counts(in->terms.terms, &in->occurrence, &accrued, i),
			.earned_minor = counters_earned(in->terms.terms, &accrued, i),
		};

		if (!standing_add(c, &change))
			return false;
	}
	return true;
}

static bool store_earnings(struct ctx *c, const struct intake *in, struct list *out_made)
{
	struct commission *made =
	        ARENA_ARRAY(c->arena, struct commission, accrued.commission_count + 1);

	*out_made = (struct list){ .items = made };
	for (size_t i = 0; i < accrued.earning_count; i++) {
		if (accrued.earnings[i].gate != GATE_NONE)
			continue;
		CHECK(out_made->count < accrued.commission_count);
		if (!store_earning(c, in, i, &made[out_made->count++]))
			return false;
	}
	if (in->event.type == EVENT_LEAD && accrued.commission_count > 0 && !lead_paid(c, in))
		return false;
	return add_standings(c, in);
}

static bool has_own(const struct list *made, int64_t partner_id)
{
	const struct commission *all = made->items;

	for (size_t i = 0; i < made->count; i++)
		if (all[i].partner_id == partner_id && all[i].kind == EARNING_OWN)
			return true;
	return false;
}

static bool store_concerns(struct ctx *c, const struct intake *in, const struct list *made)
{
	for (size_t i = 0; i < in->attribution.credited_count; i++) {
		int64_t partner_id = in->attribution.credited[i].partner_id;

		if (!has_own(made, partner_id) && !concern_note(c, partner_id, in->event.id))
			return false;
	}
	return true;
}

/* Why nobody earns, if so; or else that amounts could not be converted. */
static struct str outcome_said(struct ctx *c, const struct intake *in)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (in->attribution.credited_count == 0)
		return in->trouble;
	if (accrued.commission_count > 0)
		return in->unconverted;
	explain_nothing_sentence(&b, in->terms.terms, &accrued);
	return buf_text(&b);
}

static struct str also_said(struct ctx *c, const struct intake *in)
{
	struct str outcome = outcome_said(c, in);

	if (in->ambiguous.n == 0 || outcome.n == 0)
		return in->ambiguous.n > 0 ? in->ambiguous : outcome;
	return arena_printf(c->arena, "%.*s %.*s", STR_ARG(in->ambiguous), STR_ARG(outcome));
}

static bool evaluate(struct ctx *c, struct intake *in)
{
	struct buf b;

	if (in->attribution.credited_count > 0) {
		if (!intake_standing(c, in))
			return false;
		if (in->track->correction)
			accrue_correction(in->terms.terms, &in->standing, in->track->correction,
			                  &accrued);
		else
			accrue(in->terms.terms, &in->standing, &in->occurrence, &accrued);
		in->event.campaign_id = in->campaign_id;
		in->event.partner_id = in->attribution.credited[0].partner_id;
		in->event.link_id = in->attribution.credited[0].link_id;
		in->event.inputs = recall_print(c, in);
	} else {
		accrued.commission_count = accrued.earning_count = 0;
	}
	buf_init(&b, c->arena);
	if (in->track->reason.n > 0)
		explain_enrolment_json(&b, &in->attribution, in->track->reason,
		                       also_said(c, in));
	else
		explain_attribution_json(&b, &in->attribution, also_said(c, in));
	in->event.attribution = buf_text(&b);
	return true;
}

bool earn_record(struct ctx *c, const struct track *t, struct event *e, struct list *out_made,
                 struct list *out_unpaid)
{
	struct intake *in = &taken;

	*in = (struct intake){ .track = t, .event = *e };
	if (!org_timezone(c, &in->timezone) || !intake_customer(c, in) || !intake_touches(c, in))
		return false;
	if (t->type == EVENT_SALE && t->amount > 0)
		in->event.invoice_index = in->customer.invoices;
	if (!intake_credit(c, in))
		return false;
	take_ownership(in);
	if (!evaluate(c, in) || !store_customer(c, in) || !store_owners(c, in)
	    || !store_touches(c, in))
		return false;
	in->event.customer_id = in->customer.id;
	*e = in->event;
	if (in->attribution.credited_count > 0)
		unpaid_judged(c, in->terms.terms, &in->standing, &accrued, out_unpaid);
	if (!earn_store(c, e) || !store_earnings(c, in, out_made)
	    || !store_concerns(c, in, out_made))
		return false;
	if (in->customer.churned_at >= e->occurred_at && in->customer.id != 0
	    && !churn_catch_up(c, e))
		return false;
	return !about_possible(t->type) || parked_apply(c, e);
}

const struct sql *const earn_sql[] = { &SQL_INSERT, NULL };
