/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_REFERRAL_H
#define CUSTOMER_REFERRAL_H

#include "customer/customer.h"

/*
 * Customers as events change them: they come to exist, come to be owned by who
 * referred them, and count their invoices. Only the event pipeline writes here.
 */

/* Store a customer with its first event; sets id, external_key, created_at. */
bool referral_create(struct ctx *c, struct customer *cu);

/*
 * Store who owns it, since when, and the number of invoices; fills in what was unknown of the
 * person.
 */
bool referral_save(struct ctx *c, const struct customer *cu);

extern const struct sql *const referral_sql[];

#endif
