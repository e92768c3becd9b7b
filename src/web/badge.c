/* SPDX-License-Identifier: Apache-2.0 */
#include "web/badge.h"
#include "base/check.h"
#include "data/json.h"

static const struct {
	const char *noun; /* NULL: of any */
	const char *status, *tone, *icon, *text, *means;
} badges[] = {
	{ "commission", "pending", "info", "clock", "Pending",
	  "Earned, and waiting for its date. Refunds until then reduce it." },
	{ "commission", "approved", "ok", "circle-check", "Approved",
	  "Owed. The next payout run takes it." },
	{ "commission", "paid", "ok", "coin", "Paid", "A payout has settled it." },
	{ "commission", "held", "warn", "alert-triangle", "Held",
	  "A person must look at it. It does not mature until it is released." },
	{ "commission", "rejected", "bad", "circle-x", "Rejected",
	  "Decided against. All of it was reversed." },
	{ "commission", "reversed", "", "arrow-back-up", "Reversed",
	  "All of it was taken back." },
	{ "partner", "pending", "warn", "clock", "Waiting", "Waits for your decision." },
	{ "partner", "approved", "ok", "circle-check", "Approved", "May share links and earn." },
	{ "partner", "declined", "", "circle-x", "Declined", "The application was declined." },
	{ "partner", "suspended", "warn", "alert-triangle", "Suspended",
	  "Events are recorded, commissions are held." },
	{ "partner", "banned", "bad", "lock", "Banned", "Nothing accrues." },
	{ "payout", "draft", "", "edit", "Draft", "Nothing has moved yet." },
	{ "payout", "approved", "info", "clock", "To be sent", "Approved. Waits for its result." },
	{ "payout", "paid", "ok", "circle-check", "Paid", "The money has arrived." },
	{ "payout", "failed", "bad", "circle-x", "Failed",
	  "The money came back and is owed again." },
	{ "payout", "skipped", "", "chevron-right", "Skipped",
	  "Not part of the run; the balance carries forward." },
	{ "payout", "canceled", "", "circle-x", "Canceled", "The draft was thrown away." },
	{ "payout_run", "draft", "", "edit", "Draft", "Nothing has moved yet." },
	{ "payout_run", "approved", "info", "clock", "Waiting for results",
	  "The amounts are frozen; send the money and enter the results." },
	{ "payout_run", "done", "ok", "circle-check", "Done", "Every payout has its result." },
	{ "payout_run", "canceled", "", "circle-x", "Canceled", "The draft was thrown away." },
	{ "restatement", "preparing", "info", "clock", "Being previewed", "Nothing is posted yet." },
	{ "restatement", "previewed", "", "edit", "Previewed", "Nothing is posted yet." },
	{ "restatement", "posting", "info", "clock", "Being posted",
	  "Adjustments are posted page by page." },
	{ "restatement", "posted", "ok", "circle-check", "Posted",
	  "Each difference is an adjustment in the ledger." },
	{ "restatement", "canceled", "", "circle-x", "Canceled", "Nothing was posted." },
	{ "deal", "registered", "ok", "shield-check", "Protected",
	  "What is sold to the account is its partner's." },
	{ "deal", "review", "warn", "clock", "In review", "Waits for a person's decision." },
	{ "deal", "declined", "", "circle-x", "Declined", "It protects nobody." },
	{ "deal", "won", "ok", "trophy", "Won", "An event has earned its partner what the terms say." },
	{ "deal", "lost", "", "circle-x", "Lost", "Its protection is over." },
	{ "deal", "expired", "", "clock", "Expired", "Its protection is over." },
	{ "campaign", "active", "ok", "circle-check", "Active", "Partners join and earn." },
	{ "campaign", "paused", "warn", "clock", "Paused",
	  "Nobody can join; what was referred goes on earning." },
	{ "campaign", "closed", "", "lock", "Closed", "Events earn nothing any more." },
	{ "hook", "waiting", "warn", "clock", "Waiting", "Something else must come first." },
	{ "hook", "done", "ok", "circle-check", "Done", "Taken in." },
	{ "hook", "ignored", "", "chevron-right", "Ignored",
	  "Kept, and nothing done about it." },
	{ "hook", "failed", "bad", "circle-x", "Failed", "Refused; the reason is beside it." },
	{ "webhook_endpoint", "enabled", "ok", "circle-check", "Enabled", "Is told what happens." },
	{ "webhook_endpoint", "disabled", "bad", "circle-x", "Disabled",
	  "Nothing is sent until somebody enables it." },
	{ "webhook_delivery", "waiting", "info", "clock", "Waiting",
	  "On its way, or to be tried again." },
	{ "webhook_delivery", "delivered", "ok", "circle-check", "Delivered", "Answered with 2xx." },
	{ "webhook_delivery", "failed", "bad", "circle-x", "Failed", "Not tried any more." },
	{ NULL, "active", "ok", "circle-check", "Active", "In use." },
	{ NULL, "disabled", "", "circle-x", "Disabled", "Kept for what it earned." },
	{ NULL, "suspended", "warn", "alert-triangle", "Suspended", "Can be read only." },
};

json_t *badge_view(struct str noun, struct str status)
{
	if (str_is(noun, "enrolment"))
		noun = STR("partner");
	for (size_t i = 0; i < LEN(badges); i++)
		if ((!badges[i].noun || str_is(noun, badges[i].noun))
		    && str_is(status, badges[i].status))
			return json_pack("{s:s, s:s, s:s, s:s}", "tone", badges[i].tone, "icon",
			                 badges[i].icon, "text", badges[i].text, "means",
			                 badges[i].means);
	return NULL;
}

void badge_put(json_t *row)
{
	struct str noun = json_text(json_object_get(row, "object"));
	const char *key = str_is(noun, "deal") ? "stage" : "status";
	json_t *badge = badge_view(noun, json_text(json_object_get(row, key)));

	if (badge)
		json_object_set_new(row, "badge", badge);
}
