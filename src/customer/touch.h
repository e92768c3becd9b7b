/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_TOUCH_H
#define CUSTOMER_TOUCH_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Touches: recorded contacts of a customer with a partner (a click, a code, …),
 * what attribution chooses from. Never changed.
 */

struct touch {
	int64_t customer_id;
	int64_t id;
	int64_t signal;      /* rules/attribute.h */
	bool named;          /* no code was used: the caller named the partner */
	int64_t partner_id;
	int64_t campaign_id;
	int64_t link_id;
	int64_t click_id;
	int64_t at;
};

extern const struct model touch_model;

/* The newest touches of a customer, newest first. Items are struct touch. */
#define TOUCH_LIST_MAX 50
bool touch_list(struct ctx *c, int64_t customer_id, struct list *out);

/* Store a touch; sets its id. */
bool touch_create(struct ctx *c, struct touch *t);

extern const struct sql *const touch_sql[];

#endif
