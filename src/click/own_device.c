/* SPDX-License-Identifier: Apache-2.0 */
#include "click/own_device.h"

#include "base/clock.h"

static const struct sql SQL_NOTE = {
	.text = "INSERT INTO partner_device (org_id, partner_id, day, device) VALUES ($1, $2, $3, $4)"
	        " ON CONFLICT (org_id, partner_id, day, device) DO NOTHING",
};

bool own_device_note(struct ctx *c, int64_t partner_id, int64_t at_ms, struct str device)
{
	return db_exec(c, &SQL_NOTE,
	               ARGS(val_int(partner_id), val_int(at_ms / MS_PER_DAY), val_str(device)));
}

static const struct sql SQL_IS = {
	.text = "SELECT 1 AS found FROM partner_device WHERE org_id = $1 AND partner_id = $2 AND day = $3"
	        " AND device = $4",
};

bool own_device_is(struct ctx *c, int64_t partner_id, int64_t at_ms, struct str device, bool *out)
{
	int64_t found;

	if (!db_int(c, &SQL_IS,
	            ARGS(val_int(partner_id), val_int(at_ms / MS_PER_DAY), val_str(device)), &found))
		return false;
	*out = found != 0;
	return true;
}

#define PRUNE_MAX 500

static const struct sql SQL_PRUNE = {
	.text = "DELETE FROM partner_device WHERE org_id = $1 AND (partner_id, day, device) IN"
	        " (SELECT partner_id, day, device FROM partner_device WHERE org_id = $1 AND day < $2"
	        " ORDER BY day LIMIT $3)",
};

bool own_device_prune(struct ctx *c, bool *out_more)
{
	int64_t count;

	if (!db_changes(c, &SQL_PRUNE,
	                ARGS(val_int(c->now_ms / MS_PER_DAY - OWN_DEVICE_DAYS), val_int(PRUNE_MAX)),
	                &count))
		return false;
	*out_more = count == PRUNE_MAX;
	return true;
}

const struct sql *const own_device_sql[] = { &SQL_NOTE, &SQL_IS, &SQL_PRUNE, NULL };
