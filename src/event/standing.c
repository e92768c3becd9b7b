/* SPDX-License-Identifier: Apache-2.0 */
#include "event/standing.h"

#include "base/clock.h"
#include "rules/counters.h"

int64_t standing_month(struct str timezone, int64_t at_ms)
{
	struct date d = zone_date(timezone, at_ms);

	return (int64_t)d.year * 100 + d.month;
}

void standing_period(enum tiers_period period, int64_t month, int64_t *out_from, int64_t *out_to)
{
	int64_t year = month / 100;
	int64_t quarter = (month % 100 - 1) / 3;

	*out_from = *out_to = month;
	if (period == PERIOD_YEAR) {
		*out_from = year * 100 + 1;
		*out_to = year * 100 + 12;
	} else if (period == PERIOD_QUARTER) {
		*out_from = year * 100 + quarter * 3 + 1;
		*out_to = *out_from + 2;
	} else if (period == PERIOD_LIFETIME) {
		*out_from = 0;
		*out_to = 999912;
	}
}

static const struct sql SQL_COUNTERS = {
	.text = "SELECT CAST(SUM(revenue) AS BIGINT) AS revenue, CAST(SUM(sales) AS BIGINT) AS sales,"
	        " CAST(SUM(customers) AS BIGINT) AS customers,"
	        " CAST(SUM(projects) AS BIGINT) AS projects FROM standing"
	        " WHERE org_id = $1 AND partner_id = $2 AND campaign_id = $3"
	        " AND month BETWEEN $4 AND $5",
};

bool standing_counters(struct ctx *c, int64_t partner_id, int64_t campaign_id,
                       const int64_t months[2], struct counters *out)
{
	struct rows r;

	if (!db_query(c, &SQL_COUNTERS,
	              ARGS(val_int(partner_id), val_int(campaign_id), val_int(months[0]),
	                   val_int(months[1])),
	              &r))
		return false;
	*out = (struct counters){ rows_int(&r, 0, 0), rows_int(&r, 0, 1), rows_int(&r, 0, 2),
		                  rows_int(&r, 0, 3) };
	return true;
}

static const struct sql SQL_EARNED_PARTNER = {
	.text = "SELECT CAST(SUM(earned) AS BIGINT) AS earned FROM standing"
	        " WHERE org_id = $1 AND partner_id = $2 AND campaign_id = $3"
	        " AND month BETWEEN $4 AND $5",
};

static const struct sql SQL_EARNED_ALL = {
	.text = "SELECT CAST(SUM(earned) AS BIGINT) AS earned FROM standing"
	        " WHERE org_id = $1 AND campaign_id = $2 AND month BETWEEN $3 AND $4",
};

bool standing_earned(struct ctx *c, int64_t partner_id, int64_t campaign_id,
                     const int64_t months[2], int64_t *out_minor)
{
	if (partner_id)
		return db_int(c, &SQL_EARNED_PARTNER,
		              ARGS(val_int(partner_id), val_int(campaign_id), val_int(months[0]),
		                   val_int(months[1])),
		              out_minor);
	return db_int(c, &SQL_EARNED_ALL,
	              ARGS(val_int(campaign_id), val_int(months[0]),
	                   val_int(months[1])), out_minor);
}

static const struct sql SQL_EARNED_CUSTOMER = {
	.text = "SELECT CAST(SUM(commission.amount - commission.reversed) AS BIGINT) AS earned"
	        " FROM event"
	        " JOIN commission ON commission.org_id = event.org_id"
	        " AND commission.event_id = event.id"
	        " WHERE event.org_id = $1 AND event.customer_id = $2 AND commission.campaign_id = $3",
};

bool standing_customer_earned(struct ctx *c, int64_t customer_id, int64_t campaign_id,
                              int64_t *out_minor)
{
	return db_int(c, &SQL_EARNED_CUSTOMER, ARGS(val_int(customer_id), val_int(campaign_id)),
	              out_minor);
}

static const struct sql SQL_ADD = {
	.text = "INSERT INTO standing (org_id, partner_id, campaign_id, month, revenue, sales,"
	        " customers, projects, earned) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	        " ON CONFLICT (org_id, partner_id, campaign_id, month) DO UPDATE SET"
	        " revenue = standing.revenue + excluded.revenue,"
	        " sales = standing.sales + excluded.sales,"
	        " customers = standing.customers + excluded.customers,"
	        " projects = standing.projects + excluded.projects,"
	        " earned = standing.earned + excluded.earned",
	.sums_from = 5,
};

bool standing_add(struct ctx *c, const struct standing_change *s)
{
	const struct counters *n = &s->counters;

	if (counters_none(n) && s->earned_minor == 0)
		return true;
	return db_exec(c, &SQL_ADD,
	               ARGS(val_int(s->partner_id), val_int(s->campaign_id), val_int(s->month),
	                    val_int(n->revenue_minor), val_int(n->sales), val_int(n->customers),
	                    val_int(n->projects), val_int(s->earned_minor)));
}

const struct sql *const standing_sql[] = {
	&SQL_COUNTERS, &SQL_EARNED_PARTNER, &SQL_EARNED_ALL, &SQL_EARNED_CUSTOMER, &SQL_ADD, NULL,
};
