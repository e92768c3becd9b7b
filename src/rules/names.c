/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/names.h"
#include "base/check.h"
#include "rules/attribute.h"
#include "rules/engine.h"

#define SAME_LENGTH(names, count) \
	_Static_assert(LEN(names) == (count) + 1, "a name for each value")

const char *const trigger_names[] = {
	"sale", "click", "lead", "qualified_referral", "project_delivered", "deal_closed",
	"retainer", "goal", NULL,
};
SAME_LENGTH(trigger_names, TRIGGER_COUNT);

const char *const reward_type_names[] = { "none", "percentage", "fixed", NULL };
const char *const tiers_by_names[] = {
	"none", "revenue", "sales", "customers", "projects", NULL,
};
const char *const period_names[] = { "lifetime", "year", "quarter", "month", NULL };
const char *const chain_mode_names[] = { "on_top", "from_share", NULL };
const char *const chain_compute_names[] = { "flat", "cascade", NULL };
const char *const cap_scope_names[] = { "partner", "customer", "campaign", NULL };
const char *const clawback_names[] = { "none", "full", "prorated", NULL };

const char *const signal_names[] = { "deal", "code", "link", "utm", "owned", NULL };
SAME_LENGTH(signal_names, SIGNAL_COUNT);

const char *const model_names[] = { "last", "first", "linear", "position", NULL };
const char *const ownership_names[] = { "lifetime", "days", "sale", NULL };

const char *const rule_names[] = {
	"own", "override", "condition", "tier", "group", "default", NULL,
};
SAME_LENGTH(rule_names, RULE_COUNT);

const char *const why_names[] = {
	"none", "outranked", "earlier_match", "not_reached", "higher_tier", "not_yet", "expired",
	"event", "product", "site", "country", "plan", "renewal", "first_payment", "amount",
	"attribute", NULL,
};
SAME_LENGTH(why_names, WHY_COUNT);

const char *const gate_names[] = {
	"none", "not_credited", "campaign_closed", "trigger", "bot", "duplicate", "self",
	"unqualified", "no_amount", "too_large", "banned", "closed", "no_reward", "zero_reward",
	"delay", "duration", "window_over", "nothing_left", "capped", "rounds_to_zero", NULL,
};
SAME_LENGTH(gate_names, GATE_COUNT);

const char *const hold_names[] = {
	"suspended", "undecided", "no_rate", "self_address", "self_payout", "self_device",
	"payout_shared", "velocity", "paid_search", "banned_referrer", "disposable",
	"banned_elsewhere", "protected_account", "disputed", "review", NULL,
};
SAME_LENGTH(hold_names, HOLD_BITS);

const char *const lost_names[] = {
	"credited", "expired", "later_than_event", "weaker_signal", "unlisted", "earlier", "later",
	"owned", "ownership_over", "deal_expired", "deal_declined", "direct_contact",
	"unauthorised_site", "bot", "inactive", "self", "too_many", NULL,
};
SAME_LENGTH(lost_names, LOST_COUNT);

const char *const earning_kind_names[] = { "own", "override", "recruiting", NULL };

const char *const unpayable_names[] = {
	"payable", "bot", "duplicate", "self", "unqualified", NULL,
};
const char *const partner_standing_names[] = {
	"good", "undecided", "suspended", "banned", "closed", NULL,
};
