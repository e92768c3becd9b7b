/* SPDX-License-Identifier: Apache-2.0 */
#include "event/intake.h"

#include "app.h"
#include "base/check.h"
#include "base/id.h"
#include "click/lookup.h"
#include "customer/owner.h"
#include "customer/touch.h"
#include "deal/claim.h"
#include "link/code.h"
#include "link/link.h"
#include "partner/enrolment.h"

enum trigger event_trigger(int64_t type)
{
	static const enum trigger triggers[] = {
		[EVENT_CLICK] = TRIGGER_CLICK,
		[EVENT_LEAD] = TRIGGER_LEAD,
		[EVENT_SALE] = TRIGGER_SALE,
		[EVENT_QUALIFIED_REFERRAL] = TRIGGER_QUALIFIED_REFERRAL,
		[EVENT_PROJECT_DELIVERED] = TRIGGER_PROJECT_DELIVERED,
		[EVENT_DEAL_CLOSED] = TRIGGER_DEAL_CLOSED,
		[EVENT_RETAINER] = TRIGGER_RETAINER,
		[EVENT_GOAL] = TRIGGER_GOAL,
		[EVENT_TRUE_UP] = TRIGGER_SALE, /* of nothing: it counts for nothing */
	};

	CHECK(type >= 0 && (size_t)type < LEN(triggers) && type != EVENT_REFUND
	      && type != EVENT_CHURN);
	return triggers[type];
}

/* What the caller says about a person now fills in what was not known; it never overwrites. */
static void fill_in(struct str *known, struct str said)
{
	if (known->n == 0)
		*known = said;
}

bool intake_customer(struct ctx *c, struct intake *in)
{
	const struct track *t = in->track;
	struct customer *cu = &in->customer;

	if (t->customer_id.n == 0)
		return true;
	if (!customer_find(c, t->customer_id, cu, &in->customer_known))
		return false;
	if (!in->customer_known)
		*cu = (struct customer){ .external_id = t->customer_id };
	in->address_new = in->customer_known && cu->email.n == 0 && t->customer_email.n > 0;
	fill_in(&cu->email, t->customer_email);
	fill_in(&cu->name, t->customer_name);
	fill_in(&cu->country, t->customer_country);
	return true;
}

static void add_fresh(struct intake *in, struct candidate touch, int64_t campaign_id)
{
	CHECK(in->fresh_count == in->sighting_count && in->fresh_count < FRESH_MAX);
	in->sightings[in->sighting_count++] = (struct sighting){ touch, campaign_id, false };
	in->fresh_count++;
}

static void say_trouble(struct ctx *c, struct intake *in, const char *what)
{
	in->trouble = in->trouble.n == 0 ? str_from(what)
	                                 : arena_printf(c->arena, "%.*s %s", STR_ARG(in->trouble),
	                                                what);
}

/*
 * The clock of whoever reports an event is not ours, and some round to seconds: a contact that
 * seems to come a little after the event came before it.
 */
#define CLOCK_SKEW_MS 300000

int64_t intake_contact_time(int64_t at_ms, int64_t latest_ms)
{
	return at_ms > latest_ms && at_ms - latest_ms <= CLOCK_SKEW_MS ? latest_ms : at_ms;
}

static bool touch_click(struct ctx *c, struct intake *in)
{
	struct app *app = app_of(c);
	struct click k;
	bool found;

	if (!click_lookup(c, app ? app->clicks : NULL, in->track->click_id, &k, &found))
		return false;
	if (!found) {
		say_trouble(c, in, "The click is not known.");
		return true;
	}
	add_fresh(in,
	          (struct candidate){ .signal = SIGNAL_LINK,
	                          .fault = k.flags & CLICK_BOT ? CANDIDATE_BOT : CANDIDATE_FINE,
	                          .partner_id = k.partner_id,
	                          .link_id = k.link_id,
	                          .click_id = k.id,
	                          .at_ms = intake_contact_time(k.at_ms, in->event.occurred_at) },
	          k.campaign_id);
	in->sightings[in->fresh_count - 1].own_device = k.own_device;
	return true;
}

/* A code is a voucher code or, typed in, the slug of a link. */
static bool touch_code(struct ctx *c, struct intake *in)
{
	struct candidate touch = { .signal = SIGNAL_CODE, .at_ms = in->event.occurred_at };
	struct code code;
	struct link link;
	bool found;

	if (!code_find(c, in->track->code, &code, &found))
		return false;
	if (found && code.status == CODE_ACTIVE) {
		touch.partner_id = code.partner_id;
		touch.link_id = code.link_id;
		add_fresh(in, touch, code.campaign_id);
		return true;
	}
	if (!link_find_slug(c, in->track->code, &link, &found))
		return false;
	if (!found) {
		say_trouble(c, in, "The code is not known.");
		return true;
	}
	touch.partner_id = link.partner_id;
	touch.link_id = link.id;
	add_fresh(in, touch, link.campaign_id);
	return true;
}

