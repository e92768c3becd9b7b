/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_ABOUT_H
#define EVENT_ABOUT_H

#include "event/event.h"

/*
 * About: which events refunds and disputes can be about, and what counts as all of one.
 *
 * Whatever a caller, a deal or the calendar records and what may earn: sales, leads, referrals,
 * projects, deals, retainers, goals. What clicks have earned is rejected instead.
 */

/* May refunds and disputes be about an event of this type? */
bool about_possible(int64_t type);

/*
 * The type that a body names under this key, one of those; *out_type is left alone where it names
 * none. ERR_INVALID says which there are.
 */
bool about_read(struct ctx *c, const json_t *body, const char *key, int64_t *out_type);

/* What messages call such an event: "sale", "project". */
const char *about_noun(int64_t type);

/* The type of what a refund or dispute is about. */
enum event_type about_type(const struct track *t);

/* ERR_INVALID on "sale_id" or "event_id" when it says of none; "amount" when such have none. */
bool about_check(struct ctx *c, const struct track *t);

/*
 * Can what the caller says be about this very event? ERR_INVALID on "currency" if it is in another
 * one, and on "amount" if the event has none.
 */
bool about_fits(struct ctx *c, const struct track *t, const struct event *of);

/*
 * What is refunded and disputed of an event counts against this: its amount or, of one that has
 * none, 1. So that is taken back wholly or not at all.
 */
int64_t about_whole(const struct event *of);

#endif
