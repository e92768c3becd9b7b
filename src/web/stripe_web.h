/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_STRIPE_WEB_H
#define WEB_STRIPE_WEB_H

#include "net/http.h"

/* The settings' page of Stripe: the address to enter there, the secret, and what has come. */

bool stripe_web_show(struct ctx *c, const struct req *q, struct res *r);
bool stripe_web_put(struct ctx *c, const struct req *q, struct res *r);
bool stripe_web_remove(struct ctx *c, const struct req *q, struct res *r);

#endif
