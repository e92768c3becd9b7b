/* SPDX-License-Identifier: Apache-2.0 */
#include "report/team.h"

#include "event/standing.h"
#include "org/zone.h"

/* $2: the partner, $3: now, $4: levels below it, $5: partners. */
#define BELOW \
	"WITH RECURSIVE below (id, depth) AS (SELECT CAST($2 AS BIGINT), 0" \
	" UNION ALL SELECT p.partner_id, b.depth + 1 FROM below b JOIN partner_place p" \
	" ON p.org_id = $1 AND p.parent_id = b.id AND p.since <= $3 AND p.until > $3" \
	" WHERE b.depth < $4)"

static const struct sql SQL_LEVELS = {
	.text = BELOW " SELECT near.depth, COUNT(*) FROM (SELECT id, depth FROM below LIMIT $5)"
	        " AS near GROUP BY near.depth ORDER BY near.depth",
};

static const struct sql SQL_VOLUMES = {
	.text = BELOW " SELECT near.depth, ca.currency, CAST(SUM(s.sales) AS BIGINT),"
	        " CAST(SUM(s.revenue) AS BIGINT),"
	        " CAST(SUM(CASE WHEN s.month = $6 THEN s.revenue ELSE 0 END) AS BIGINT)"
	        " FROM (SELECT id, depth FROM below LIMIT $5) AS near"
	        " JOIN standing s ON s.org_id = $1 AND s.partner_id = near.id"
	        " JOIN campaign ca ON ca.org_id = $1 AND ca.id = s.campaign_id"
	        " GROUP BY near.depth, ca.currency ORDER BY near.depth, ca.currency",
};

static bool read_above(struct ctx *c, const struct partner *p, struct team *out)
{
	struct partner at = *p;
	int64_t id;

	out->above_count = 0;
	while (out->above_count < PARENT_DEPTH_MAX) {
		if (!parent_at(c, &at, c->now_ms, &id))
			return false;
		if (id == 0)
			break;
		out->above[out->above_count++] = id;
		if (!db_get_id(c, &partner_model, id, &at))
			return false;
	}
	return true;
}

static void take_levels(const struct rows *r, struct team *out)
{
	int64_t sum = 0;

	out->levels = r->count;
	for (size_t i = 0; i < r->count; i++)
		sum += out->partners[i] = rows_int(r, i, 1);
	out->complete = sum <= TEAM_MAX;
	out->below = (out->complete ? sum : TEAM_MAX) - 1;
}

static struct team_volume *together_in(struct team *t, struct str currency)
{
	for (size_t i = 0; i < t->together_count; i++)
		if (str_eq(t->together[i].currency, currency))
			return &t->together[i];
	t->together[t->together_count] = (struct team_volume){ .level = 1, .currency = currency };
	return &t->together[t->together_count++];
}

static void take_volumes(struct arena *a, const struct rows *r, struct team *out)
{
	out->volumes = ARENA_ARRAY(a, struct team_volume, r->count + 1);
	out->together = ARENA_ARRAY(a, struct team_volume, r->count + 1);
	out->volume_count = r->count;
	out->together_count = 0;
	for (size_t i = 0; i < r->count; i++) {
		struct team_volume v = { rows_int(r, i, 0), rows_str(r, i, 1), rows_int(r, i, 2),
			                 rows_int(r, i, 3), rows_int(r, i, 4) }, *sum;

		out->volumes[i] = v;
		if (v.level == 0)
			continue;
		sum = together_in(out, v.currency);
		sum->sales += v.sales;
		sum->revenue += v.revenue;
		sum->month_revenue += v.month_revenue;
	}
}

bool team_read(struct ctx *c, int64_t partner_id, struct team *out)
{
	struct val id = val_int(partner_id), now = val_int(c->now_ms);
	struct val depth = val_int(PARENT_DEPTH_MAX), month;
	struct rows levels, volumes;
	struct partner p;
	struct str zone;

	if (!partner_get(c, partner_id, &p) || !org_timezone(c, &zone) || !read_above(c, &p, out))
		return false;
	month = val_int(standing_month(zone, c->now_ms));
	if (!db_query(c, &SQL_LEVELS, ARGS(id, now, depth, val_int(TEAM_MAX + 1)), &levels)
	    || !db_query(c, &SQL_VOLUMES, ARGS(id, now, depth, val_int(TEAM_MAX), month), &volumes))
		return false;
	take_levels(&levels, out);
	take_volumes(c->arena, &volumes, out);
	return true;
}

const struct sql *const team_sql[] = { &SQL_LEVELS, &SQL_VOLUMES, NULL };
