/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_LEAD_H
#define EVENT_LEAD_H

#include "base/ctx.h"
#include "db/db.h"

struct intake;

/*
 * Paid leads: one per partner and address, plus parts folded, for ever in a campaign.
 * A lead without an address counts by the customer's id. A lead with the address of
 * the partner itself does not pay.
 */

/* Find out whether the lead at hand can pay; sets in->occurrence.unpayable. */
bool lead_check(struct ctx *c, struct intake *in);

/* Remember that it has been paid to the credited partners. */
bool lead_paid(struct ctx *c, const struct intake *in);

extern const struct sql *const lead_sql[];

#endif
