/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi.h"

#include "audit/audit.h"
#include "campaign/campaign.h"
#include "campaign/campaign_api.h"
#include "campaign/terms_version.h"
#include "commission/commission.h"
#include "commission/commission_api.h"
#include "connect/stripe_api.h"
#include "customer/customer.h"
#include "customer/customer_api.h"
#include "event/track_api.h"
#include "ledger/ledger_api.h"
#include "link/link_api.h"
#include "partner/partner_api.h"
#include "payout/payout_api.h"
#include "restate/restatement_api.h"

#define V1 "/api/v1"
#define GET METHOD_GET
#define POST METHOD_POST
#define PUT METHOD_PUT
#define PATCH METHOD_PATCH
#define DELETE METHOD_DELETE

const struct api_call api_calls[] = {
	{ GET, V1 "/openapi.json", "This description.", NULL, 200, "Anything" },

	{ GET, V1 "/organisation", "The organisation that the key belongs to.", NULL, 200,
	  "Organisation" },
	{ PATCH, V1 "/organisation", "Change its name or time zone.", "OrganisationChange", 200,
	  "Organisation" },
	{ GET, V1 "/organisations", "A list of this one organisation.", NULL, 200,
	  "OrganisationList" },
	{ GET, V1 "/keys", "All keys, the revoked ones too.", NULL, 200, "KeyList" },
	{ POST, V1 "/keys", "Make a key; it is shown in this answer only.", "KeyNew", 201, "Key" },
	{ DELETE, V1 "/keys/:id", "Revoke a key; it stops at once.", NULL, 204, NULL },
	{ GET, V1 "/members", "Who may do what in the organisation.", NULL, 200, "MemberList" },
	{ POST, V1 "/members", "Give somebody a role, or change it.", "MemberNew", 201, "Member" },
	{ DELETE, V1 "/members/:id", "Take a person's role away.", NULL, 204, NULL },
	{ GET, V1 "/audit", "Who changed what, the latest first.", NULL, 200, "AuditList",
	  .query = "limit starting_after action target" },

	{ GET, V1 "/campaigns", "Campaigns.", NULL, 200, "Campaign", .list = &campaign_list_spec },
	{ POST, V1 "/campaigns", "Create a campaign with version 1 of its terms.", "CampaignNew",
	  201,
	  "Campaign" },
	{ GET, V1 "/campaigns/:id", "One campaign.", NULL, 200, "Campaign" },
	{ PATCH, V1 "/campaigns/:id", "Change what may change; closing is for ever.",
	  "CampaignChange",
	  200, "Campaign" },
	{ GET, V1 "/campaigns/:id/terms", "All versions of its terms.", NULL, 200, "Terms",
	  .list = &terms_list_spec },
	{ POST, V1 "/campaigns/:id/terms", "Publish the next version of the terms.", "TermsNew",
	  201,
	  "Terms" },
	{ GET, V1 "/campaigns/:id/terms/:version", "One version, by its number.", NULL, 200,
	  "Terms" },
	{ POST, V1 "/campaigns/:id/simulate", "What its events would have cost under other terms.",
	  "SimulationNew", 200, "Simulation" },

	{ POST, V1 "/campaigns/:id/restatements",
	  "Preview what applying other terms to its past would change; posts nothing.",
	  "RestatementNew", 201, "Restatement" },
	{ GET, V1 "/restatements", "Runs that apply terms to the past.", NULL, 200, "Restatement",
	  .list = &restatement_list },
	{ GET, V1 "/restatements/:id", "One run with a line for each partner.", NULL, 200,
	  "Restatement" },
	{ POST, V1 "/restatements/:id/approve", "Post its adjustments.", NULL, 200, "Restatement" },
	{ POST, V1 "/restatements/:id/cancel", "Throw a preview away.", NULL, 200, "Restatement" },

	{ GET, V1 "/partners", "Partners.", NULL, 200, "Partner", .list = &partner_list_spec },
	{ POST, V1 "/partners", "Enrol a partner in a campaign; a known address joins another one.",
	  "PartnerNew", 201, "Partner" },
	{ GET, V1 "/partners/:id", "One partner with its enrolments.", NULL, 200, "Partner" },
	{ PATCH, V1 "/partners/:id", "Change a partner.", "PartnerChange", 200, "Partner" },
	{ POST, V1 "/partners/:id/approve", "Approve a partner, or its enrolment in a campaign.",
	  "PartnerStep", 200, "Partner" },
	{ POST, V1 "/partners/:id/decline", "Decline an application.", "PartnerStep", 200,
	  "Partner" },
	{ POST, V1 "/partners/:id/suspend", "Go on recording, but hold what is earned.",
	  "PartnerStep",
	  200, "Partner" },
	{ POST, V1 "/partners/:id/ban", "Earn nothing any more.", "PartnerStep", 200, "Partner" },
	{ POST, V1 "/partners/:id/reinstate", "Approve again after a suspension or ban.",
	  "PartnerStep",
	  200, "Partner" },
	{ PUT, V1 "/partners/:id/override", "Give a partner a reward of its own in a campaign.",
	  "OverrideNew", 200, "Enrolment" },
	{ DELETE, V1 "/partners/:id/override", "Take that reward away.", NULL, 204, NULL,
	  .query = "campaign" },
	{ GET, V1 "/partners/:id/parents", "Who stood above a partner, by all decisions about it.",
	  NULL, 200, "PartnerParents", .expands = "PartnerParent" },
	{ GET, V1 "/partners/:id/team", "Who stands above and below a partner, and what they brought.",
	  NULL, 200, "Team" },
	{ PUT, V1 "/partners/:id/group", "Put a partner in a group of the terms.", "GroupNew", 200,
	  "Partner" },
	{ GET, V1 "/enrolments", "Who is in which campaign.", NULL, 200, "Enrolment",
	  .list = &enrolment_list_spec },

	{ GET, V1 "/links", "Links.", NULL, 200, "Link", .list = &link_list_spec },
	{ POST, V1 "/links", "Make a link; without a slug a random one.", "LinkNew", 201, "Link" },
	{ GET, V1 "/links/:id", "One link.", NULL, 200, "Link" },
	{ PATCH, V1 "/links/:id", "Change where it leads, or disable it.", "LinkChange", 200,
	  "Link" },
	{ GET, V1 "/codes", "Codes.", NULL, 200, "Code", .list = &code_list_spec },
	{ POST, V1 "/codes", "Make a code.", "CodeNew", 201, "Code" },
	{ GET, V1 "/codes/:id", "One code.", NULL, 200, "Code" },
	{ PATCH, V1 "/codes/:id", "Disable a code, or enable it again.", "CodeChange", 200,
	  "Code" },
	{ GET, V1 "/customers", "Customers.", NULL, 200, "Customer", .list = &customer_list_spec },
	{ GET, V1 "/customers/:id", "One customer.", NULL, 200, "Customer" },
	{ PATCH, V1 "/customers/:id", "Change what you note about a customer.", "CustomerChange", 200,
	  "Customer" },

	{ POST, V1 "/track/click", "Record a click and get its id.", "ClickNew", 201, "ClickMade" },
	{ POST, V1 "/track/lead", "Somebody signed up.", "LeadNew", 201, "Recorded" },
	{ POST, V1 "/track/sale", "Somebody paid.", "SaleNew", 201, "Recorded" },
	{ POST, V1 "/track/refund", "A sale was refunded, in part or wholly.", "RefundNew", 201,
	  "Recorded" },
	{ POST, V1 "/track/dispute", "A payment is disputed, or its dispute was won or lost.",
	  "DisputeNew", 201, "Recorded" },
	{ POST, V1 "/track/churn", "A customer has left.", "ChurnNew", 201, "Recorded" },
	{ POST, V1 "/track/event",
	  "A referral qualified, a project was delivered, a deal closed, a goal reached.",
	  "OccasionNew", 201, "Recorded" },
	{ POST, V1 "/track/batch", "Up to 100 events in one call, each with its own result.",
	  "Batch",
	  207, "BatchResults" },

	{ GET, V1 "/events", "What has happened.", NULL, 200, "Event", .list = &event_list },
	{ GET, V1 "/events/:id", "One event, with the answer that its recording gave.", NULL, 200,
	  "Anything", .expands = "Recorded" },

	{ GET, V1 "/commissions", "Commissions.", NULL, 200, "Commission",
	  .list = &commission_list },
	{ GET, V1 "/commissions/:id", "One commission with its payouts and entries.", NULL, 200,
	  "Commission" },
	{ POST, V1 "/commissions/:id/approve", "Let it mature now.", NULL, 200, "Commission" },
	{ POST, V1 "/commissions/:id/hold", "Hold it for a person to look at.", NULL, 200,
	  "Commission" },
	{ POST, V1 "/commissions/:id/release", "Let a held one go on.", NULL, 200, "Commission" },
	{ POST, V1 "/commissions/:id/reject", "Take it back as a whole.", NULL, 200, "Commission" },
	{ GET, V1 "/balances", "What partners have earned, by currency.", NULL, 200, "BalanceList",
	  .query = "partner limit starting_after", .expands = "Balance" },
	{ GET, V1 "/fx/rates", "The last exchange rates published on or before a day.", NULL, 200,
	  "FxRateList", .query = "currency date" },
	{ GET, V1 "/ledger/entries", "Entries of the ledger with their legs.", NULL, 200, "Entry",
	  .list = &ledger_list },
	{ GET, V1 "/ledger/checkpoints", "What the ledger was at the end of each day, signed.", NULL,
	  200, "Checkpoint", .list = &checkpoint_list_spec },
	{ GET, V1 "/ledger/export", "The ledger as JSON lines that prove themselves.", NULL, 200,
	  NULL },
	{ GET, V1 "/partners/:id/statement", "A partner's statement as JSON lines that prove themselves.",
	  NULL, 200, NULL },
	{ GET, V1 "/ledger/entries/:id", "One entry.", NULL, 200, "Entry" },

	{ GET, V1 "/payout-runs", "Payout runs.", NULL, 200, "PayoutRun", .list = &run_list },
	{ POST, V1 "/payout-runs", "Draft a run of what is payable.", "PayoutRunNew", 201,
	  "PayoutRun" },
	{ GET, V1 "/payout-runs/:id", "One run with its payouts.", NULL, 200, "PayoutRun" },
	{ POST, V1 "/payout-runs/:id/approve",
	  "Freeze its items and owe the money to the transfer.",
	  NULL, 200, "PayoutRun" },
	{ POST, V1 "/payout-runs/:id/cancel", "Throw a draft away.", NULL, 200, "PayoutRun" },
	{ POST, V1 "/payout-runs/:id/results", "Say which payouts were paid and which failed.",
	  "PayoutResults", 200, "PayoutRun" },
	{ GET, V1 "/payout-runs/:id/export.csv", "The run as a file for the bank.", NULL, 200,
	  NULL },
	{ GET, V1 "/payouts", "Payouts.", NULL, 200, "Payout", .list = &payout_list },
	{ GET, V1 "/payouts/:id", "One payout with its commissions.", NULL, 200, "Payout" },

	{ POST, V1 "/hooks/stripe/:org", "Where Stripe sends its events; signed, without a key.",
	  "Anything", 200, "Anything" },
	{ GET, V1 "/hooks", "What providers have sent.", NULL, 200, "Hook", .list = &hook_list },
	{ GET, V1 "/providers/stripe", "How Stripe is connected.", NULL, 200, "Anything" },
	{ PUT, V1 "/providers/stripe", "Connect Stripe.", "StripeNew", 200, "Anything" },
	{ DELETE, V1 "/providers/stripe", "Disconnect Stripe.", NULL, 204, NULL },
	{ 0 },
};
