/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_COURIER_H
#define WEBHOOK_COURIER_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * The courier: one thread that carries messages to endpoints, hundreds at once (libcurl's
 * multi interface), so that one which is slow or dead keeps no other waiting.
 *
 * A trip is one POST: signed with the time of its start, TLS verified, no redirection, no
 * proxy, connected to public addresses only (webhook/guard.h) unless the setting
 * webhook_private allows others; over after COURIER_SECONDS, and after COURIER_BYTES of an
 * answer. What was seen of it is a receipt, kept in memory until it is collected. Receipts
 * and trips are lost with the process; then their leases end and they are made again.
 *
 * At most COURIER_AT_ONCE trips, COURIER_EACH to one endpoint, COURIER_WEAK to one whose
 * last attempt has failed. Thread-safe.
 */

#define COURIER_SECONDS 15
#define COURIER_BYTES 16384
#define COURIER_AT_ONCE 512
#define COURIER_EACH 16
#define COURIER_WEAK 2

struct courier;
struct work;

struct courier_config {
	struct work *work;     /* its job `outbox` is woken when there is a receipt */
	bool private;          /* http and addresses that are not public are allowed */
	struct str ca;         /* a file of certificates to trust; "": the system's */
	int64_t patience_ms;   /* how long courier_wait waits */
};

struct courier *courier_new(const struct courier_config *config);
void courier_free(struct courier *k); /* trips under way are given up */

struct parcel {
	int64_t org_id, endpoint_id, delivery_id;
	struct str url;
	struct str message;    /* "msg_…" */
	struct str body;
	struct str secrets[2]; /* in clear */
};

struct receipt {
	int64_t endpoint_id, delivery_id;
	int64_t status;        /* HTTP; 0: no answer, see error */
	int64_t retry_after_s; /* -1: not said */
	int64_t duration_ms;
	struct str answer;     /* its first bytes, as text */
	struct str error;
};

/* How many more trips there may be to an endpoint now. */
int64_t courier_room(struct courier *k, int64_t endpoint_id, bool weak);

/* Is this delivery on its way, or its receipt not collected yet? */
bool courier_has(struct courier *k, int64_t org_id, int64_t delivery_id);

/* Start a trip; copies the parcel. */
void courier_send(struct courier *k, const struct parcel *p);

/* Until the organisation has no trip under way, or patience ends. */
void courier_wait(struct courier *k, int64_t org_id);

/* Is there a receipt of the organisation? */
bool courier_returned(struct courier *k, int64_t org_id);

/* Its receipts (struct receipt), which are forgotten here. */
void courier_collect(struct courier *k, struct arena *a, int64_t org_id, struct list *out);

/* Wake the organisation's job at that time of the program's clock, or earlier. */
void courier_remind(struct courier *k, int64_t org_id, int64_t at_ms);

struct courier_stats {
	int64_t delivered, failed; /* attempts */
	int64_t under_way;
};
struct courier_stats courier_stats(struct courier *k);

#endif
