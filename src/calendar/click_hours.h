/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CALENDAR_CLICK_HOURS_H
#define CALENDAR_CLICK_HOURS_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Clicks that are paid for: one per partner, device and UTC day, in campaigns that pay for
 * clicks. Bots, anonymisers and prefetches are recorded and not paid.
 *
 * When an hour (UTC) is over, its payable clicks become one event for each partner and
 * campaign, with the id clicks/<enrolment>/<yyyy-mm-ddThh>; those of a link with a reward of
 * its own an event with the link's id instead. The event happens when the hour begins.
 *
 * No click is lost or paid twice, however late it arrives. The drain counts into the table
 * click_hour, in the transaction that stores the clicks; an hour with more arrived than
 * counted is open and is looked through again. What is payable is a row of click_paid, whose
 * key allows one per partner, device and day: a click that was counted before finds its row
 * there. Rows without an event are given one, in the transaction that records it. What comes
 * after the hour's event was made is a further event: the same id with /2, /3, … behind it.
 */

/* The job's step: look at a few thousand clicks, or make a hundred events. */
bool click_hours_step(struct ctx *c, bool *out_more);

extern const struct sql *const click_hours_sql[];

#endif
