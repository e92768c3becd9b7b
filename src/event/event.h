/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"
#include "link/link.h"

#include <jansson.h>

struct correction;

/*
 * Events: something happened that may earn — a lead, a sale, a refund, …
 *
 * event_record() is the one way in, for the API, the providers' webhooks, the jobs and
 * the demo alike: it attributes, evaluates, posts and stores, all in the caller's
 * transaction. An event need not be a customer's: what a partner does on its own (a
 * project delivered, a month of a retainer) has none. Each event has an id of the
 * caller's, unique per type for ever: the same event again changes nothing and gives the
 * same answer; the same id with other content is ERR_CONFLICT. Events are never changed
 * or deleted.
 */

enum event_type {
	EVENT_CLICK, EVENT_LEAD, EVENT_SALE, EVENT_REFUND, EVENT_CHURN,
	EVENT_QUALIFIED_REFERRAL, EVENT_PROJECT_DELIVERED, EVENT_DEAL_CLOSED,
	EVENT_RETAINER, EVENT_GOAL, EVENT_DISPUTE, EVENT_TRUE_UP, EVENT_RESTATED,
};

#define EVENT_TYPES (EVENT_RESTATED + 1)

extern const char *const event_type_names[]; /* ends with NULL */

struct event {
	int64_t id;
	int64_t external_key;
	struct str external_id;
	int64_t type;
	struct str fingerprint;  /* of what the caller sent */
	int64_t customer_id;
	int64_t campaign_id;     /* of the first credited partner; 0: nobody credited */
	int64_t partner_id;
	int64_t link_id;
	int64_t click_id;
	int64_t related_id;      /* what a refund, dispute (0: not here yet) or restatement is about */
	int64_t amount;          /* minor units, gross */
	int64_t tax;             /* the part of amount that is tax */
	struct str currency;
	int64_t invoice_index;   /* sales: 0 for the customer's first paid one; -1: none */
	int64_t occurred_at;
	int64_t received_at;
	struct str source;       /* "api", "stripe", "demo", "job" */
	struct str facts;        /* JSON: what else the caller said */
	struct str attribution;  /* JSON: {"credited":[…],"sentence":…,"steps":[…]} */
	struct str outcome;      /* JSON: what it took back or gave back, as answered; "" else */
	struct str inputs;       /* JSON: what it was judged by besides; event/recall.h */
};

extern const struct model event_model;

/* What a caller says happened. Strings are valid text within the API's limits. */
struct track {
	int64_t type;
	struct str external_id;
	int64_t click_id;            /* 0: none */
	struct str code;             /* a voucher code or a link's slug */
	struct link_utm utm;         /* of the address the visitor came by; "" as source: none */
	int64_t partner_id;          /* named by the caller; 0: none */
	struct str customer_id;      /* the caller's id of the customer; leads and sales need one */
	struct str customer_email, customer_name, customer_country;
	int64_t amount, tax, shipping; /* the last two are parts of the first */
	bool amount_given;           /* a refund without amount means all that is left */
	struct str currency;
	struct str product, site, plan;
	struct str of_id;            /* what a refund or dispute is about, the caller's id … */
	int64_t of_type;             /* … and its type, enum event_type; 0: a sale */
	int64_t dispute_state;       /* enum dispute_state */
	int64_t occurred_at;         /* 0: now */
	int64_t cleared_at;          /* when the payment is safe: holds count from there; 0: not told */
	json_t *attributes;          /* NULL or an object of texts and integers */
	struct str source;

	/* What the calendar's jobs and deals know; 0 and "" for all others. */
	int64_t campaign_id;         /* with partner_id: credited by this enrolment, without contest */
	int64_t link_id;             /* whose own reward counts */
	int64_t deal_id;             /* the deal that was won, instead of a link or a code */
	int64_t quantity, quantity_of; /* as in struct occurrence */
	const struct correction *correction; /* EVENT_TRUE_UP; rules/engine.h */
	struct str reason;           /* the sentence that says what the event is */

	/* Made by event_prepare of all the above. */
	struct str fingerprint;      /* a digest; "": not prepared yet */
	struct str facts;            /* as stored */
};

struct recorded {
	struct event event;
	bool replayed;     /* it was here already, with the same content */
	struct str answer; /* the JSON body for the caller, the same on every replay */
};

/*
 * Record what happened. ERR_INVALID names the field; ERR_CONFLICT on "id" when the id was used
 * with other content; ERR_NOT_FOUND never: unknown clicks, codes and partners are explained in
 * the attribution instead, so that no sale is lost.
 */
bool event_record(struct ctx *c, const struct track *t, struct recorded *out);

/*
 * What event_record does first, and what needs no database: check, and put into the form that is
 * stored. So it can be done on another thread, before. Errors as event_record.
 */
bool event_prepare(struct ctx *c, struct track *t);

/* Ask what event_record will ask (see db_ahead): is the event known, its customer, its click. */
bool event_ahead(struct ctx *c, const struct track *t);

/* A refund, a dispute, a customer who left: it earns nothing, and takes from what others earned. */
bool event_takes_back(int64_t type);

/* ERR_NOT_FOUND. */
bool event_get(struct ctx *c, int64_t id, struct event *out);

/* The id of the last one recorded; 0: there are none. */
bool event_newest(struct ctx *c, int64_t *out_id);

/* Say of an event that takes back which one it is about, and whose that is. */
void event_about(struct event *e, const struct event *of);

/*
 * Set the key under which an event that the program makes by itself, of this type and external
 * id, is to be stored; *out_known: there is one already.
 */
bool event_place(struct ctx *c, struct event *e, bool *out_known);

/* By the caller's id. */
bool event_find(struct ctx *c, enum event_type type, struct str external_id, struct event *out,
                bool *out_found);

/* The answer for a stored event, as it was given when the event was recorded. */
bool event_answer(struct ctx *c, const struct event *e, struct str *out);

extern const struct sql *const event_sql[];

#endif
