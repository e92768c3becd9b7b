/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SPAN_H
#define REPORT_SPAN_H

#include "report/report.h"

/* Private to report/: the days of a report, and up to where everything is folded. */
struct span {
	int64_t shift_ms;             /* from UTC to the organisation's time */
	int64_t first_day, half_day;  /* of the 60 days, and of the last 30 */
	int64_t event_id, entry_id;   /* folded up to these */
	int64_t click_day;            /* folded up to the day before */
};

bool span_read(struct ctx *c, struct span *out);


#endif
