/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_input.h"

#include "base/check.h"
#include "rules/names.h"
#include "rules/terms.h"

static const char *const trigger_texts[] = {
	"each payment", "each counted click", "each lead", "each qualified referral",
	"each delivered project", "each closed deal", "each month of a retainer",
	"each goal that is reached", NULL,
};

static const char *const base_names[] = { "net", "gross", NULL };
static const char *const base_texts[] = { "without tax and shipping", "all that was paid", NULL };

/* How long, for the campaign's own reward and for rewards that may leave it open. */
static const char *const months_names[] = { "life", "first", "renewals", NULL };
static const char *const months_texts[] = {
	"for every payment, for life", "for the first payment only",
	"for the first payment and so many renewals:", NULL,
};
static const char *const some_months_names[] = { "", "life", "first", "renewals", NULL };
static const char *const some_months_texts[] = {
	"as long as usual", "for every payment, for life", "for the first payment only",
	"for the first payment and so many renewals:", NULL,
};

static const char *const by_texts[] = {
	"referred revenue", "number of sales", "number of customers", "delivered projects", NULL,
};
static const char *const period_texts[] = {
	"all the time", "a calendar year", "a quarter", "a month", NULL,
};
static const char *const renewal_names[] = { "", "first", "renewals", NULL };
static const char *const renewal_texts[] = {
	"every payment", "first payments only", "renewals only", NULL,
};
static const char *const event_names[] = {
	"", "sale", "click", "lead", "qualified_referral", "project_delivered", "deal_closed",
	"retainer", "goal", NULL,
};
static const char *const event_texts[] = {
	"what the campaign pays for", "payments", "counted clicks", "leads", "qualified referrals",
	"delivered projects", "closed deals", "months of a retainer", "goals", NULL,
};
_Static_assert(LEN(event_names) == TRIGGER_COUNT + 2, "a text for each trigger");

static const char *const mode_texts[] = {
	"on top: it costs the organisation more", "from the earner's own commission", NULL,
};
static const char *const compute_texts[] = {
	"the earner's commission", "what the level below gets", NULL,
};
static const char *const scope_texts[] = {
	"One partner", "One customer", "The whole campaign", NULL,
};
static const char *const model_texts[] = {
	"the last contact", "the first contact", "all contacts, equally",
	"first and last 40 % each, the rest 20 %", NULL,
};
static const char *const owner_names[] = { "lifetime", "sale", "days", NULL };
static const char *const owner_texts[] = {
	"for life", "for one purchase: each is credited anew", "for so many days:", NULL,
};
static const char *const refund_names[] = { "full", "prorated", "none", NULL };
static const char *const back_texts[] = {
	"take back the commission", "take back the part for the days left", "take back nothing",
	NULL,
};
static const char *const settled_names[] = { "none", "year", "quarter", "month", NULL };
static const char *const settled_texts[] = {
	"never", "at the end of the year", "at the end of the quarter", "at the end of the month",
	NULL,
};
static const char *const opened_names[] = { "hold", "reverse", NULL };
static const char *const opened_texts[] = {
	"hold the commission until it is decided", "take it back at once", NULL,
};

static const struct terms_input paid[] = {
	{ "trigger", "Partners earn for", NULL, TERMS_CHOICE, trigger_names, trigger_texts, NULL,
	  NULL },
	{ "reward", "Reward", NULL, TERMS_REWARD, NULL, NULL, NULL, NULL },
	{ "recurring_months", "How long", NULL, TERMS_MONTHS, months_names, months_texts, "life",
	  NULL },
	{ "base", "A percentage is of", NULL, TERMS_CHOICE, base_names, base_texts, "net", NULL },
	{ "delay_invoices", "Payments that earn nothing first",
	  "Trial months, for example. Empty: none.", TERMS_NUMBER, NULL, NULL, NULL, "payments" },
	{ "window_days", "Only within", "Counted from the referral. Empty: no limit.",
	  TERMS_NUMBER, NULL, NULL, NULL, "days" },
};

