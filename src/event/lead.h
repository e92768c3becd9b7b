/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_LEAD_H
#define EVENT_LEAD_H

#include "base/ctx.h"
#include "db/db.h"

struct customer;
struct intake;

/*
 * Paid leads: one per partner and address, plus parts folded, for ever in a campaign.
 * A lead without an address counts by the customer's id. A lead with the address of
 * the partner itself does not pay.
 */

/* What a lead is known by: a digest of the address or, without one, of the customer's id. */
int64_t lead_key(struct ctx *c, const struct customer *cu);

/* Find out whether the lead at hand can pay; sets in->occurrence.unpayable. */
bool lead_check(struct ctx *c, struct intake *in);

/* Remember that it has been paid to the credited partners. */
bool lead_paid(struct ctx *c, const struct intake *in);

extern const struct sql *const lead_sql[];

#endif
