/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar.h"

#include "base/clock.h"

static const struct sql SQL_POSITION = {
	.text = "SELECT period, campaign_id, partner_id FROM calendar_position"
	        " WHERE org_id = $1 AND job = $2",
};

bool calendar_position(struct ctx *c, const char *job, struct calendar_position *out)
{
	struct rows r;

	*out = (struct calendar_position){ 0 };
	if (!db_query(c, &SQL_POSITION, ARGS(val_str(str_from(job))), &r))
		return false;
	if (r.count > 0)
		*out = (struct calendar_position){ rows_int(&r, 0, 0), rows_int(&r, 0, 1),
			                           rows_int(&r, 0, 2) };
	return true;
}

static const struct sql SQL_MOVE = {
	.text = "INSERT INTO calendar_position (org_id, job, period, campaign_id, partner_id)"
	        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, job) DO UPDATE SET"
	        " period = excluded.period, campaign_id = excluded.campaign_id,"
	        " partner_id = excluded.partner_id",
};

bool calendar_move(struct ctx *c, const char *job, const struct calendar_position *to)
{
	return db_exec(c, &SQL_MOVE,
	               ARGS(val_str(str_from(job)), val_int(to->period), val_int(to->campaign_id),
	                    val_int(to->partner_id)));
}

int64_t month_next(int64_t month)
{
	return month % 100 == 12 ? month + 89 : month + 1;
}

int64_t month_start_ms(struct str zone, int64_t month)
{
	return zone_day_start_ms(zone, (struct date){ (int)(month / 100), (int)(month % 100), 1 });
}

struct str month_str(struct arena *a, int64_t month)
{
	return arena_printf(a, "%04lld-%02lld", (long long)(month / 100), (long long)(month % 100));
}

const struct sql *const calendar_sql[] = { &SQL_POSITION, &SQL_MOVE, NULL };