static const struct terms_input special[] = {
	{ "reward", "Reward", NULL, TERMS_REWARD, NULL, NULL, NULL, NULL },
	{ "recurring_months", "How long", NULL, TERMS_MONTHS, some_months_names, some_months_texts,
	  NULL, NULL },
	{ "if/product", "Products", NULL, TERMS_LIST, NULL, NULL, NULL, NULL },
	{ "if/plan", "Plans", NULL, TERMS_LIST, NULL, NULL, NULL, NULL },
	{ "if/country", "Countries", "Two letters: DE, AT", TERMS_COUNTRIES, NULL, NULL, NULL,
	  NULL },
	{ "if/site", "Sites", NULL, TERMS_LIST, NULL, NULL, NULL, NULL },
	{ "if/recurring", "First or renewal", NULL, TERMS_RENEWAL, renewal_names, renewal_texts,
	  NULL, NULL },
	{ "if/event", "Kind of event", NULL, TERMS_CHOICE, event_names, event_texts, NULL, NULL },
	{ "if/amount/from", "Amounts from", NULL, TERMS_MONEY, NULL, NULL, NULL, NULL },
	{ "if/amount/below", "Amounts below", NULL, TERMS_MONEY, NULL, NULL, NULL, NULL },
};

static const struct terms_input tiers[] = {
	{ "tiers/by", "What is counted", NULL, TERMS_CHOICE, tiers_by_names + 1, by_texts,
	  "revenue", NULL },
	{ "tiers/period", "Counted over", "In the organisation's time zone.", TERMS_CHOICE,
	  period_names, period_texts, "lifetime", NULL },
	{ "tiers/counts_current", "The payment itself counts already", NULL, TERMS_CHECK, NULL, NULL,
	  NULL, NULL },
	{ "tiers/retroactive", "At the end of the period the tier reached counts for all of it",
	  NULL, TERMS_CHECK, NULL, NULL, NULL, NULL },
};

static const struct terms_input tier[] = {
	{ "from", "From", NULL, TERMS_FROM, NULL, NULL, NULL, NULL },
	{ "reward", "Reward", NULL, TERMS_REWARD, NULL, NULL, NULL, NULL },
	{ "recurring_months", "How long", NULL, TERMS_MONTHS, some_months_names, some_months_texts,
	  NULL, NULL },
};

static const struct terms_input group[] = {
	{ "name", "Group", NULL, TERMS_TEXT, NULL, NULL, NULL, NULL },
	{ "reward", "Reward", "Empty: as usual.", TERMS_REWARD, NULL, NULL, NULL, NULL },
	{ "recurring_months", "How long", NULL, TERMS_MONTHS, some_months_names, some_months_texts,
	  NULL, NULL },
};

static const struct terms_input chain[] = {
	{ "chain/mode", "Paid", NULL, TERMS_CHOICE, chain_mode_names, mode_texts, "on_top", NULL },
	{ "chain/compute", "A share of", NULL, TERMS_CHOICE, chain_compute_names, compute_texts,
	  "flat", NULL },
};

static const struct terms_input level[] = {
	{ "percent", "Share", NULL, TERMS_PERCENT, NULL, NULL, NULL, "%" },
};

static const struct terms_input recruiting[] = {
	{ "recruiting/percent", "Share of a recruit's commissions",
	  "On top, for one level only. Empty: recruiting earns nothing.", TERMS_PERCENT, NULL, NULL,
	  NULL, "%" },
};

static const struct terms_input cap[] = {
	{ "scope", "Who", NULL, TERMS_CHOICE, cap_scope_names, scope_texts, NULL, NULL },
	{ "amount", "At most", NULL, TERMS_MONEY, NULL, NULL, NULL, NULL },
	{ "period", "In", NULL, TERMS_CHOICE, period_names, period_texts, "lifetime", NULL },
};

