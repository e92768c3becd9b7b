/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEDGER_API_H
#define LEDGER_LEDGER_API_H

#include "api/list.h"

/* GET /api/v1/ledger/entries, /ledger/entries/:id, /ledger/checkpoints, /balances?partner= */

bool ledger_api_list(struct ctx *c, const struct req *q, struct res *r);
bool ledger_api_get(struct ctx *c, const struct req *q, struct res *r);
bool checkpoint_api_list(struct ctx *c, const struct req *q, struct res *r);
bool balance_api_list(struct ctx *c, const struct req *q, struct res *r);

/* The description of the list of entries, for pages. */
extern const struct list_spec ledger_list;

extern const struct list_spec checkpoint_list_spec;

#endif
