/* SPDX-License-Identifier: Apache-2.0 */
#include "event/intake.h"

#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "campaign/campaign.h"
#include "campaign/terms_doc.h"
#include "click/lookup.h"
#include "event/book.h"
#include "event/lead.h"
#include "event/standing.h"
#include "fx/fx_rate.h"
#include "link/link.h"
#include "partner/enrolment.h"
#include "partner/parent.h"
#include "partner/self.h"

enum partner_standing intake_standing_of(enum partner_status status)
{
	static const enum partner_standing standings[] = {
		[PARTNER_PENDING] = STANDING_UNDECIDED, [PARTNER_APPROVED] = STANDING_GOOD,
		[PARTNER_DECLINED] = STANDING_CLOSED,   [PARTNER_SUSPENDED] = STANDING_SUSPENDED,
		[PARTNER_BANNED] = STANDING_BANNED,
	};

	CHECK((size_t)status < LEN(standings));
	return standings[status];
}

/* What a partner has earned, for each cap of the terms that counts per partner. */
static bool partner_caps(struct ctx *c, const struct intake *in, int64_t partner_id, int64_t *used)
{
	const struct terms *t = in->terms.terms;
	int64_t month = standing_month(in->timezone, in->event.occurred_at);
	int64_t months[2];

	for (size_t i = 0; i < t->cap_count; i++) {
		if (t->caps[i].scope != CAP_PARTNER)
			continue;
		standing_period(t->caps[i].period, month, &months[0], &months[1]);
		if (!standing_earned(c, partner_id, in->campaign_id, months, &used[i]))
			return false;
	}
	return true;
}

static bool shared_caps(struct ctx *c, struct intake *in)
{
	const struct terms *t = in->terms.terms;
	int64_t month = standing_month(in->timezone, in->event.occurred_at);
	int64_t months[2];
	int64_t *used = in->standing.cap_used;

	for (size_t i = 0; i < t->cap_count; i++) {
		standing_period(t->caps[i].period, month, &months[0], &months[1]);
		if (t->caps[i].scope == CAP_CAMPAIGN
		    && !standing_earned(c, 0, in->campaign_id, months, &used[i]))
			return false;
		if (t->caps[i].scope == CAP_CUSTOMER && in->customer_known
		    && !standing_customer_earned(c, in->customer.id, in->campaign_id, &used[i]))
			return false;
	}
	return true;
}

/* Signs that a partner above is the customer: the contact was with somebody below. */
static bool self_above(struct ctx *c, const struct intake *in, int64_t click_id,
                       const struct partner *p, unsigned *out)
{
	struct app *app = app_of(c);
	bool device = false;

	if (click_id
	    && !click_by_device_of(c, app ? app->clicks : NULL, click_id, p->id, &device))
		return false;
	*out = self_holds(p->email, p->payout_account, in->customer.email)
	       | (device ? HOLD_SELF_DEVICE : 0);
	return true;
}

static bool upline_of(struct ctx *c, const struct intake *in, const struct credited *who,
                      int64_t partner_id, struct upline *up)
{
	struct partner p;
	struct enrolment e;
	bool enrolled;

	if (!book_partner(c, partner_id, &p) || !self_above(c, in, who->click_id, &p, &up->holds)
	    || !book_enrolment(c, in->campaign_id, partner_id, &e, &enrolled))
		return false;
	up->partner_id = partner_id;
	up->standing = intake_standing_of(enrolled ? enrolment_status(&p, &e)
	                                           : (enum partner_status)p.status);
	return partner_caps(c, in, partner_id, up->cap_used);
}

/* The partners above when the event happened, as far as the terms pay them. */
static bool chain_of(struct ctx *c, const struct intake *in, const struct credited *who,
                     const struct partner *p, struct credit *credit)
{
	const struct terms *t = in->terms.terms;
	size_t levels = t->level_count > 0 ? t->level_count : t->recruiting_ppm > 0;
	struct upline *ups = ARENA_ARRAY(c->arena, struct upline, LEVELS_MAX);
	struct partner at = *p;
	size_t count = 0;

	while (count < levels) {
		int64_t parent_id;

		if (!parent_at(c, &at, in->event.occurred_at, &parent_id))
			return false;
		if (parent_id == 0)
			break;
		if (!book_partner(c, parent_id, &at)
		    || !upline_of(c, in, who, parent_id, &ups[count]))
			return false;
		count++;
	}
	credit->chain = ups;
	credit->chain_count = t->level_count > 0 ? count : 0;
	credit->recruiter = t->recruiting_ppm > 0 && count > 0 ? &ups[0] : NULL;
	return true;
}