/* The oldest campaign that pays for this kind of event, or else the oldest. */
static bool campaign_for(struct ctx *c, struct intake *in, const struct list *enrolments,
                         int64_t *out_id)
{
	const struct enrolment *all = enrolments->items;
	enum trigger kind = event_trigger(in->track->type);

	*out_id = all[0].campaign_id;
	if (enrolments->count == 1)
		return true;
	for (size_t i = 0; i < enrolments->count; i++) {
		if (!terms_in_force(c, all[i].campaign_id, in->event.occurred_at, &in->terms))
			return false;
		if (!accrue_pays_for(in->terms.terms, kind))
			continue;
		*out_id = all[i].campaign_id;
		return true;
	}
	return true;
}

/* A partner named by the organisation itself counts as a code would. */
static bool touch_partner(struct ctx *c, struct intake *in)
{
	struct list enrolments;
	int64_t campaign_id;

	if (!enrolment_list(c, in->track->partner_id, &enrolments))
		return false;
	if (enrolments.count == 0) {
		say_trouble(c, in, "The partner is in no campaign.");
		return true;
	}
	if (!campaign_for(c, in, &enrolments, &campaign_id))
		return false;
	add_fresh(in,
	          (struct candidate){ .signal = SIGNAL_CODE,
	                          .named = true,
	                          .partner_id = in->track->partner_id,
	                          .at_ms = in->event.occurred_at },
	          campaign_id);
	return true;
}

/* The parameters of an address that the partner has spread itself: no click of ours knows of it. */
static bool touch_utm(struct ctx *c, struct intake *in)
{
	struct candidate touch = { .signal = SIGNAL_UTM, .at_ms = in->event.occurred_at };
	struct link link;
	int64_t partners;

	if (!link_find_utm(c, &in->track->utm, &link, &partners))
		return false;
	if (partners == 0) {
		say_trouble(c, in, "No link has these UTM parameters.");
		return true;
	}
	if (partners > 1) {
		in->ambiguous = STR("The UTM parameters are ambiguous: links of several partners"
		                    " have them.");
		return true;
	}
	touch.partner_id = link.partner_id;
	touch.link_id = link.id;
	add_fresh(in, touch, link.campaign_id);
	return true;
}

static bool touches_before(struct ctx *c, struct intake *in)
{
	struct list contacts;

	if (!in->customer_known)
		return true;
	if (!touch_list(c, in->customer.id, &contacts))
		return false;
	for (size_t i = 0; i < contacts.count && in->sighting_count < CANDIDATES_MAX; i++) {
		const struct touch *k = (const struct touch *)contacts.items + i;
		struct candidate touch = { .signal = (enum signal)k->signal,
			               .named = k->named,
			               .partner_id = k->partner_id,
			               .link_id = k->link_id,
			               .click_id = k->click_id,
			               .at_ms = intake_contact_time(k->at, in->event.occurred_at - 1) };

		if (k->click_id != 0 && k->click_id == in->track->click_id)
			in->sightings[0].campaign_id = 0; /* told before: the stored one counts */
		in->sightings[in->sighting_count++] = (struct sighting){ touch, k->campaign_id, false };
	}
	return true;
}

/* Those of a joint deal stand together: a deal that has no room any more is left out. */
static void add_claim(struct intake *in, const struct claim *k)
{
	if (in->sighting_count + k->touch_count > CANDIDATES_MAX)
		return;
	for (size_t i = 0; i < k->touch_count; i++) {
		struct candidate touch = k->touches[i];

		touch.at_ms = intake_contact_time(touch.at_ms, in->event.occurred_at);
		in->sightings[in->sighting_count++] =
		        (struct sighting){ touch, k->campaign_id, false };
	}
}

