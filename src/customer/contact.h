/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_CONTACT_H
#define CUSTOMER_CONTACT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Contacts: the touches of a customer as they are stored (a click, a code, …),
 * what attribution chooses from. Never changed.
 */

struct contact {
	int64_t customer_id;
	int64_t id;
	int64_t signal;      /* rules/attribute.h */
	int64_t partner_id;
	int64_t campaign_id;
	int64_t link_id;
	int64_t click_id;
	int64_t at;
};

extern const struct model contact_model;

/* The newest touches of a customer, newest first. Items are struct contact. */
#define CONTACT_LIST_MAX 50
bool contact_list(struct ctx *c, int64_t customer_id, struct list *out);

/* Store a touch; sets its id. */
bool contact_create(struct ctx *c, struct contact *t);

extern const struct sql *const contact_sql[];

#endif
