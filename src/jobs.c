/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs.h"
#include "access/idempotency.h"
#include "base/check.h"
#include "calendar/click_hours.h"
#include "calendar/retainer.h"
#include "calendar/true_up.h"
#include "click/own_device.h"
#include "commission/commission.h"
#include "connect/stripe_api.h"
#include "customer/account.h"
#include "fx/fx_job.h"
#include "ledger/checkpoint.h"
#include "report/report.h"
#include "restate/sweep.h"
#include "user/invitation.h"
#include "user/reset.h"
#include "user/session.h"
#include "webhook/delivery.h"
#include "webhook/webhook_job.h"

#define MINUTE_MS 60000
#define HOUR_MS 3600000

#define MATURE_STEP 200

static bool mature(struct ctx *c, bool *out_more)
{
	return commission_mature_due(c, MATURE_STEP, out_more);
}

/* Of what lets people in: one after the other, each as long as there is more. */
static bool prune_access(struct ctx *c, bool *out_more)
{
	bool invitations, resets;

	if (!session_prune(c, out_more) || !invitation_prune(c, &invitations)
	    || !reset_prune(c, &resets))
		return false;
	*out_more |= invitations || resets;
	return true;
}

const struct job jobs[] = {
	{ "mature", "Approve commissions whose hold is over.", MINUTE_MS, false, mature },
	{ "clicks", "Pay for the clicks of hours that are over.", MINUTE_MS, false,
	  click_hours_step },
	{ "retainers", "Make last month's retainers, and those of months that were missed.",
	  MINUTE_MS, false, retainer_step },
	{ "true-up", "Correct what periods that are over have earned, where tiers are retroactive.",
	  MINUTE_MS, false, true_up_step },
	{ "restate", "Preview and post restatements, and keep them right when something is told later.",
	  MINUTE_MS, false, sweep_step },
	{ "hooks", "Try again what payment providers sent and what had to wait.", MINUTE_MS, false,
	  stripe_job },
	{ "report", "Fold what has happened into the sums by day that pages show.", MINUTE_MS, false,
	  report_fold },
	{ "accounts", "Find new customers by their company, where deals are registered.",
	  10 * MINUTE_MS, false, account_follow },
	{ "accounts-begin", "Begin with that, where the first deal is about to be registered.", 0,
	  false, account_begin },
	{ "checkpoint", "Sign what the ledger was at the end of each day.", HOUR_MS, false,
	  checkpoint_make },
	{ "fx", "Fetch the exchange rates that are missing.", 3 * HOUR_MS, true,
	  .take = fx_job_take, .send = fx_job_send, .settle = fx_job_settle },
	{ "outbox", "Send what webhooks are to be told.", MINUTE_MS, false,
	  .take = webhook_take, .send = webhook_send, .settle = webhook_settle },
	{ "messages", "Forget messages and deliveries of webhooks that are older than 30 days.",
	  HOUR_MS, false, delivery_prune },
	{ "devices", "Forget with which devices partners were in the portal more than 90 days ago.",
	  HOUR_MS, false, own_device_prune },
	{ "sessions", "Forget sessions and links of invitations that are over.", HOUR_MS, true,
	  prune_access },
	{ "idempotency", "Forget old answers to requests with an Idempotency-Key.", HOUR_MS, false,
	  idempotency_prune },
};

const size_t job_count = LEN(jobs);

const struct job *jobs_find(struct str name)
{
	for (size_t i = 0; i < job_count; i++)
		if (str_is(name, jobs[i].name))
			return &jobs[i];
	return NULL;
}
