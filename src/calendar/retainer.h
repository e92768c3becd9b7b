/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_RETAINER_H
#define CALENDAR_RETAINER_H

#include "calendar/calendar.h"
#include "partner/engagement.h"

/*
 * Retainers: one event a month for each partner who is engaged in a campaign that pays for
 * retainers, made when the month is over, with the id retainer/<enrolment>/<yyyy-mm>.
 *
 * The month is the one that was worked, not the one in which it is paid: only then is it
 * known whether it was a whole one. A day counts if the partner was engaged at any moment of
 * it, by the organisation's clock; less than all days of the month pay pro rata. The event
 * happens in the last millisecond that was worked, so that the terms and caps of that month
 * count. Months that were missed are made later, each once.
 */

struct retainer_month {
	int64_t days, of; /* days that count, days there are */
	int64_t end_ms;   /* behind the last moment that was worked */
};

/* What a month comes to; closed_at_ms is the campaign's end, 0: none. */
void retainer_month(struct str zone, int64_t month, const struct list *engagements,
                    int64_t closed_at_ms, struct retainer_month *out);

/* The job's step: a page of partners of one campaign in one month. */
bool retainer_step(struct ctx *c, bool *out_more);

#endif
