/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_web.h"
#include "base/check.h"
#include "data/json.h"
#include "db/db.h"
#include "partner/parent.h"
#include "portal/portal_device_web.h"
#include "user/member.h"
#include "web/flash.h"

static const struct place {
	const char *path, *icon, *text;
	bool team; /* only for those who have recruited somebody */
} places[] = {
	{ "", "home", "Home", false },
	{ "/links", "link", "Links", false },
	{ "/deals", "briefcase", "Deals", false },
	{ "/commissions", "coin", "Commissions", false },
	{ "/payouts", "building-bank", "Payouts", false },
	{ "/customers", "user", "Customers", false },
	{ "/team", "users-group", "Team", true },
	{ "/terms", "file-text", "Terms", false },
	{ "/account", "settings", "Account", false },
};

/* Of another partner that the same person acts for. */
static const struct sql SQL_NAME = {
	.text = "SELECT name FROM partner WHERE org_id = $1 AND id = $2",
};

const struct sql *const portal_web_sql[] = { &SQL_NAME, NULL };

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

#define ACTS_MAX 50

/* Every partner of this organisation that the person acts for, where there are several. */
static bool put_acts(struct portal *o)
{
	struct page *p = &o->page;
	json_t *list = json_array();
	struct rows rows;

	json_object_set_new(p->view, "acts_for", list);
	if (!member_partners(p->c, p->org.id, p->c->actor.user_id, &rows))
		return false;
	for (size_t i = 0; rows.count > 1 && i < rows.count && i < ACTS_MAX; i++) {
		int64_t id = rows_int(&rows, i, 0);
		struct rows one;
		json_t *e;

		if (!db_query(p->c, &SQL_NAME, ARGS(val_int(id)), &one))
			return false;
		if (one.count == 0)
			continue;
		e = json_object();
		json_set_str(e, "name", rows_str(&one, 0, 0));
		json_set_str(e, "href",
		             arena_printf(p->c->arena, "/portal/%.*s@%.*s", STR_ARG(p->org.slug),
		                          STR_ARG(id_str(p->c->arena, ID_PARTNER, id))));
		json_set_bool(e, "here", id == o->partner.id);
		json_array_append_new(list, e);
	}
	json_set_bool(p->view, "acts_many", rows.count > 1);
	return true;
}

/* As the address says it: with the partner, or without. */
static struct str base_of(const struct portal *o, const struct req *q)
{
	struct str named = q->args[0];

	str_cut(&named, '@');
	return arena_printf(o->page.c->arena, "/portal/%.*s%s%.*s", STR_ARG(o->page.org.slug),
	                    named.n > 0 ? "@" : "", STR_ARG(named));
}

bool portal_web_open(struct portal *o, struct ctx *c, const struct req *q, struct res *r)
{
	struct page *p = &o->page;

	CHECK(c->actor.kind == ACTOR_PARTNER);
	if (!page_open(p, c, q, r) || !partner_get(c, c->actor.partner_id, &o->partner)
	    || !parent_has_below(c, o->partner.id, c->now_ms, &o->has_team))
		return false;
	portal_device_note(c, q);
	p->base = base_of(o, q);
	json_set_str(p->view, "root", p->base);
	json_set_bool(p->view, "many", json_array_size(json_object_get(p->view, "orgs")) > 1);
	json_object_del(p->view, "nav");
	put_places(o);
	put_me(o);
	return put_acts(o);
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
