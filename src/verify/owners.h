/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_OWNERS_H
#define VERIFY_OWNERS_H

#include "verify/verify_replay.h"

/* Owners: whose each customer is, by its events, and what the tables say. */

/* Whose the customer is after the event; if it was credited to its owners, were they its owners? */
void owners_replay(struct replay *r, const struct replayed *e);

/* Compare the owners that are kept where there are several, after all events. */
bool owners_check(struct replay *r);

extern const struct sql *const owners_sql[];

#endif