static bool counters_of(struct ctx *c, const struct intake *in, struct credit *credit)
{
	int64_t month = standing_month(in->timezone, in->event.occurred_at);
	int64_t months[2];

	if (in->terms.terms->tiers_by == TIERS_NONE)
		return true;
	standing_period(in->terms.terms->tiers_period, month, &months[0], &months[1]);
	return standing_counters(c, credit->partner_id, in->campaign_id, months, &credit->counters);
}

static bool own_reward(struct ctx *c, const struct intake *in, struct credit *credit)
{
	struct link link;

	if (credit->link_id == 0)
		return true;
	if (!book_link(c, credit->link_id, &link))
		return false;
	return link.reward.n == 0
	       || offer_doc_parse(c, link.reward, in->terms.terms->currency, &credit->own);
}

static bool override_reward(struct ctx *c, const struct intake *in, const struct enrolment *e,
                            struct credit *credit)
{
	struct offer *o = &credit->override;

	credit->group = e->group_name;
	credit->override_from_ms = e->override_from;
	credit->override_until_ms = e->override_until;
	if (e->override_reward.n == 0)
		return true;
	if (!offer_doc_parse(c, e->override_reward, in->terms.terms->currency, o))
		return false;
	if (e->override_recurring != OVERRIDE_RECURRING_UNSET) {
		o->has_months = true;
		o->recurring_months = (int32_t)e->override_recurring;
	}
	return true;
}

static bool by_own_device(struct ctx *c, const struct intake *in, int64_t click_id, bool *out)
{
	struct app *app = app_of(c);
	struct click k;
	bool found;

	*out = false;
	if (click_id == 0)
		return true;
	for (size_t i = 0; i < in->fresh_count; i++)
		if (in->sightings[i].touch.click_id == click_id) {
			*out = in->sightings[i].own_device;
			return true;
		}
	if (!click_lookup(c, app ? app->clicks : NULL, click_id, &k, &found))
		return false;
	*out = found && k.own_device;
	return true;
}

/* Signs that the partner is the customer. */
static bool self_referral(struct ctx *c, const struct intake *in, const struct credited *who,
                          const struct partner *p, unsigned *out)
{
	bool device;

	if (!by_own_device(c, in, who->click_id, &device))
		return false;
	*out = self_holds(p->email, p->payout_account, in->customer.email)
	       | (device ? HOLD_SELF_DEVICE : 0);
	return true;
}

/*
 * As it is at arrival. But a retainer is of the days up to the end of the engagement, and whatever ended
 * that came after them.
 */
static enum partner_standing standing_in(const struct intake *in, enum partner_status status)
{
	if (in->track->type == EVENT_RETAINER
	    && (status == PARTNER_BANNED || status == PARTNER_DECLINED))
		return STANDING_GOOD;
	return intake_standing_of(status);
}

static bool stand(struct ctx *c, const struct intake *in, const struct credited *who,
                  struct credit *credit)
{
	struct partner p;
	struct enrolment e = { 0 };
	bool enrolled;

	if (!book_partner(c, who->partner_id, &p)
	    || !book_enrolment(c, in->campaign_id, who->partner_id, &e, &enrolled))
		return false;
	*credit = (struct credit){
		.partner_id = who->partner_id,
		.link_id = who->link_id,
		.share_ppm = who->share_ppm,
		.signal = who->signal,
		.standing = enrolled ? standing_in(in, enrolment_status(&p, &e)) : STANDING_CLOSED,
		.referred_at_ms = in->track->customer_id.n ? in->customer.referred_at
		                                           : in->event.occurred_at,
	};
	return self_referral(c, in, who, &p, &credit->holds)
	       && (!enrolled || override_reward(c, in, &e, credit)) && own_reward(c, in, credit)
	       && counters_of(c, in, credit) && chain_of(c, in, who, &p, credit)
	       && partner_caps(c, in, who->partner_id, credit->cap_used);
}

static void collect_attributes(struct ctx *c, const json_t *object, struct occurrence *o)
{
	struct attribute *all = ARENA_ARRAY(c->arena, struct attribute,
	                                    json_object_size(object) + 1);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		struct str text = json_is_integer(value)
		                          ? arena_printf(c->arena, "%lld",
		                                         (long long)json_integer_value(value))
		                          : (struct str){ json_string_value(value),
			                                  json_string_length(value) };

		all[o->attribute_count++] = (struct attribute){ str_from(key), text };
	}
	o->attributes = all;
}

