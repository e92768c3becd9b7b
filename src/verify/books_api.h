/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_BOOKS_API_H
#define VERIFY_BOOKS_API_H

#include "api/api.h"

/*
 * Books as downloads: GET /api/v1/ledger/export, /api/v1/partners/:id/statement; the same on the
 * operators' pages, and a partner's own statement in the portal.
 *
 * The file is written to the data directory first, under no name, and sent from there: memory
 * stays small however long it is, and no transaction waits for a slow receiver.
 */

bool books_api_ledger(struct ctx *c, const struct req *q, struct res *r);
bool books_api_statement(struct ctx *c, const struct req *q, struct res *r);

/* Below an organisation: its ledger; the statement of the partner in the path; of who asks. */
bool books_web_ledger(struct ctx *c, const struct req *q, struct res *r);
bool books_web_statement(struct ctx *c, const struct req *q, struct res *r);
bool books_web_own(struct ctx *c, const struct req *q, struct res *r);

#endif
