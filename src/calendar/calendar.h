/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * The calendar: what the jobs that go by months share.
 *
 * Months are yyyymm in the organisation's time zone. A job's position says up to where it
 * has come; all before it is done. It moves in the transaction that does the work, so a job
 * that was killed, or has not run for a year, goes on where it was, and one that is through
 * finds nothing.
 */

struct calendar_position {
	int64_t period;                  /* the month at hand; 0: it has never run */
	int64_t campaign_id, partner_id; /* in it all are done up to this partner of this campaign */
};

bool calendar_position(struct ctx *c, const char *job, struct calendar_position *out);
bool calendar_move(struct ctx *c, const char *job, const struct calendar_position *to);

int64_t month_next(int64_t month);

/* The moment at which a month begins. Where a zone skips that midnight, the first after it. */
int64_t month_start_ms(struct str zone, int64_t month);

/* "2026-11" */
struct str month_str(struct arena *a, int64_t month);

extern const struct sql *const calendar_sql[];

#endif
