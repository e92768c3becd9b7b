/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_TERMS_H
#define RULES_TERMS_H

#include "base/money.h"

/*
 * The terms of a campaign in the form the engine reads: plain data, made once per version
 * by campaign/terms_doc.h from the JSON document and then never changed.
 *
 * All arrays and strings live in the arena the terms were made in. Everything has been
 * checked when the document was read; contradictions inside the engine are bugs.
 */

#define TIERS_MAX 16
#define REWARDS_MAX 32
#define GROUPS_MAX 64
#define LEVELS_MAX 6
#define CAPS_MAX 6
#define VALUES_MAX 64

/* What the campaign pays for; also the kinds of events that can earn. */
enum trigger {
	TRIGGER_SALE, TRIGGER_CLICK, TRIGGER_LEAD, TRIGGER_QUALIFIED_REFERRAL,
	TRIGGER_PROJECT_DELIVERED, TRIGGER_DEAL_CLOSED, TRIGGER_RETAINER, TRIGGER_GOAL,
	TRIGGER_COUNT
};

enum reward_type { REWARD_NONE, REWARD_PERCENTAGE, REWARD_FIXED };

struct reward {
	enum reward_type type;
	int64_t rate_ppm;                /* REWARD_PERCENTAGE */
	int64_t amount_minor;            /* REWARD_FIXED */
	const struct currency *currency; /* REWARD_FIXED */
};

#define MONTHS_LIFETIME (-1)

/* What one level of the rules says; the zero value says nothing. */
struct offer {
	struct reward reward;      /* REWARD_NONE: left to the next level */
	bool has_months;           /* false: how long is left to the next level */
	int32_t recurring_months;  /* MONTHS_LIFETIME, 0: first payment only, N: N renewals */
};

struct tier {
	int64_t from; /* in the unit of tiers_by; reached at this very value */
	struct offer offer;
};

struct group_offer {
	struct str name;
	struct offer offer;
};

struct value_list {
	const struct str *values;
	size_t count; /* 0: any value will do */
};

struct attribute_test {
	struct str key;
	struct value_list values;
};

/* A conditional reward: applies if every test given is met. */
struct condition {
	bool has_event;
	enum trigger event;      /* also opens the campaign to this kind of event */
	struct value_list product, site, country, plan;
	bool has_renewal, renewal; /* true: renewals only, false: first payments only */
	bool has_amount_from, has_amount_below;
	int64_t amount_from, amount_below; /* from <= base < below, campaign currency */
	const struct attribute_test *attributes;
	size_t attribute_count;
	struct offer offer;
};

enum tiers_by { TIERS_NONE, TIERS_REVENUE, TIERS_SALES, TIERS_CUSTOMERS, TIERS_PROJECTS };
enum tiers_period { PERIOD_LIFETIME, PERIOD_YEAR, PERIOD_QUARTER, PERIOD_MONTH };

enum chain_mode { CHAIN_ON_TOP, CHAIN_FROM_SHARE };
enum chain_compute { CHAIN_FLAT, CHAIN_CASCADE };

enum cap_scope { CAP_PARTNER, CAP_CUSTOMER, CAP_CAMPAIGN };

/* terms.caps is sorted by scope, then by the document's order. */
struct cap {
	enum cap_scope scope;
	enum tiers_period period;
	int64_t amount_minor; /* campaign currency */
};

enum clawback { CLAWBACK_NONE, CLAWBACK_FULL, CLAWBACK_PRORATED };

enum signal { SIGNAL_DEAL, SIGNAL_CODE, SIGNAL_LINK, SIGNAL_UTM, SIGNAL_OWNED, SIGNAL_COUNT };
enum attribution_model { MODEL_LAST, MODEL_FIRST, MODEL_LINEAR, MODEL_POSITION };
enum ownership { OWNERSHIP_LIFETIME, OWNERSHIP_DAYS, OWNERSHIP_SALE };

struct attribution_rules {
	enum attribution_model model;
	int32_t cookie_days;
	enum signal priority[SIGNAL_COUNT]; /* no repetition; SIGNAL_OWNED first unless named */
	size_t priority_count;
	enum ownership ownership;
	int32_t ownership_days;             /* OWNERSHIP_DAYS */
	int32_t deal_days;                  /* protection of a registered deal, 14 by default */
};

struct terms {
	int64_t id;                      /* set by the caller: the version these terms are */
	const struct currency *currency; /* the campaign's */

	enum trigger trigger;
	struct offer standard;     /* the campaign's default; always a reward and a duration */
	int32_t delay_invoices;
	int32_t window_days;       /* 0: no limit */
	bool base_gross;
	int32_t hold_days;
	int64_t minimum_payout_minor;

	struct attribution_rules attribution;

	enum tiers_by tiers_by;
	enum tiers_period tiers_period;
	bool counts_current, retroactive;
	const struct tier *tiers;  /* ascending */
	size_t tier_count;
	const struct condition *rewards;
	size_t reward_count;
	const struct group_offer *groups;
	size_t group_count;

	enum chain_mode chain_mode;
	enum chain_compute chain_compute;
	int64_t level_ppm[LEVELS_MAX];
	size_t level_count;
	int64_t recruiting_ppm;    /* 0: recruiting earns nothing */

	struct cap caps[CAPS_MAX];
	size_t cap_count;

	int32_t clawback_days; /* 0: no limit */
	enum clawback on_refund, on_dispute, on_churn;
	bool reverse_when_disputed; /* at once; otherwise only held until it is decided */
	enum tiers_period clawback_period; /* settles refunds at its end; PERIOD_LIFETIME: never */
};

#endif
