/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FX_API_H
#define FX_FX_API_H

#include "net/http.h"

/*
 * GET /api/v1/fx/rates?currency=&date=: the last rates published on or before the date (today), of one
 * currency or of all, as {currency, date, rate}. ERR_NOT_FOUND on "currency" or "date" without any.
 */
bool fx_api_rates(struct ctx *c, const struct req *q, struct res *r);

#endif
