/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_DEALS_H
#define VERIFY_VERIFY_DEALS_H

#include "verify/verify_replay.h"

/*
 * Deals: an event that was credited by deals is attributed again. Its contacts are those stored
 * with it, but each deal among them is what the deal's history says it was at that moment.
 */

/* Before the event is counted. False if something could not be read. */
bool deals_replay(struct replay *r, const struct replayed *e);

#endif
