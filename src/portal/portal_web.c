/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_web.h"
#include "base/check.h"
#include "data/json.h"
#include "db/db.h"
#include "web/badge.h"
#include "web/flash.h"
#include "web/say.h"

static const struct place {
	const char *path, *icon, *text;
	bool team; /* only for those who have recruited somebody */
} places[] = {
	{ "", "home", "Home", false },
	{ "/links", "link", "Links", false },
	{ "/commissions", "coin", "Commissions", false },
	{ "/payouts", "building-bank", "Payouts", false },
	{ "/customers", "user", "Customers", false },
	{ "/team", "users-group", "Team", true },
	{ "/terms", "file-text", "Terms", false },
	{ "/account", "settings", "Account", false },
};

static const struct sql SQL_HAS_TEAM = {
	.text = "SELECT COUNT(*) FROM (SELECT 1 FROM partner WHERE org_id = $1 AND parent_id = $2"
	        " LIMIT 1) AS one",
};

/* Whom the partner has recruited, with what their sales brought and what the partner got of it. */
static const struct sql SQL_TEAM = {
	.text = "SELECT p.name, p.status, p.created_at, m.currency, COUNT(m.id),"
	        " CAST(SUM(m.base) AS BIGINT), CAST(SUM(m.amount - m.reversed) AS BIGINT)"
	        " FROM partner p LEFT JOIN event e ON e.org_id = p.org_id AND e.partner_id = p.id"
	        " AND e.id IN (SELECT event_id FROM commission WHERE org_id = $1 AND partner_id = $2"
	        " AND kind <> 0)"
	        " LEFT JOIN commission m ON m.org_id = p.org_id AND m.event_id = e.id"
	        " AND m.partner_id = $2 AND m.kind <> 0"
	        " WHERE p.org_id = $1 AND p.parent_id = $2"
	        " GROUP BY p.id, p.name, p.status, p.created_at, m.currency ORDER BY p.id, m.currency",
};

const struct sql *const portal_web_sql[] = { &SQL_HAS_TEAM, &SQL_TEAM, NULL };

static bool is_here(const struct page *p, struct str href, const struct place *place)
{
	struct str path = p->q->path;

	if (place->path[0] == '\0')
		return str_eq(path, href);
	return path.n >= href.n && memcmp(path.p, href.p, href.n) == 0
	    && (path.n == href.n || path.p[href.n] == '/');
}

static void put_places(struct portal *o)
{
	struct page *p = &o->page;
	json_t *list = json_array();

	json_object_set_new(p->view, "places", list);
	for (size_t i = 0; i < LEN(places); i++) {
		struct str href = arena_printf(p->c->arena, "%.*s%s", STR_ARG(p->base),
		                               places[i].path);
		json_t *e;

		if (places[i].team && !o->has_team)
			continue;
		e = json_object();
		json_set_str(e, "href", href);
		json_set_str(e, "icon", str_from(places[i].icon));
		json_set_str(e, "text", str_from(places[i].text));
		json_set_bool(e, "here", is_here(p, href, &places[i]));
		json_array_append_new(list, e);
	}
}

/* The partner about itself: its own data, so nothing of it is personal to hide. */
static void put_me(struct portal *o)
{
	json_t *me = json_object();

	json_set_id(me, "id", ID_PARTNER, o->partner.id);
	json_set_str(me, "name", o->partner.name);
	json_set_str(me, "email", o->partner.email);
	json_set_str(me, "country", o->partner.country);
	json_set_time(me, "created_at", o->partner.created_at);
	json_object_set_new(o->page.view, "me", me);
}

bool portal_web_open(struct portal *o, struct ctx *c, const struct req *q, struct res *r)
{
	struct page *p = &o->page;
	int64_t team;

	CHECK(c->actor.kind == ACTOR_PARTNER);
	if (!page_open(p, c, q, r) || !partner_get(c, c->actor.partner_id, &o->partner)
	    || !db_int(c, &SQL_HAS_TEAM, ARGS(val_int(o->partner.id)), &team))
		return false;
	o->has_team = team > 0;
	p->base = arena_printf(c->arena, "/portal/%.*s", STR_ARG(p->org.slug));
	json_set_str(p->view, "root", p->base);
	json_set_bool(p->view, "many", json_array_size(json_object_get(p->view, "orgs")) > 1);
	json_object_del(p->view, "nav");
	put_places(o);
	put_me(o);
	return true;
}

bool portal_web_show(struct portal *o, const char *template, struct str title)
{
	return page_show(&o->page, template, title);
}

bool portal_web_done(struct ctx *c, const struct req *q, struct res *r, struct str path,
                     const char *flash)
{
	CHECK(q->arg_count >= 1);
	res_redirect(r, 303, arena_printf(c->arena, "/portal/%.*s%.*s", STR_ARG(q->args[0]),
	                                  STR_ARG(path)));
	flash_set(q, r, flash);
	return true;
}

static json_t *team_row(struct page *p, const struct rows *rows, size_t i)
{
	struct str currency = rows_str(rows, i, 3);
	json_t *o = json_object();

	json_set_str(o, "name", rows_str(rows, i, 0));
	json_set_str(o, "status", str_from(partner_status_names[rows_int(rows, i, 1)]));
	json_set_str(o, "object", STR("partner"));
	badge_put(o);
	json_set_time(o, "since", rows_int(rows, i, 2));
	json_set_int(o, "sales", rows_int(rows, i, 4));
	json_set_str(o, "volume", currency.n ? say_money(p, rows_int(rows, i, 5), currency) : STR("–"));
	json_set_str(o, "earned", currency.n ? say_money(p, rows_int(rows, i, 6), currency) : STR("–"));
	return o;
}

bool portal_web_team(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *list = json_array();
	struct portal o;
	struct rows rows;

	if (!portal_web_open(&o, c, q, r)
	    || !db_query(c, &SQL_TEAM, ARGS(val_int(o.partner.id)), &rows))
		return false;
	json_object_set_new(o.page.view, "team", list);
	json_set_bool(o.page.view, "any", rows.count > 0);
	for (size_t i = 0; i < rows.count; i++)
		json_array_append_new(list, team_row(&o.page, &rows, i));
	return portal_web_show(&o, "portal/team.html", STR("Team"));
}
