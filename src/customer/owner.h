/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_OWNER_H
#define CUSTOMER_OWNER_H

#include "customer/customer.h"

/*
 * Owners: whose a customer is. Nearly always one partner, and then the customer's own row says
 * it all. Under terms that share a credit (linear, position, a joint deal) there are several,
 * with shares that add up to 1 000 000 ppm; only those have rows of their own here.
 */

#define OWNERS_MAX 16 /* as many as can be credited with one event */

struct owner_row {
	int64_t customer_id;
	int64_t number;     /* from 0, the one that the customer's row names */
	int64_t partner_id;
	int64_t link_id;
	int64_t share_ppm;
};

extern const struct model owner_model;

/* Whoever owns it, in order. Items are struct owner_row; asks only if there are several. */
bool owner_list(struct ctx *c, const struct customer *cu, struct list *out);

/* Keep several owners in place of those before; one or none only removes what was there. */
bool owner_save(struct ctx *c, int64_t customer_id, const struct owner_row *all, size_t count);

/* Is the partner one of several who own it? */
bool owner_is(struct ctx *c, int64_t customer_id, int64_t partner_id, bool *out);

/* The newest customers, at most `most`, that a partner owns beside the one their row names. */
bool owner_shared_list(struct ctx *c, int64_t partner_id, int64_t most, struct list *out);

extern const struct sql *const owner_sql[];

#endif