/* The rate to the campaign's currency, by which the event is judged for ever after. */
static bool freeze_rate(struct ctx *c, struct intake *in)
{
	const struct currency *to = in->terms.terms->currency;
	struct occurrence *o = &in->occurrence;
	int64_t day = o->occurred_at_ms / MS_PER_DAY;

	if (!o->currency)
		return true;
	if (!fx_rate_find(c, o->currency, to, day, &o->fx))
		return false;
	if (!o->fx.from)
		in->unconverted = arena_printf(
		        c->arena, "There is no exchange rate from %s to %s on or before %.*s:"
		        " the amounts stay in %s.", o->currency->code, to->code,
		        STR_ARG(fx_day_text(c->arena, day)), o->currency->code);
	return true;
}

static bool freeze_reward(struct ctx *c, const struct currency *to, const struct reward *w,
                          struct occurrence *o)
{
	struct fx fx;

	if (w->type != REWARD_FIXED || w->currency == to || w->currency == o->fx.from
	    || o->reward_fx_count == REWARD_FX_MAX)
		return true;
	for (size_t i = 0; i < o->reward_fx_count; i++)
		if (o->reward_fx[i].from == w->currency)
			return true;
	if (!fx_rate_find(c, w->currency, to, o->occurred_at_ms / MS_PER_DAY, &fx))
		return false;
	if (fx.from)
		o->reward_fx[o->reward_fx_count++] = fx;
	return true;
}

bool intake_reward_rates(struct ctx *c, const struct terms *t, const struct standing *s,
                         struct occurrence *o)
{
	const struct currency *to = t->currency;
	bool ok = true;

	if (t->cap_count == 0)
		return true;
	for (size_t i = 0; i < s->credit_count; i++)
		ok = ok && freeze_reward(c, to, &s->credits[i].own.reward, o)
		     && freeze_reward(c, to, &s->credits[i].override.reward, o);
	for (size_t i = 0; i < t->reward_count; i++)
		ok = ok && freeze_reward(c, to, &t->rewards[i].offer.reward, o);
	for (size_t i = 0; i < t->tier_count; i++)
		ok = ok && freeze_reward(c, to, &t->tiers[i].offer.reward, o);
	for (size_t i = 0; i < t->group_count; i++)
		ok = ok && freeze_reward(c, to, &t->groups[i].offer.reward, o);
	return ok && freeze_reward(c, to, &t->standard.reward, o);
}

/* What was safe before it arrived, with no word of when it happened, is so from then on. */
static int64_t cleared_at(const struct intake *in)
{
	int64_t told = in->track->cleared_at, since = in->event.occurred_at;

	return told && told < since ? since : told;
}

static bool occur(struct ctx *c, struct intake *in)
{
	const struct track *t = in->track;
	struct occurrence *o = &in->occurrence;

	*o = (struct occurrence){
		.event_id = in->event.id,
		.kind = event_trigger(t->type),
		.amount_minor = t->amount,
		.tax_minor = t->tax,
		.shipping_minor = t->shipping,
		.currency = t->currency.n ? currency_find(t->currency) : NULL,
		.occurred_at_ms = in->event.occurred_at,
		.cleared_at_ms = cleared_at(in),
		.quantity = t->quantity,
		.quantity_of = t->quantity_of,
		.is_invoice = in->event.invoice_index >= 0,
		.invoice_index = in->event.invoice_index >= 0 ? (int32_t)in->event.invoice_index
		    : 0,
		.product = t->product,
		.site = t->site,
		.plan = t->plan,
		.country = t->customer_country.n ? t->customer_country : in->customer.country,
	};
	if (t->attributes)
		collect_attributes(c, t->attributes, o);
	return freeze_rate(c, in)
	       && intake_reward_rates(c, in->terms.terms, &in->standing, o);
}

bool intake_standing(struct ctx *c, struct intake *in)
{
	struct campaign campaign;

	in->standing = (struct standing){ .credits = in->credits };
	for (size_t i = 0; i < in->attribution.credited_count; i++)
		if (!stand(c, in, &in->attribution.credited[i], &in->credits[i]))
			return false;
	in->standing.credit_count = in->attribution.credited_count;
	if (!book_campaign(c, in->campaign_id, &campaign))
		return false;
	in->standing.campaign_closed =
	        campaign.closed_at != 0 && in->event.occurred_at >= campaign.closed_at;
	return occur(c, in) && shared_caps(c, in)
	       && (in->occurrence.kind != TRIGGER_LEAD || lead_check(c, in));
}
