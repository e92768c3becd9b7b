/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_WHATIF_API_H
#define WHATIF_WHATIF_API_H

#include "net/http.h"

/* POST /api/v1/campaigns/:id/simulate: what other terms would have cost. Changes nothing. */
bool whatif_api_simulate(struct ctx *c, const struct req *q, struct res *r);

#endif
