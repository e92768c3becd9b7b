/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_team_web.h"

#include "data/json.h"
#include "event/standing.h"
#include "report/team.h"
#include "web/badge.h"
#include "web/say.h"

#define BELOW \
	"WITH RECURSIVE below (id, root, depth) AS" \
	" (SELECT partner_id, partner_id, 0 FROM partner_place WHERE org_id = $1" \
	" AND parent_id = $2 AND since <= $3 AND until > $3" \
	" UNION ALL SELECT p.partner_id, b.root, b.depth + 1 FROM below b JOIN partner_place p" \
	" ON p.org_id = $1 AND p.parent_id = b.id AND p.since <= $3 AND p.until > $3" \
	" WHERE b.depth < $4), near (id, root, depth) AS (SELECT id, root, depth FROM below LIMIT $5)"

static const struct sql SQL_RECRUITS = {
	.text = BELOW " SELECT r.id, r.name, r.status, r.created_at, COUNT(*) - 1"
	        " FROM near b JOIN partner r ON r.org_id = $1 AND r.id = b.root"
	        " GROUP BY r.id, r.name, r.status, r.created_at ORDER BY r.id",
};

/* By recruit and currency, from the sums that are kept by month: no sale is read. */
static const struct sql SQL_VOLUMES = {
	.text = BELOW " SELECT b.root, ca.currency,"
	        " CAST(SUM(CASE WHEN b.depth = 0 THEN s.sales ELSE 0 END) AS BIGINT),"
	        " CAST(SUM(CASE WHEN b.depth = 0 THEN s.revenue ELSE 0 END) AS BIGINT),"
	        " CAST(SUM(CASE WHEN b.depth > 0 THEN s.revenue ELSE 0 END) AS BIGINT),"
	        " CAST(SUM(CASE WHEN s.month = $6 THEN s.revenue ELSE 0 END) AS BIGINT)"
	        " FROM near b JOIN standing s ON s.org_id = $1 AND s.partner_id = b.id"
	        " JOIN campaign ca ON ca.org_id = $1 AND ca.id = s.campaign_id"
	        " GROUP BY b.root, ca.currency ORDER BY b.root, ca.currency",
};

/* What the partner earned of others' sales, by whose they are. */
static const struct sql SQL_EARNED = {
	.text = "SELECT e.partner_id, m.currency, CAST(SUM(m.amount - m.reversed) AS BIGINT)"
	        " FROM commission m JOIN event e ON e.org_id = m.org_id AND e.id = m.event_id"
	        " WHERE m.org_id = $1 AND m.partner_id = $2 AND m.kind <> 0"
	        " GROUP BY e.partner_id, m.currency",
};

static int64_t earned_of(const struct rows *earned, int64_t partner_id, struct str currency)
{
	for (size_t i = 0; i < earned->count; i++)
		if (rows_int(earned, i, 0) == partner_id && str_eq(rows_str(earned, i, 1), currency))
			return rows_int(earned, i, 2);
	return 0;
}

static void set_money(struct page *p, json_t *o, const char *key, int64_t minor,
                      struct str currency)
{
	json_set_str(o, key, currency.n ? say_money(p, minor, currency) : STR("–"));
}

/* What was read of the team. */
struct recruited {
	struct rows recruits, volumes, earned;
};

static json_t *recruit_view(const struct recruited *t, size_t i)
{
	json_t *o = json_object();

	json_set_str(o, "name", rows_str(&t->recruits, i, 1));
	json_set_str(o, "status",
	             str_from(partner_status_names[rows_int(&t->recruits, i, 2)]));
	json_set_str(o, "object", STR("partner"));
	badge_put(o);
	json_set_time(o, "since", rows_int(&t->recruits, i, 3));
	json_set_int(o, "below", rows_int(&t->recruits, i, 4));
	return o;
}

/* at: the row of the volumes, or none. */
static void put_volume(struct page *p, json_t *o, const struct recruited *t, int64_t id, size_t at)
{
	bool any = at < t->volumes.count;
	struct str currency = any ? rows_str(&t->volumes, at, 1) : STR("");

	json_set_int(o, "sales", any ? rows_int(&t->volumes, at, 2) : 0);
	set_money(p, o, "volume", any ? rows_int(&t->volumes, at, 3) : 0, currency);
	set_money(p, o, "team_volume", any ? rows_int(&t->volumes, at, 4) : 0, currency);
	set_money(p, o, "month_volume", any ? rows_int(&t->volumes, at, 5) : 0, currency);
	set_money(p, o, "earned", earned_of(&t->earned, id, currency), currency);
}

static void put_recruit(struct page *p, json_t *list, const struct recruited *t, size_t i)
{
	int64_t id = rows_int(&t->recruits, i, 0);
	bool any = false;

	for (size_t k = 0; k < t->volumes.count; k++) {
		json_t *o;

		if (rows_int(&t->volumes, k, 0) != id)
			continue;
		o = recruit_view(t, i);
		put_volume(p, o, t, id, k);
		json_array_append_new(list, o);
		any = true;
	}
	if (!any) {
		json_t *o = recruit_view(t, i);

		put_volume(p, o, t, id, t->volumes.count);
		json_array_append_new(list, o);
	}
}

static bool read_team(struct portal *o, struct recruited *out)
{
	struct ctx *c = o->page.c;
	struct val me = val_int(o->partner.id), now = val_int(c->now_ms);
	struct val depth = val_int(TEAM_DEPTH - 1), most = val_int(TEAM_MAX);
	int64_t month = standing_month(o->page.org.timezone, c->now_ms);

	return db_query(c, &SQL_RECRUITS, ARGS(me, now, depth, most), &out->recruits)
	    && db_query(c, &SQL_VOLUMES, ARGS(me, now, depth, most, val_int(month)),
	                &out->volumes)
	    && db_query(c, &SQL_EARNED, ARGS(me), &out->earned);
}

bool portal_team_web(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *list = json_array();
	struct portal o;
	struct recruited team;

	if (!portal_web_open(&o, c, q, r) || !read_team(&o, &team))
		return false;
	json_object_set_new(o.page.view, "team", list);
	json_set_bool(o.page.view, "any", team.recruits.count > 0);
	for (size_t i = 0; i < team.recruits.count; i++)
		put_recruit(&o.page, list, &team, i);
	return portal_web_show(&o, "portal/team.html", STR("Team"));
}

const struct sql *const portal_team_sql[] = {
	&SQL_RECRUITS, &SQL_VOLUMES, &SQL_EARNED, NULL,
};
