/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_H
#define DEAL_DEAL_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"
#include "deal/deal_share.h"

/*
 * Deals: a partner says beforehand which company it is about to win as a customer.
 *
 * A registered deal protects its partner for as many days as the campaign's terms say: events of
 * a customer of the same account (customer/account.h) within that time are credited to it
 * (deal/claim.h). Which deals are not registered at once, and why, is in deal/conflict.h; what
 * people decide afterwards in deal/deal_step.h. That a protection is over follows from the time:
 * DEAL_EXPIRED is what a registered deal is read as then, and is never stored.
 *
 * A deal is never deleted. Everything that becomes of it is a row of deal/deal_history.h, by which
 * the audit judges events of any time again.
 */

enum deal_stage {
	DEAL_REGISTERED, /* 0, 1 and 5: statements say so */
	DEAL_REVIEW,     /* a person decides */
	DEAL_DECLINED,
	DEAL_WON,
	DEAL_LOST,
	DEAL_EXPIRED,
};

extern const char *const deal_stage_names[];

enum deal_conflict {
	DEAL_NO_CONFLICT,
	DEAL_CONFLICT_DEAL,      /* another partner's deal on the account is protected */
	DEAL_CONFLICT_CUSTOMER,  /* the account is a customer already */
	DEAL_CONFLICT_CONTACT,   /* the organisation had contact with it before */
	DEAL_CONFLICT_PROTECTED, /* it is on the list of protected accounts */
};

extern const char *const deal_conflict_names[];

struct deal {
	int64_t id;
	int64_t campaign_id;
	int64_t partner_id;
	struct str company;      /* the customer's name */
	struct str domain;       /* of the company, in its one form; or "" */
	struct str email;        /* of a person there; or "" */
	struct str customer;     /* the organisation's id of the customer, once it is one; or "" */
	int64_t amount;          /* what it is expected to bring, or was won for; 0: not known */
	struct str currency;     /* of the amount */
	struct str note;
	int64_t stage;           /* enum deal_stage */
	int64_t conflict;        /* enum deal_conflict: what it met when it was registered */
	int64_t conflict_id;     /* the other deal; never shown to partners */
	struct str reason;       /* of the last decision; partners read it */
	int64_t registered_at;   /* 0: it never was */
	int64_t protected_until; /* the first moment it is not protected; 0: it never was */
	int64_t event_id;        /* that it was won by; 0: none */
	int64_t partner_count;   /* above 1: a joint deal; deal_share.h says whose */
	struct str created_by;
	int64_t created_at;
};

/* What POST /deals takes. */
struct deal_new {
	int64_t campaign_id, partner_id;
	struct str company, domain, email, customer;
	int64_t amount;
	struct str currency; /* "": the campaign's */
	struct str note;
	struct deal_shares shares; /* of a joint deal; no field of the model */
};

extern const struct model deal_model;
extern const struct model deal_new_model;

/*
 * Register a deal, or find out why not: *out says by its stage what has become of it, and by
 * conflict and reason why. ERR_INVALID on "campaign" and "partner" (not in it, or not approved),
 * "domain", "email", "customer", "currency", below "shares"; ERR_STATE on "campaign" when its terms
 * do not count deals or it is closed; ERR_CONFLICT on "company" when the partner's own deal is protected;
 * ERR_BUSY as account_customers().
 */
bool deal_register(struct ctx *c, const struct deal_new *in, struct deal *out);

/* ERR_NOT_FOUND on "id", also for partners who have no part in it. As it is at c->now_ms. */
bool deal_get(struct ctx *c, int64_t id, struct deal *out);

/* Make a row as it was read what it is at c->now_ms. */
void deal_settle(struct ctx *c, struct deal *d);

/* Is it protected at c->now_ms? */
bool deal_is_protected(const struct ctx *c, const struct deal *d);

/* Store company, customer, amount, currency and note. ERR_INVALID on "customer", "currency". */
bool deal_update(struct ctx *c, const struct deal *before, struct deal *after);

/*
 * Store what a step has made of it, with its row of deal_history and an entry in the audit log;
 * `action` is its name there.
 */
bool deal_save(struct ctx *c, const char *action, const struct deal *before,
               const struct deal *after);

/* ERR_INVALID on "customer" if somebody else's customer has this id. */
bool deal_check_customer(struct ctx *c, const struct deal *d);

/* ERR_INVALID on "currency" for an amount without one. */
bool deal_check_amount(struct ctx *c, int64_t amount, struct str currency);

/* Do the terms in force count deals, so that one can be registered? */
bool deal_counts(struct ctx *c, int64_t campaign_id, bool *out);

/* How many wait for a person. */
bool deal_waiting(struct ctx *c, int64_t *out);

extern const struct sql *const deal_sql[];

#endif