/* Deals that partners have registered on the customer's account. */
static bool touches_of_deals(struct ctx *c, struct intake *in)
{
	struct claim claims[CLAIMS_MAX];
	size_t count;

	if (in->track->customer_id.n == 0)
		return true;
	if (!claim_list(c, in->customer.email, in->customer.external_id, claims, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		add_claim(in, &claims[i]);
	return true;
}

bool intake_touches(struct ctx *c, struct intake *in)
{
	const struct track *t = in->track;

	if (t->campaign_id)
		return true;
	return (!t->click_id || touch_click(c, in)) && (!t->code.n || touch_code(c, in))
	       && (!t->partner_id || touch_partner(c, in))
	       && (!t->utm.source.n || touch_utm(c, in)) && touches_before(c, in)
	       && touches_of_deals(c, in);
}

static bool read_owners(struct ctx *c, struct intake *in)
{
	struct list rows;

	if (!owner_list(c, &in->customer, &rows))
		return false;
	CHECK(rows.count <= CREDITS_MAX);
	in->owner_count = rows.count;
	for (size_t i = 0; i < rows.count; i++) {
		const struct owner_row *o = (const struct owner_row *)rows.items + i;

		in->owners[i] = (struct owner){ o->partner_id, o->link_id, o->share_ppm };
	}
	return true;
}

/* Attribute under one campaign's terms, among that campaign's touches. */
static bool credit_under(struct ctx *c, struct intake *in, int64_t campaign_id)
{
	struct candidate touches[CANDIDATES_MAX];
	const struct customer *cu = &in->customer;
	size_t count = 0;

	if (!terms_in_force(c, campaign_id, in->event.occurred_at, &in->terms))
		return false;
	for (size_t i = 0; i < in->sighting_count; i++)
		if (in->sightings[i].campaign_id == campaign_id)
			touches[count++] = in->sightings[i].touch;

	const struct attribution_rules *rules = &in->terms.terms->attribution;
	bool owned = cu->partner_id != 0 && cu->campaign_id == campaign_id;
	struct contest contest = {
		.touches = touches,
		.touch_count = count,
		.owners = in->owners,
		.owner_count = owned ? in->owner_count : 0,
		.owned_since_ms = owned ? cu->referred_at : 0,
		.has_bought = cu->invoices > 0,
		.at_ms = in->event.occurred_at,
	};

	in->campaign_id = campaign_id;
	attribute(rules, &contest, &in->attribution);
	return true;
}

/* A deal that was won is its partner's; a joint one is shared as agreed. */
static bool credit_deal(struct ctx *c, struct intake *in)
{
	struct attribution *a = &in->attribution;
	struct claim claim;

	if (!claim_get(c, in->track->deal_id, &claim))
		return false;
	a->signal = SIGNAL_DEAL;
	a->model = in->terms.terms->attribution.model;
	a->cookie_days = in->terms.terms->attribution.cookie_days;
	a->at_ms = in->event.occurred_at;
	a->credited_count = a->verdict_count = claim.touch_count;
	for (size_t i = 0; i < claim.touch_count; i++) {
		const struct candidate *touch = &claim.touches[i];

		a->credited[i] = (struct credited){ .partner_id = touch->partner_id,
			                            .share_ppm = touch->share_ppm,
			                            .signal = SIGNAL_DEAL,
			                            .at_ms = touch->at_ms };
		a->verdicts[i] = (struct verdict){ .partner_id = touch->partner_id,
			                           .deal_id = touch->deal_id,
			                           .until_ms = touch->until_ms,
			                           .signal = SIGNAL_DEAL,
			                           .at_ms = touch->at_ms,
			                           .share_ppm = touch->share_ppm };
	}
	return true;
}

/* What a job makes is an enrolment's own: nobody else can claim it. */
static bool credit_enrolment(struct ctx *c, struct intake *in)
{
	const struct track *t = in->track;

	in->campaign_id = t->campaign_id;
	in->attribution.signal = t->type == EVENT_CLICK ? SIGNAL_LINK : SIGNAL_CODE;
	in->attribution.credited_count = 1;
	in->attribution.credited[0] = (struct credited){ .partner_id = t->partner_id,
		                                         .link_id = t->link_id,
		                                         .share_ppm = PPM_ONE,
		                                         .signal = in->attribution.signal,
		                                         .at_ms = in->event.occurred_at };
	return terms_in_force(c, t->campaign_id, in->event.occurred_at, &in->terms)
	    && (t->deal_id == 0 || credit_deal(c, in));
}

/* Is it a deal whose protection the event falls into? */
static bool protects(const struct intake *in, const struct candidate *touch)
{
	int64_t at = in->event.occurred_at;

	return touch->signal == SIGNAL_DEAL && touch->fault == CANDIDATE_FINE && touch->at_ms <= at
	    && at < touch->until_ms;
}

/* In the campaign of each contact (or only of deals that protect), until one credits. */
static bool credit_contacts(struct ctx *c, struct intake *in, int64_t *tried, bool deals)
{
	for (size_t i = 0; i < in->sighting_count && in->attribution.credited_count == 0; i++) {
		int64_t campaign_id = in->sightings[i].campaign_id;

		if (campaign_id == 0 || campaign_id == *tried
		    || (deals && !protects(in, &in->sightings[i].touch)))
			continue;
		*tried = campaign_id;
		if (!credit_under(c, in, campaign_id))
			return false;
	}
	return true;
}

/*
 * The owner's campaign first, then those of deals that protect, then the campaign of each contact,
 * newest first, until one credits.
 */
bool intake_credit(struct ctx *c, struct intake *in)
{
	int64_t tried = 0;

	in->attribution.credited_count = 0;
	in->attribution.verdict_count = 0;
	if (in->track->campaign_id)
		return credit_enrolment(c, in);
	if (in->customer.partner_id) {
		if (!read_owners(c, in))
			return false;
		tried = in->customer.campaign_id;
		if (!credit_under(c, in, tried))
			return false;
	}
	return credit_contacts(c, in, &tried, true) && credit_contacts(c, in, &tried, false);
}
