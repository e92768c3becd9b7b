/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/outbox.h"

#include "commission/commission_api.h"
#include "deal/deal_api.h"
#include "event/track_api.h"
#include "link/link_api.h"
#include "partner/partner_api.h"
#include "payout/payout_api.h"
#include "webhook/delivery.h"

#define PARTNER partner_api_print, "Partner"
#define LINK link_api_print, "Link"
#define EVENT event_api_print, "Recorded"
#define COMMISSION commission_api_print, "Commission"
#define PAYOUT payout_api_print, "Payout"
#define DEAL deal_api_print, "Deal"

/* What messages of each type carry, and when they are written. */
const struct outbox_shape outgoing_shapes[OUTBOX_TYPE_COUNT] = {
	[OUTBOX_TEST] = { NULL, "Anything", "Somebody wanted to see whether messages arrive." },
	[OUTBOX_PARTNER_CREATED] = { PARTNER, "A partner was added." },
	[OUTBOX_PARTNER_ENROLLED] = { PARTNER, "A partner has joined a campaign, or asks to." },
	[OUTBOX_PARTNER_UPDATED] = { PARTNER, "What is known of a partner was changed." },
	[OUTBOX_PARTNER_APPROVED] = { PARTNER, "A partner was approved, or for a campaign." },
	[OUTBOX_PARTNER_DECLINED] = { PARTNER, "A partner was declined, or for a campaign." },
	[OUTBOX_PARTNER_SUSPENDED] = { PARTNER, "A partner was suspended, or in a campaign." },
	[OUTBOX_PARTNER_BANNED] = { PARTNER, "A partner was banned, or in a campaign." },
	[OUTBOX_PARTNER_REINSTATED] = { PARTNER, "A partner was reinstated, or in a campaign." },
	[OUTBOX_LINK_CREATED] = { LINK, "A link was created." },
	[OUTBOX_LINK_UPDATED] = { LINK, "A link was changed or disabled." },
	[OUTBOX_LEAD_RECORDED] = { EVENT, "A lead was recorded." },
	[OUTBOX_SALE_RECORDED] = { EVENT, "A sale was recorded." },
	[OUTBOX_REFUND_RECORDED] = { EVENT, "A refund was recorded." },
	[OUTBOX_DISPUTE_RECORDED] = { EVENT, "A dispute was opened or decided." },
	[OUTBOX_CHURN_RECORDED] = { EVENT, "A customer has left." },
	[OUTBOX_QUALIFIED_REFERRAL_RECORDED] = { EVENT, "A referral was qualified." },
	[OUTBOX_PROJECT_DELIVERED_RECORDED] = { EVENT, "A project was delivered." },
	[OUTBOX_DEAL_CLOSED_RECORDED] = { EVENT, "A deal was closed." },
	[OUTBOX_GOAL_RECORDED] = { EVENT, "A goal was reached." },
	[OUTBOX_COMMISSION_CREATED] = { COMMISSION, "A commission was earned." },
	[OUTBOX_COMMISSION_APPROVED] = { COMMISSION, "A commission has matured: it is owed." },
	[OUTBOX_COMMISSION_HELD] = { COMMISSION, "A commission was put on hold." },
	[OUTBOX_COMMISSION_RELEASED] = { COMMISSION, "A commission is not on hold any more." },
	[OUTBOX_COMMISSION_REJECTED] = { COMMISSION, "A commission was decided against." },
	[OUTBOX_COMMISSION_REVERSED] = { COMMISSION, "Some or all of a commission was taken back." },
	[OUTBOX_COMMISSION_RESTORED] = { COMMISSION, "What was taken back was given back." },
	[OUTBOX_COMMISSION_PAID] = { COMMISSION, "All of a commission has been paid." },
	[OUTBOX_PAYOUT_CREATED] = { PAYOUT, "A payout is in the draft of a run." },
	[OUTBOX_PAYOUT_APPROVED] = { PAYOUT, "A payout was approved: its money is on the way." },
	[OUTBOX_PAYOUT_PAID] = { PAYOUT, "The money of a payout has arrived." },
	[OUTBOX_PAYOUT_FAILED] = { PAYOUT, "The money of a payout came back." },
	[OUTBOX_PAYOUT_CANCELED] = { PAYOUT, "The draft of a payout was thrown away." },
	[OUTBOX_DEAL_REGISTERED] = { DEAL, "A deal was registered: it is protected." },
	[OUTBOX_DEAL_SUBMITTED] = { DEAL, "A deal waits for a person's decision." },
	[OUTBOX_DEAL_DECLINED] = { DEAL, "A deal was declined, by a conflict or a person." },
	[OUTBOX_DEAL_APPROVED] = { DEAL, "A person approved a deal: it is protected." },
	[OUTBOX_DEAL_EXTENDED] = { DEAL, "The protection of a deal was extended." },
	[OUTBOX_DEAL_WON] = { DEAL, "A deal was won." },
	[OUTBOX_DEAL_LOST] = { DEAL, "A deal was lost: its protection is over." },
};

/* Who is given them. */
const struct outbox_consumer outgoing_consumers[] = {
	{ endpoint_wanted, delivery_make },
	{ NULL, NULL },
};
