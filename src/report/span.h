/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SPAN_H
#define REPORT_SPAN_H

#include "event/event.h"
#include "ledger/ledger.h"
#include "report/report.h"

/* Private to report/: the days of a report, and up to where everything is folded. */
struct span {
	int64_t shift_ms;             /* from UTC to the organisation's time */
	int64_t first_day, half_day;  /* of the 60 days, and of the last 30 */
	int64_t event_id, entry_id;   /* folded up to these */
	int64_t recent_day;           /* the last day of the sums of report/recent.h */
	int64_t partners_now, partners_before; /* who earned in its 30 days, in the 30 before */
};

bool span_read(struct ctx *c, struct span *out);

/* Where all that has happened ends. */
extern const struct span span_end;

/* Statements say (0, 2, 6, 7) for the kinds of ledger entries that change what is earned. */
_Static_assert(LEDGER_ACCRUE == 0 && LEDGER_REVERSE == 2 && LEDGER_ADJUST == 6
               && LEDGER_REPOST == 7, "the kinds in statements");

#endif
