/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEDGER_WEB_H
#define LEDGER_LEDGER_WEB_H

#include "web/page.h"

/* The page of ledger entries: GET /app/:org/ledger. */
bool ledger_web_list(struct ctx *c, const struct req *q, struct res *r);
bool ledger_web_csv(struct ctx *c, const struct req *q, struct res *r);

/*
 * The entries about a commission or a payout (the other 0) into the view, oldest first, with legs.
 */
bool ledger_web_put(struct page *p, const char *key, int64_t commission_id, int64_t payout_id);

#endif
