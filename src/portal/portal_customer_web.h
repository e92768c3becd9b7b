/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_CUSTOMER_WEB_H
#define PORTAL_PORTAL_CUSTOMER_WEB_H

#include "portal/portal_web.h"

/*
 * GET /portal/:org/customers: whom the partner has referred, without names and addresses: a
 * number, the date, the country and where they came from.
 */
bool portal_customer_list(struct ctx *c, const struct req *q, struct res *r);

#endif
