/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_CUSTOMER_WEB_H
#define CUSTOMER_CUSTOMER_WEB_H

#include "net/http.h"

/* The pages of customers: list, and one with its contacts, events and commissions. */

bool customer_web_list(struct ctx *c, const struct req *q, struct res *r);
bool customer_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool customer_web_show(struct ctx *c, const struct req *q, struct res *r);

#endif
