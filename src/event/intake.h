/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_INTAKE_H
#define EVENT_INTAKE_H

#include "campaign/terms_cache.h"
#include "customer/customer.h"
#include "event/event.h"
#include "partner/partner.h"
#include "rules/attribute.h"
#include "rules/engine.h"

/*
 * Intake: one event on its way in, and what has been gathered about it.
 *
 * The parts run in this order, each reading what the ones before it left:
 * intake_customer → intake_touches → intake_credit (rules/attribute) →
 * intake_standing → rules/engine accrue → stored by event.c.
 */

#define FRESH_MAX 4 /* a click, a code, a partner and UTM parameters in one event */

struct sighting {
	struct candidate touch;
	int64_t campaign_id;
	bool own_device;                 /* of a click this event brings: the partner's own */
};

struct intake {
	const struct track *track;
	struct str timezone;             /* the organisation's */
	struct event event;              /* as it will be stored */

	struct customer customer;
	bool customer_known;             /* it was here before this event … */
	bool address_new;                /* … but its address was not */
	struct owner owners[CREDITS_MAX]; /* whose it was before this event */
	size_t owner_count;
	bool owners_changed;             /* and several own it now, or did */

	struct sighting sightings[CANDIDATES_MAX]; /* the event's own first, then earlier ones */
	size_t sighting_count;
	size_t fresh_count;              /* how many of them this event itself brings */
	struct str trouble;              /* why what the caller named brought none, or "" */
	struct str ambiguous;            /* that UTM parameters could be several partners', or "" */
	struct str unconverted;          /* that there is no rate to the campaign's currency, or "" */

	int64_t campaign_id;             /* whose terms decide; 0: there is none */
	struct terms_in_force terms;
	struct attribution attribution;

	struct credit credits[CREDITS_MAX];
	struct standing standing;
	struct occurrence occurrence;
};

/* The customer of the event: known, or to be made. */
bool intake_customer(struct ctx *c, struct intake *in);

/* What the caller named (click, code, partner, UTM parameters) and the customer's earlier contacts. */
bool intake_touches(struct ctx *c, struct intake *in);

/* Choose the campaign and its terms, and credit the event. */
bool intake_credit(struct ctx *c, struct intake *in);

/* How each credited partner stands, and the event as the rules see it. */
bool intake_standing(struct ctx *c, struct intake *in);

/*
 * When a contact was that counts for something at latest_ms: clocks may disagree, so one that seems
 * to come a little after it came right then.
 */
int64_t intake_contact_time(int64_t at_ms, int64_t latest_ms);

/* How the engine sees a partner's status. */
enum partner_standing intake_standing_of(enum partner_status status);

/* The rates of the day by which fixed rewards in other currencies are compared with caps, if any. */
bool intake_reward_rates(struct ctx *c, const struct terms *t, const struct standing *s,
                         struct occurrence *o);

/* What an event of this type can trigger. */
enum trigger event_trigger(int64_t type);

#endif
