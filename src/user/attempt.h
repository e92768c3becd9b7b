/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_ATTEMPT_H
#define USER_ATTEMPT_H

#include "base/ctx.h"

/*
 * Attempts with a password: whoever fails too often, for one account or from one address, is
 * refused for some minutes without looking. All forms that ask for a password count together,
 * so that none of them is a way around another.
 */

struct attempt {
	struct str email; /* of the account, in lower case; also one that is not there */
	struct str ip;    /* where it comes from */
};

/* ERR_RATE when there were too many. */
bool attempt_allowed(struct ctx *c, const struct attempt *a);

/* Count a wrong password. */
void attempt_failed(struct ctx *c, const struct attempt *a);

#endif
