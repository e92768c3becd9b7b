/* SPDX-License-Identifier: Apache-2.0 */
#include "click/lookup.h"
#include "click/own_device.h"
#include "db/ticket.h"

static const struct sql SQL_CLICK = {
	.text = "SELECT link_id, partner_id, campaign_id, at, referrer, utm, sub, country, flags,"
	        " (SELECT COUNT(*) FROM partner_device WHERE partner_device.org_id = $1"
	        " AND partner_device.partner_id = click.partner_id"
	        " AND partner_device.day = click.at / 86400000"
	        " AND partner_device.device = click.device) AS own_device"
	        " FROM click WHERE org_id = $1 AND id = $2",
	.beside = "click",
};

static void from_row(const struct rows *r, int64_t org_id, int64_t id, struct click *out)
{
	*out = (struct click){
		.id = id,
		.org_id = org_id,
		.link_id = rows_int(r, 0, 0),
		.partner_id = rows_int(r, 0, 1),
		.campaign_id = rows_int(r, 0, 2),
		.at_ms = rows_int(r, 0, 3),
		.referrer = rows_str(r, 0, 4),
		.utm = rows_str(r, 0, 5),
		.sub = rows_str(r, 0, 6),
		.country = rows_str(r, 0, 7),
		.flags = rows_int(r, 0, 8),
		.own_device = rows_int(r, 0, 9) > 0,
	};
}

bool click_ahead(struct ctx *c, int64_t id)
{
	return db_ahead(c, &SQL_CLICK, ARGS(val_int(id)));
}

bool click_lookup(struct ctx *c, struct clicks *clicks, int64_t id, struct click *out,
                  bool *out_found)
{
	struct rows r;

	if (!db_query(c, &SQL_CLICK, ARGS(val_int(id)), &r))
		return false;
	if (r.count > 0) {
		from_row(&r, c->org_id, id, out);
		*out_found = true;
		return true;
	}
	*out_found = clicks && click_find_recent(clicks, c->arena, c->org_id, id, out);
	return !*out_found
	       || own_device_is(c, out->partner_id, out->at_ms,
	                        click_device_text(c->arena, out->device), &out->own_device);
}

static const struct sql SQL_DEVICE = {
	.text = "SELECT (SELECT COUNT(*) FROM partner_device WHERE partner_device.org_id = $1"
	        " AND partner_device.partner_id = $3"
	        " AND partner_device.day = click.at / 86400000"
	        " AND partner_device.device = click.device) AS own_device"
	        " FROM click WHERE org_id = $1 AND id = $2",
	.beside = "click",
};

bool click_by_device_of(struct ctx *c, struct clicks *clicks, int64_t id, int64_t partner_id,
                        bool *out)
{
	struct click k;
	struct rows r;

	*out = false;
	if (!db_query(c, &SQL_DEVICE, ARGS(val_int(id), val_int(partner_id)), &r))
		return false;
	if (r.count > 0) {
		*out = rows_int(&r, 0, 0) > 0;
		return true;
	}
	return !clicks || !click_find_recent(clicks, c->arena, c->org_id, id, &k)
	    || own_device_is(c, partner_id, k.at_ms, click_device_text(c->arena, k.device), out);
}

const struct sql *const click_lookup_sql[] = { &SQL_CLICK, &SQL_DEVICE, NULL };
