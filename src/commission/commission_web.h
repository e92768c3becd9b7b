/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMISSION_COMMISSION_WEB_H
#define COMMISSION_COMMISSION_WEB_H

#include "net/http.h"

/* The pages of commissions: list, and one with its explanation, entries, payouts and steps. */

bool commission_web_list(struct ctx *c, const struct req *q, struct res *r);
bool commission_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool commission_web_show(struct ctx *c, const struct req *q, struct res *r);

/* POST …/:step — approve, hold, release, reject. */
bool commission_web_step(struct ctx *c, const struct req *q, struct res *r);

#endif
