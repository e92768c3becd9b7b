/* SPDX-License-Identifier: Apache-2.0 */
#include "expansions.h"

#include "campaign/campaign_api.h"
#include "commission/commission_api.h"
#include "customer/customer_api.h"
#include "deal/deal_api.h"
#include "event/track_api.h"
#include "ledger/ledger_api.h"
#include "link/link_api.h"
#include "openapi.h"
#include "partner/partner_api.h"
#include "payout/payout_api.h"
#include "restate/restatement_api.h"

#define CAMPAIGN(shape) \
	{ shape, "campaign", "Campaign", &campaign_list_spec, .scope = "campaigns:read" }
#define PARTNER_AS(shape, member) \
	{ shape, member, "Partner", &partner_list_spec, .scope = "partners:read" }
#define PARTNER_OF(shape) PARTNER_AS(shape, "partner")
#define LINK(shape) { shape, "link", "Link", &link_list_spec, .scope = "links:read" }
#define CUSTOMER(shape) \
	{ shape, "customer", "Customer", &customer_list_spec, .scope = "customers:read" }
#define EVENT(shape, member) { shape, member, "Event", &event_list, .scope = "events:read" }
#define COMMISSION(shape) \
	{ shape, "commission", "Commission", &commission_list, .scope = "commissions:read" }
#define PAYOUT(shape) \
	{ shape, "payout", "Payout", &payout_list, .scope = "payouts:read", .money = true }

const struct expansion expansions[] = {
	PARTNER_AS("Partner", "parent"),
	{ "Partner", "enrolments", "Enrolment", &enrolment_list_spec, .by = "partner_id",
	  .scope = "partners:read" },
	CAMPAIGN("Enrolment"),
	PARTNER_OF("Enrolment"),
	PARTNER_OF("PartnerParent"),
	PARTNER_AS("PartnerParent", "parent"),
	CAMPAIGN("Terms"),

	CAMPAIGN("Link"),
	PARTNER_OF("Link"),
	CAMPAIGN("Code"),
	PARTNER_OF("Code"),
	LINK("Code"),

	CAMPAIGN("Customer"),
	PARTNER_OF("Customer"),
	LINK("Customer"),

	CAMPAIGN("Deal"),
	PARTNER_OF("Deal"),
	EVENT("Deal", "event"),
	{ "Deal", "conflict_deal", "Deal", &deal_list_spec, .scope = "deals:read" },

	CAMPAIGN("Event"),
	PARTNER_OF("Event"),
	LINK("Event"),
	CUSTOMER("Event"),
	EVENT("Event", "sale"),
	{ "Event", "commissions", "Commission", &commission_list, .by = "event_id",
	  .scope = "commissions:read" },
	/* one event, as it was answered */
	{ "Recorded", "event", "Event" },
	{ "Recorded", "commissions", "Commission" },

	CAMPAIGN("Commission"),
	PARTNER_OF("Commission"),
	CUSTOMER("Commission"),
	EVENT("Commission", "event"),
	PAYOUT("Commission"),
	{ "Commission", "terms", "Terms", &terms_list_spec, .scope = "campaigns:read" },
	{ "Commission", "explanation" },

	PARTNER_OF("Balance"),
	COMMISSION("Entry"),
	PAYOUT("Entry"),
	PARTNER_OF("Payout"),
	{ "Payout", "run", "PayoutRun", &run_list, .scope = "payouts:read", .money = true },
	{ "Payout", "commissions", "Commission" }, /* of one payout */
	{ "PayoutRun", "payouts", "Payout", &payout_list, .by = "run_id", .scope = "payouts:read",
	  .money = true },
	CAMPAIGN("Restatement"),
	{ 0 },
};

bool expansions_of(const char *shape)
{
	for (const struct expansion *row = expansions; shape && row->of; row++)
		if (strcmp(row->of, shape) == 0)
			return true;
	return false;
}

const char *expansions_root(const struct route *r)
{
	for (const struct api_call *call = api_calls; call->path; call++) {
		const char *shape = call->expands ? call->expands : call->answer;

		if (call->method == r->method && strcmp(call->path, r->path) == 0)
			return r->method == METHOD_GET && expansions_of(shape) ? shape : NULL;
	}
	return NULL;
}
