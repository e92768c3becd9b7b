/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_CUSTOMER_H
#define CUSTOMER_CUSTOMER_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Customers: who was referred. They come to exist with their first event.
 *
 * external_id is the organisation's own name for the customer and unique;
 * external_key is 63 bits of its hash, for a small index. Partners see their
 * customers without names and with masked addresses.
 */

struct customer {
	int64_t id;
	int64_t external_key;
	struct str external_id;
	struct str email;
	struct str name;
	struct str country;
	int64_t partner_id;  /* who owns it, the first of several (owner.h); 0: nobody */
	int64_t campaign_id;
	int64_t link_id;
	int64_t signal;      /* how it came to be credited; rules/attribute.h */
	int64_t referred_at; /* 0: never */
	int64_t invoices;    /* paid ones so far: the index of the next */
	int64_t churned_at;  /* when it left, the last time we know of; 0: it has not */
	int64_t owner_count;
	struct str metadata; /* data/metadata.h */
	int64_t created_at;
};

extern const struct model customer_model;
extern const struct sql *const customer_sql[];

/* The stored key of an external id: the first 63 bits of its BLAKE2b hash, never 0. */
int64_t customer_key(struct str external_id);

/* ERR_NOT_FOUND on "id", also for a partner who does not own it. */
bool customer_get(struct ctx *c, int64_t id, struct customer *out);
/* What PATCH /customers/:id takes. */
struct customer_change {
	struct str metadata;
};
extern const struct model customer_change_model;

/* Change what the organisation notes about it. */
bool customer_note(struct ctx *c, const struct customer *cu, struct str metadata);

/* Say that customer_find will be asked this soon; see db_ahead. */
bool customer_ahead(struct ctx *c, struct str external_id);
bool customer_find(struct ctx *c, struct str external_id, struct customer *out, bool *out_found);

#endif
