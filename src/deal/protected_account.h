/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_PROTECTED_ACCOUNT_H
#define DEAL_PROTECTED_ACCOUNT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Protected accounts: companies and people the organisation deals with itself. A deal that a
 * partner registers on one of them is decided by a person.
 */

struct protected_account {
	int64_t id;
	struct str account; /* a domain or an address, in its one form; unique */
	struct str note;
	struct str created_by;
	int64_t created_at;
};

extern const struct model protected_account_model;

/*
 * Put an account on the list. ERR_INVALID on "account" for what is neither a domain nor an address,
 * or is a host where anybody can have a mailbox; ERR_CONFLICT on it when it is there already.
 */
bool protected_account_create(struct ctx *c, struct protected_account *p);

/* Take it off the list. ERR_NOT_FOUND on "id". */
bool protected_account_remove(struct ctx *c, int64_t id);

/* Is the domain, the address or the address's host on the list? */
bool protected_account_covers(struct ctx *c, struct str domain, struct str email, bool *out);

extern const struct sql *const protected_account_sql[];

#endif
