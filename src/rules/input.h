/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_INPUT_H
#define RULES_INPUT_H

#include "rules/fx.h"
#include "rules/terms.h"

/*
 * What the engine looks at besides the terms: the event, and how the partners stand.
 *
 * The caller reads all this from the database; zero values mean "none" or "unknown", so a
 * struct that names only what matters is complete. Nothing here is owned by the engine.
 */

#define CREDITS_MAX 16
#define REWARD_FX_MAX 4

struct attribute {
	struct str key, value;
};

/* Why an event as such does not pay, as found by the caller. */
enum unpayable {
	PAYABLE, UNPAYABLE_BOT, UNPAYABLE_DUPLICATE, UNPAYABLE_SELF, UNPAYABLE_UNQUALIFIED
};

struct occurrence {
	int64_t event_id;
	enum trigger kind;
	int64_t amount_minor;            /* what was paid, with tax and shipping, after discounts */
	int64_t tax_minor, shipping_minor;
	const struct currency *currency; /* NULL for events without an amount */
	struct fx fx;                    /* to the campaign's currency; .from NULL: no rate known */
	/* from other currencies that fixed rewards are in, to the campaign's; only caps need them */
	struct fx reward_fx[REWARD_FX_MAX];
	size_t reward_fx_count;
	int64_t quantity, quantity_of;   /* fixed rewards times quantity / quantity_of: payable clicks
	                                    of an hour, days of a retainer's month; 0, 0 means once */
	int64_t occurred_at_ms;
	int64_t cleared_at_ms;           /* when the payment cleared; 0: not told */
	bool is_invoice;
	/* 0: the customer's first paid invoice; needs is_invoice */
	int32_t invoice_index;
	struct str product, site, country, plan;
	const struct attribute *attributes;
	size_t attribute_count;
	enum unpayable unpayable;
};

/* The partner's state in this campaign. */
enum partner_standing {
	STANDING_GOOD, STANDING_UNDECIDED, STANDING_SUSPENDED, STANDING_BANNED, STANDING_CLOSED
};

/* Reasons to hold a commission for a person to look at; bits. */
enum hold {
	HOLD_SUSPENDED = 1 << 0,    /* set by the engine */
	HOLD_UNDECIDED = 1 << 1,    /* set by the engine: the application is not decided */
	HOLD_NO_RATE = 1 << 2,      /* set by the engine: caps cannot be compared without a rate */
	HOLD_SELF_ADDRESS = 1 << 3, /* customer and partner share the address, also plus-aliased */
	HOLD_SELF_PAYOUT = 1 << 4,  /* the customer's address is what the partner is paid to */
	HOLD_SELF_DEVICE = 1 << 5,  /* the click came from a device the partner uses the portal with */
	HOLD_PAYOUT_SHARED = 1 << 6, /* another partner has the same payout account */
	HOLD_VELOCITY = 1 << 7,
	HOLD_PAID_SEARCH = 1 << 8,
	HOLD_BANNED_REFERRER = 1 << 9,
	HOLD_DISPOSABLE = 1 << 10,
	HOLD_BANNED_ELSEWHERE = 1 << 11,
	HOLD_PROTECTED_ACCOUNT = 1 << 12,
	HOLD_DISPUTED = 1 << 13,
	HOLD_REVIEW = 1 << 14       /* somebody asked for it */
};
#define HOLD_BITS 15
#define HOLD_SELF (HOLD_SELF_ADDRESS | HOLD_SELF_PAYOUT | HOLD_SELF_DEVICE)

/* Driven in the tiers' period before this event; revenue in the campaign's currency. */
struct counters {
	int64_t revenue_minor, sales, customers, projects;
};

/* Somebody above the earner: of the chain, or who recruited the earner. */
struct upline {
	int64_t partner_id;
	enum partner_standing standing;
	unsigned holds;
	bool has_rate;    /* false: the terms' percentage for the level */
	int64_t rate_ppm;
	int64_t cap_used[CAPS_MAX]; /* as in struct credit */
};

/* One partner to whom the event is credited. */
struct credit {
	int64_t partner_id, link_id;
	int64_t share_ppm;          /* of all credits together exactly PPM_ONE */
	enum signal signal;
	enum partner_standing standing;
	unsigned holds;             /* what the caller has found */
	struct offer own;           /* of the very link or code */
	struct offer override;      /* of the partner in this campaign … */
	int64_t override_from_ms, override_until_ms; /* … from <= event < until; 0: open */
	struct str group;
	struct counters counters;
	int64_t referred_at_ms;     /* when the customer was first referred; 0: now */
	const struct upline *chain; /* nearest first */
	size_t chain_count;
	const struct upline *recruiter; /* or NULL */
	int64_t cap_used[CAPS_MAX]; /* by index of terms.caps: what this partner has earned in the
	                               cap's period; only CAP_PARTNER is read */
};

struct standing {
	const struct credit *credits;
	size_t credit_count;
	int64_t cap_used[CAPS_MAX]; /* for CAP_CUSTOMER and CAP_CAMPAIGN, by index of terms.caps */
	bool campaign_closed;
};

#endif
