/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "app.h"
#include "base/check.h"
#include "campaign/terms_cache.h"
#include "click/click.h"
#include "click/target.h"
#include "link/link_publish.h"
#include "partner/enrolment.h"
#include "rules/terms.h"

/* How links get into the link table: one by one after a change, all at the start. */

static const struct sql SQL_HOST = {
	.text = "SELECT tracking_host FROM org WHERE id = $1",
	.control = true,
	.global = true,
};

/* The organisation's own tracking host, or "" for the shared one. */
static bool get_host(struct ctx *c, struct str *out)
{
	struct rows rows;

	if (!db_query(c, &SQL_HOST, ARGS(val_int(c->org_id)), &rows))
		return false;
	*out = rows.count ? rows_str(&rows, 0, 0) : STR("");
	return true;
}

bool link_short_url(struct ctx *c, struct str slug, struct str *out)
{
	struct str host, base = app_of(c) ? app_of(c)->base_url : STR("");

	if (!get_host(c, &host))
		return false;
	if (host.n > 0)
		*out = arena_printf(c->arena, "https://%.*s/%.*s", STR_ARG(host), STR_ARG(slug));
	else
		*out = arena_printf(c->arena, "%.*s/%.*s", STR_ARG(base), STR_ARG(slug));
	return true;
}

/* What all links of a page of the load have in common. */
struct shared {
	struct str host;
	int64_t campaign_id; /* cookie_days is this campaign's */
	int64_t cookie_days;
};

static bool cookie_days(struct ctx *c, int64_t campaign_id, struct shared *s)
{
	struct terms_in_force terms;

	if (s->campaign_id == campaign_id)
		return true;
	if (!terms_in_force(c, campaign_id, c->now_ms, &terms))
		return false;
	s->campaign_id = campaign_id;
	s->cookie_days = terms.terms->attribution.cookie_days;
	return true;
}

/* A link with what its partner's and enrolment's rows say. */
struct placed {
	int64_t id, partner_id, campaign_id, enrolment_id;
	struct str slug, url, utm_source, utm_medium, utm_campaign;
	int64_t status, partner_status, enrolment_status;
};

static bool make_entry(struct ctx *c, const struct placed *p, struct shared *s,
                       struct link_entry *out)
{
	struct utm utm = { .of = { [UTM_SOURCE] = p->utm_source,
		                   [UTM_MEDIUM] = p->utm_medium,
		                   [UTM_CAMPAIGN] = p->utm_campaign } };
	bool banned = p->partner_status == PARTNER_BANNED || p->enrolment_status == PARTNER_BANNED;

	*out = (struct link_entry){
		.org_id = c->org_id,
		.link_id = p->id,
		.partner_id = p->partner_id,
		.campaign_id = p->campaign_id,
		.enrolment_id = p->enrolment_id,
		.host = s->host,
		.slug = p->slug,
		.flags = banned ? LINK_SUSPENDED : 0,
	};
	if (!target_prepare(c, "url", p->url, &utm, &out->url)
	    || !cookie_days(c, p->campaign_id, s))
		return false;
	out->cookie_days = s->cookie_days;
	return true;
}

bool link_entry_of(struct ctx *c, const struct link *link, struct link_entry *out)
{
	struct shared s = { .campaign_id = 0 };
	struct partner p;
	struct enrolment e;
	bool found;

	if (!get_host(c, &s.host) || !partner_named(c, "partner", link->partner_id, &p)
	    || !enrolment_find(c, link->campaign_id, link->partner_id, &e, &found))
		return false;

	struct placed placed = {
		.id = link->id,
		.partner_id = link->partner_id,
		.campaign_id = link->campaign_id,
		.enrolment_id = found ? e.id : 0,
		.slug = link->slug,
		.url = link->url,
		.utm_source = link->utm_source,
		.utm_medium = link->utm_medium,
		.utm_campaign = link->utm_campaign,
		.partner_status = p.status,
		.enrolment_status = found ? e.status : PARTNER_APPROVED,
	};
	return make_entry(c, &placed, &s, out);
}

