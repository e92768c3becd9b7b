/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_DELIVERY_H
#define WEBHOOK_DELIVERY_H

#include "webhook/endpoint.h"
#include "webhook/retry.h"

/*
 * Deliveries: a message on its way to an endpoint, from the transaction that wrote the
 * message until the endpoint has answered 2xx, or for good has not.
 *
 * It is sent at least once, always under the same webhook-id (the message's). Before an
 * attempt its next_at moves on by DELIVERY_LEASE_MS; what comes of the attempt is stored
 * after it. Who is killed in between sends it again when that time is over. Replaying one
 * makes it due again, with all its attempts. Messages and what became of them are kept
 * for DELIVERY_DAYS.
 */

#define DELIVERY_DAYS 30
#define DELIVERY_LEASE_MS 30000    /* longer than an attempt takes */
#define DELIVERY_ANSWER_MAX 1000   /* bytes of an answer that are kept */
#define DELIVERY_REPLAY_MAX 1000   /* messages at once */

enum delivery_status { DELIVERY_WAITING, DELIVERY_DELIVERED, DELIVERY_FAILED };

extern const char *const delivery_status_names[];

struct delivery {
	int64_t id;
	int64_t endpoint_id, message_id;
	int64_t type, sequence;  /* the message's */
	int64_t status;
	int64_t attempts;
	int64_t next_at;         /* while it waits */
	int64_t answered;        /* HTTP status of the last answer; 0: there was none */
	struct str answer;       /* its first bytes, as text */
	struct str error;        /* why there was none, or it did not count */
	int64_t duration_ms;     /* of the last attempt */
	int64_t attempted_at;
	int64_t created_at;
};

extern const struct model delivery_model;

/* The consumer of the outbox (outgoing.c): to all endpoints that want it. */
bool delivery_make(struct ctx *c, const struct message *m);

/* To this endpoint, whatever it wants; one that is there already becomes due again. */
bool delivery_send(struct ctx *c, int64_t endpoint_id, const struct message *m);

/* ERR_NOT_FOUND. */
bool delivery_get(struct ctx *c, int64_t id, struct delivery *out);

bool delivery_find(struct ctx *c, int64_t id, struct delivery *out, bool *out_found);

/* What is due for an endpoint, the longest due first. Items are struct delivery. */
bool delivery_due(struct ctx *c, int64_t endpoint_id, int64_t most, struct list *out);

/* When the next one for an endpoint is due; 0: none waits. */
bool delivery_next(struct ctx *c, int64_t endpoint_id, int64_t *out_ms);

/* It is about to be sent. */
bool delivery_lease(struct ctx *c, const struct delivery *d);

/* An attempt is over: d has what was seen of it. *out_verdict is retry_judge's. */
struct delivery_attempt {
	int64_t retry_after_s;
	enum retry_verdict verdict; /* out */
};
bool delivery_settle(struct ctx *c, struct delivery *d, struct endpoint *e,
                     struct delivery_attempt *a);

/* A message of type webhook.test, to this endpoint alone. ERR_STATE when it is disabled. */
bool delivery_test(struct ctx *c, const struct endpoint *e, struct message *out);

/* Send it once more. */
bool delivery_replay(struct ctx *c, struct delivery *d);

/*
 * Send everything once more that an endpoint wants and that was written from then on, also what
 * it was not sent before; at most DELIVERY_REPLAY_MAX. *out_until: that much is done, 0: all.
 */
struct delivery_replay {
	int64_t since_ms;
	int64_t count;    /* out */
	int64_t until_ms; /* out */
};
bool delivery_replay_since(struct ctx *c, const struct endpoint *e, struct delivery_replay *r);

/* The job `messages`: forget what is older than DELIVERY_DAYS. */
bool delivery_prune(struct ctx *c, bool *out_more);

extern const struct sql *const delivery_sql[];

#endif
