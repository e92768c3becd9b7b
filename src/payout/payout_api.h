/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAYOUT_PAYOUT_API_H
#define PAYOUT_PAYOUT_API_H

#include "api/list.h"

/*
 * GET /api/v1/payouts, /payouts/:id; GET and POST /payout-runs; GET /payout-runs/:id,
 * /payout-runs/:id/export.csv; POST /payout-runs/:id/{approve,cancel,results}.
 */

bool payout_api_list(struct ctx *c, const struct req *q, struct res *r);
bool payout_api_get(struct ctx *c, const struct req *q, struct res *r);

bool run_api_list(struct ctx *c, const struct req *q, struct res *r);
bool run_api_create(struct ctx *c, const struct req *q, struct res *r);
bool run_api_get(struct ctx *c, const struct req *q, struct res *r);
bool run_api_approve(struct ctx *c, const struct req *q, struct res *r);
bool run_api_cancel(struct ctx *c, const struct req *q, struct res *r);
bool run_api_results(struct ctx *c, const struct req *q, struct res *r);
bool run_api_export(struct ctx *c, const struct req *q, struct res *r);

/* Answer with a run's file (run_export), to be saved under its id; for the page too. */
struct run;
bool run_api_file(struct ctx *c, struct res *r, const struct run *run);

/* One as it stands in lists: without its commissions, which may be thousands. */
bool payout_api_print(struct ctx *c, int64_t id, struct buf *b);

/* The descriptions of the lists, for pages. */
extern const struct list_spec payout_list;
extern const struct list_spec run_list;

#endif
