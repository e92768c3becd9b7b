/* SPDX-License-Identifier: Apache-2.0 */
#include "event/concern.h"

#include "rules/engine.h"

_Static_assert(EARNING_OWN == 0, "the kind in the statements");

static const struct sql SQL_NOTE = {
	.text = "INSERT INTO event_partner (org_id, partner_id, event_id) VALUES ($1, $2, $3)"
	        " ON CONFLICT (org_id, partner_id, event_id) DO NOTHING",
};

bool concern_note(struct ctx *c, int64_t partner_id, int64_t event_id)
{
	return db_exec(c, &SQL_NOTE, ARGS(val_int(partner_id), val_int(event_id)));
}

static const struct sql SQL_FOLLOW = {
	.text = "INSERT INTO event_partner (org_id, partner_id, event_id)"
	        " SELECT DISTINCT org_id, partner_id, CAST($3 AS BIGINT) FROM commission"
	        " WHERE org_id = $1 AND event_id = $2 AND kind = 0"
	        " ON CONFLICT (org_id, partner_id, event_id) DO NOTHING",
};

bool concern_follow(struct ctx *c, const struct event *e)
{
	if (e->partner_id != 0 && !concern_note(c, e->partner_id, e->id))
		return false;
	return e->related_id == 0
	       || db_exec(c, &SQL_FOLLOW, ARGS(val_int(e->related_id), val_int(e->id)));
}

const struct sql *const concern_sql[] = { &SQL_NOTE, &SQL_FOLLOW, NULL };
