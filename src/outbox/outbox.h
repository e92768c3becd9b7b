/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUTBOX_OUTBOX_H
#define OUTBOX_OUTBOX_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * The outbox: what the world outside is told of what happens in an organisation.
 *
 * A message is written in the transaction of what it tells of, with the bytes that
 * will be sent: there is none of what has not happened, and none is lost. Its data is
 * the object as the API shows it, to a reader who sees amounts and no personal data.
 * Messages are only written where a consumer (webhooks) wants the type; which types an
 * organisation's consumers want is kept in memory, so that where nobody wants anything
 * a message costs neither a statement nor a printed object.
 *
 *	{"type":"sale.recorded","timestamp":"2026-…Z","sequence":17,"data":{…}}
 *
 * Numbers have no gaps within an organisation: they are given in its lane and go with
 * the transaction. What follows is sent by jobs, after the commit.
 *
 * The shapes of types and the consumers are in one table above all features, outgoing.c.
 * Where the program has no outbox (tests of features), nothing is written.
 */

enum outbox_type {
	OUTBOX_TEST, /* asked for by a person; goes to one endpoint */
	OUTBOX_PARTNER_CREATED, OUTBOX_PARTNER_ENROLLED, OUTBOX_PARTNER_UPDATED,
	OUTBOX_PARTNER_APPROVED, OUTBOX_PARTNER_DECLINED, OUTBOX_PARTNER_SUSPENDED,
	OUTBOX_PARTNER_BANNED, OUTBOX_PARTNER_REINSTATED,
	OUTBOX_LINK_CREATED, OUTBOX_LINK_UPDATED,
	OUTBOX_LEAD_RECORDED, OUTBOX_SALE_RECORDED, OUTBOX_REFUND_RECORDED,
	OUTBOX_DISPUTE_RECORDED, OUTBOX_CHURN_RECORDED, OUTBOX_QUALIFIED_REFERRAL_RECORDED,
	OUTBOX_PROJECT_DELIVERED_RECORDED, OUTBOX_DEAL_CLOSED_RECORDED, OUTBOX_GOAL_RECORDED,
	OUTBOX_COMMISSION_CREATED, OUTBOX_COMMISSION_APPROVED, OUTBOX_COMMISSION_HELD,
	OUTBOX_COMMISSION_RELEASED, OUTBOX_COMMISSION_REJECTED, OUTBOX_COMMISSION_REVERSED,
	OUTBOX_COMMISSION_RESTORED, OUTBOX_COMMISSION_PAID,
	OUTBOX_PAYOUT_CREATED, OUTBOX_PAYOUT_APPROVED, OUTBOX_PAYOUT_PAID, OUTBOX_PAYOUT_FAILED,
	OUTBOX_PAYOUT_CANCELED,
	OUTBOX_DEAL_REGISTERED, OUTBOX_DEAL_SUBMITTED, OUTBOX_DEAL_DECLINED, OUTBOX_DEAL_APPROVED,
	OUTBOX_DEAL_EXTENDED, OUTBOX_DEAL_WON, OUTBOX_DEAL_LOST,
	OUTBOX_TYPE_COUNT
};

extern const char *const outbox_type_names[]; /* "partner.created", …; ends with NULL */

struct message {
	int64_t id;
	int64_t sequence;  /* 0: a test */
	int64_t type;
	struct str body;   /* the bytes that are sent */
	int64_t created_at;
};

extern const struct model message_model;

/* The data of a type: the object with this id as the API shows it. */
struct outbox_shape {
	bool (*print)(struct ctx *c, int64_t id, struct buf *b);
	const char *schema; /* in the API's description */
	const char *what;   /* a sentence for people */
};

struct outbox_consumer {
	/* The types wanted by an organisation, a bit for each. */
	bool (*wanted)(struct ctx *c, uint64_t *out_types);
	bool (*deliver)(struct ctx *c, const struct message *m);
};

extern const struct outbox_shape outgoing_shapes[]; /* by type */
extern const struct outbox_consumer outgoing_consumers[]; /* ends with {NULL} */

struct outbox;

/* max_age_ms: what is wanted may be remembered so long; 0: for ever (one server on this data). */
struct outbox *outbox_new(int64_t max_age_ms);
void outbox_free(struct outbox *o);

/* It has happened: tell those who want to know. Does nothing where nobody does. */
bool outbox_post(struct ctx *c, enum outbox_type type, int64_t id);

/* A message that a person asked for; a consumer has to be given it. */
bool outbox_post_test(struct ctx *c, struct message *out);

/* Have the job run once what is being written is committed. */
void outbox_wake(struct ctx *c);

/* A consumer of the organisation at hand is about to want other types. */
void outbox_wanted_changes(struct ctx *c);

/* ERR_NOT_FOUND. */
bool message_get(struct ctx *c, int64_t id, struct message *out);

/* Those written in [from_ms, to_ms), oldest first; items are struct message without body. */
struct message_range {
	int64_t from_ms, to_ms;
	int64_t most;
};
bool message_list(struct ctx *c, const struct message_range *range, struct list *out);

bool message_forget(struct ctx *c, int64_t id);

extern const struct sql *const outbox_sql[];

#endif
