/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_ZONE_H
#define ORG_ZONE_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * The time zone of the organisation at hand, kept in memory because every event asks.
 *
 * A change made in this process is seen at once (zone_forget), one made elsewhere
 * within a minute. Any thread may ask.
 */

/* ERR_NOT_FOUND if the organisation does not exist. *out lives in c->arena. */
bool org_timezone(struct ctx *c, struct str *out);

/* Call after an organisation's time zone has been changed. */
void zone_forget(int64_t org_id);

extern const struct sql *const zone_sql[];

#endif
