/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_CUSTOMER_API_H
#define CUSTOMER_CUSTOMER_API_H

#include "api/list.h"

/* Customers in the JSON API: they are made by events, so they can only be read here. */

bool customer_api_list(struct ctx *c, const struct req *q, struct res *r);
bool customer_api_get(struct ctx *c, const struct req *q, struct res *r);
bool customer_api_update(struct ctx *c, const struct req *q, struct res *r);

extern const struct list_spec customer_list_spec;

#endif
