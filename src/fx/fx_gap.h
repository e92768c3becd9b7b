/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FX_GAP_H
#define FX_FX_GAP_H

#include "db/db.h"

/*
 * Days that are missing between others: somebody loaded two files that do not meet, or a mirror
 * left some out. Sales of such days are converted by rates that are older than they need be.
 *
 * The European Central Bank never pauses longer than over a weekend with holidays: Easter is
 * four days, Christmas and New Year with weekends never more than five.
 */

#define FX_PAUSE_DAYS 7 /* from one day with rates to the next; more is a gap */

/* The newest gap, and how many there are; count 0: none. */
struct fx_gap {
	int64_t count, first, last; /* days without rates */
};

bool fx_gap_find(struct ctx *c, struct fx_gap *out);

/* "no exchange rates from 2026-03-03 to 2026-03-16, nor in 2 other gaps" */
struct str fx_gap_text(struct arena *a, const struct fx_gap *gap);

extern const struct sql *const fx_gap_sql[];

#endif
