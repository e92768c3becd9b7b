/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAYOUT_PAYOUT_WEB_H
#define PAYOUT_PAYOUT_WEB_H

#include "net/http.h"
#include "payout/payout.h"

struct page;

/* The pages of payouts: runs and their making, one run, one payout with its commissions. */

bool run_web_list(struct ctx *c, const struct req *q, struct res *r);
bool run_web_create(struct ctx *c, const struct req *q, struct res *r);
bool run_web_show(struct ctx *c, const struct req *q, struct res *r);
bool run_web_export(struct ctx *c, const struct req *q, struct res *r);

/* The total must be typed in the field `confirm`. ERR_INVALID on it when it differs. */
bool run_web_approve(struct ctx *c, const struct req *q, struct res *r);
bool run_web_cancel(struct ctx *c, const struct req *q, struct res *r);

/* status.pay_… (paid, failed or empty), reference.pay_… and reason.pay_… for each line. */
bool run_web_results(struct ctx *c, const struct req *q, struct res *r);

bool payout_web_show(struct ctx *c, const struct req *q, struct res *r);

/* The payout's commissions as the view's `items`: `here` is what the payout has of each. */
bool payout_web_put_items(struct page *p, const struct payout *x);

#endif