static const struct terms_input credit[] = {
	{ "attribution/model", "Credit goes to", NULL, TERMS_CHOICE, model_names, model_texts,
	  "last", NULL },
	{ "attribution/cookie_days", "A contact counts for", NULL, TERMS_NUMBER, NULL, NULL, "90",
	  "days" },
	{ "attribution/ownership", "A customer stays with the partner", NULL, TERMS_OWNERSHIP,
	  owner_names, owner_texts, "lifetime", NULL },
	{ "attribution/priority", "Strongest contact first",
	  "Any of deal, code, link, utm, owned. What is missing does not count.", TERMS_LIST, NULL,
	  NULL, "deal, code, link, utm", NULL },
	{ "attribution/deal_days", "A registered deal is protected for", NULL, TERMS_NUMBER, NULL,
	  NULL, "14", "days" },
};

static const struct terms_input payment[] = {
	{ "hold_days", "Commissions are due after", NULL, TERMS_NUMBER, NULL, NULL, "30", "days" },
	{ "minimum_payout", "Payouts start at", "Empty: any amount.", TERMS_MONEY, NULL, NULL, NULL,
	  NULL },
};

static const struct terms_input clawback[] = {
	{ "clawback/on_refund", "When a payment is refunded", NULL, TERMS_CHOICE, refund_names,
	  back_texts, "full", NULL },
	{ "clawback/on_dispute", "When a payment is disputed and lost", NULL, TERMS_CHOICE,
	  refund_names, back_texts, "full", NULL },
	{ "clawback/on_churn", "When the customer leaves", NULL, TERMS_CHOICE, refund_names,
	  back_texts, "none", NULL },
	{ "clawback/window_days", "Only within", "Counted from the payment. Empty: no limit.",
	  TERMS_NUMBER, NULL, NULL, NULL, "days" },
	{ "clawback/dispute_opened", "While a payment is disputed", NULL, TERMS_CHOICE, opened_names,
	  opened_texts, "hold", NULL },
	{ "clawback/true_up", "What refunds have left alone is taken back", NULL, TERMS_CHOICE,
	  settled_names, settled_texts, "none", NULL },
};

#define INPUTS(table) .inputs = (table), .count = LEN(table)
#define CELLS(table) .cells = (table), .cell_count = LEN(table)

const struct terms_section terms_sections[] = {
	{ .key = "paid", .title = "What partners earn", INPUTS(paid) },
	{ .key = "rewards", .title = "Special rewards",
	  .hint = "For some products, countries or amounts. The first that fits counts; empty"
	          " conditions fit everything.",
	  .list = "rewards", .row = "Special reward", .add = "Add a special reward", CELLS(special),
	  .row_max = REWARDS_MAX, .ordered = true },
	{ .key = "tiers", .title = "Tiers", .hint = "Partners who bring more earn more.",
	  INPUTS(tiers), .list = "tiers/steps", .row = "Tier", .add = "Add a tier", CELLS(tier),
	  .row_max = TIERS_MAX, .needs_rows = true },
	{ .key = "groups", .title = "Groups", .hint = "Another reward for some partners.",
	  .list = "groups", .row = "Group", .add = "Add a group", CELLS(group),
	  .row_max = GROUPS_MAX, .keyed = true },
	{ .key = "chain", .title = "Partners above", .hint = "What those get who stand above the"
	  " earner; level 1 is the next above.", INPUTS(chain), .list = "chain/levels",
	  .row = "Level", .add = "Add a level", CELLS(level), .row_max = LEVELS_MAX,
	  .needs_rows = true },
	{ .key = "recruiting", .title = "Recruiting", INPUTS(recruiting) },
	{ .key = "caps", .title = "Limits", .hint = "What is above a limit is not paid.",
	  .list = "caps", .row = "Limit", .add = "Add a limit", CELLS(cap), .row_max = CAPS_MAX },
	{ .key = "credit", .title = "Who gets the credit", INPUTS(credit) },
	{ .key = "payment", .title = "When it is paid", INPUTS(payment) },
	{ .key = "clawback", .title = "When a customer wants the money back", INPUTS(clawback) },
};

const size_t terms_section_count = LEN(terms_sections);