static const struct field placed_fields[] = {
	FIELD(struct placed, id, .flags = 0),
	FIELD(struct placed, partner_id, .flags = 0),
	FIELD(struct placed, campaign_id, .flags = 0),
	FIELD(struct placed, enrolment_id, .flags = 0),
	FIELD(struct placed, slug, .flags = 0),
	FIELD(struct placed, url, .flags = 0),
	FIELD(struct placed, utm_source, .flags = 0),
	FIELD(struct placed, utm_medium, .flags = 0),
	FIELD(struct placed, utm_campaign, .flags = 0),
	FIELD(struct placed, status, .flags = 0),
	FIELD(struct placed, partner_status, .flags = 0),
	FIELD(struct placed, enrolment_status, .flags = 0),
};

static const struct model placed_model = MODEL("placed", placed_fields);

/* CROSS JOIN: SQLite walks the links and looks the others up, not the other way round. */
#define PLACED \
	"SELECT l.id AS id, l.partner_id AS partner_id, l.campaign_id AS campaign_id," \
	" l.slug AS slug, l.url AS url, l.utm_source AS utm_source, l.utm_medium AS utm_medium," \
	" l.utm_campaign AS utm_campaign, l.status AS status, p.status AS partner_status," \
	" e.id AS enrolment_id, e.status AS enrolment_status" \
	" FROM link l CROSS JOIN partner p CROSS JOIN enrolment e" \
	" WHERE p.org_id = l.org_id AND p.id = l.partner_id AND e.org_id = l.org_id" \
	" AND e.campaign_id = l.campaign_id AND e.partner_id = l.partner_id AND l.org_id = $1"

#define PAGE 5000

static const struct sql SQL_PAGE = {
	.text = PLACED " AND l.id > $2 ORDER BY l.id LIMIT 5000",
	.model = &placed_model,
};

/* One page of links into the table; *after moves on, and is 0 after the last page. */
static bool load_page(struct ctx *c, struct str host, int64_t *after)
{
	struct link_table *table = click_links(app_of(c)->clicks);
	struct shared s = { .host = host };
	struct link_entry e;
	struct list list;

	if (!db_list(c, &SQL_PAGE, ARGS(val_int(*after)), sizeof(struct placed), &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct placed *p = (const struct placed *)list.items + i;

		*after = p->id;
		if (p->status != LINK_ACTIVE)
			continue;
		if (!make_entry(c, p, &s, &e))
			return false;
		link_table_add(table, &e);
	}
	if (list.count < PAGE)
		*after = 0;
	return true;
}

bool link_load_all(struct ctx *c)
{
	struct arena *whole = c->arena, page;
	struct str host;
	int64_t after = 0;
	bool ok;

	if (!get_host(c, &host))
		return false;
	arena_init(&page);
	c->arena = &page;
	do {
		ok = load_page(c, host, &after);
		arena_reset(&page);
	} while (ok && after != 0);
	c->arena = whole;
	arena_release(&page);
	return ok;
}

static const struct sql SQL_OF_PARTNER = {
	.text = PLACED " AND l.partner_id = $2",
	.model = &placed_model,
};

bool link_refresh_partner(struct ctx *c, int64_t partner_id)
{
	struct shared s = { .campaign_id = 0 };
	struct link_entry e;
	struct list list;

	if (!get_host(c, &s.host)
	    || !db_list(c, &SQL_OF_PARTNER, ARGS(val_int(partner_id)), sizeof(struct placed), &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct placed *p = (const struct placed *)list.items + i;

		if (p->status != LINK_ACTIVE)
			continue;
		if (!make_entry(c, p, &s, &e))
			return false;
		link_publish(c, &e);
	}
	return true;
}

const struct sql *const link_load_sql[] = { &SQL_HOST, &SQL_PAGE, &SQL_OF_PARTNER, NULL };
