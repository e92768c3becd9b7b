/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "app.h"
#include "base/check.h"
#include "base/scratch.h"
#include "campaign/terms_cache.h"
#include "click/click.h"
#include "click/target.h"
#include "link/link_publish.h"
#include "partner/enrolment.h"
#include "rules/terms.h"

#include <stdlib.h>

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

/* Who is banned, in a campaign or (0) in all of them. */
struct ban {
	int64_t partner_id, campaign_id;
};

/* What many links have in common. */
struct shared {
	struct str host;
	struct ban *bans;    /* sorted */
	size_t ban_count;
	int64_t campaign_id; /* the last one asked about … */
	int64_t cookie_days; /* … and what its terms say */
	struct link target;  /* the last url and utm made ready, in this arena … */
	struct str prepared; /* … and how; many links lead to one page */
};

static int compare_bans(const void *a, const void *b)
{
	const struct ban *x = a, *y = b;

	if (x->partner_id != y->partner_id)
		return x->partner_id < y->partner_id ? -1 : 1;
	return (x->campaign_id > y->campaign_id) - (x->campaign_id < y->campaign_id);
}

static bool is_banned(const struct shared *s, int64_t partner_id, int64_t campaign_id)
{
	struct ban everywhere = { partner_id, 0 }, here = { partner_id, campaign_id };

	return s->ban_count > 0
	       && (bsearch(&everywhere, s->bans, s->ban_count, sizeof(here), compare_bans)
	           || bsearch(&here, s->bans, s->ban_count, sizeof(here), compare_bans));
}

_Static_assert(PARTNER_BANNED == 4, "the statements below say 4");

static const struct sql SQL_BANS = {
	.text = "SELECT id, 0 FROM partner WHERE org_id = $1 AND status = 4"
	        " UNION ALL SELECT partner_id, campaign_id FROM enrolment"
	        " WHERE org_id = $1 AND status = 4",
};

static const struct sql SQL_BANS_OF = {
	.text = "SELECT id, 0 FROM partner WHERE org_id = $1 AND id = $2 AND status = 4"
	        " UNION ALL SELECT partner_id, campaign_id FROM enrolment"
	        " WHERE org_id = $1 AND partner_id = $2 AND status = 4",
};

/* partner_id 0: about everybody. */
static bool shared_get(struct ctx *c, int64_t partner_id, struct shared *out)
{
	struct args args = partner_id ? ARGS(val_int(partner_id)) : NO_ARGS;
	struct shared s = { .campaign_id = 0 };
	struct rows rows;

	if (!get_host(c, &s.host)
	    || !db_query(c, partner_id ? &SQL_BANS_OF : &SQL_BANS, args, &rows))
		return false;
	s.bans = ARENA_ARRAY(c->arena, struct ban, rows.count);
	s.ban_count = rows.count;
	for (size_t i = 0; i < rows.count; i++)
		s.bans[i] = (struct ban){ rows_int(&rows, i, 0), rows_int(&rows, i, 1) };
	if (s.ban_count > 0)
		qsort(s.bans, s.ban_count, sizeof(*s.bans), compare_bans);
	*out = s;
	return true;
}

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

static bool same_target(const struct link *a, const struct link *b)
{
	return str_eq(a->url, b->url) && str_eq(a->utm_source, b->utm_source)
	       && str_eq(a->utm_medium, b->utm_medium) && str_eq(a->utm_campaign, b->utm_campaign);
}

static bool prepare(struct ctx *c, const struct link *l, struct shared *s)
{
	struct utm utm = { .of = { [UTM_SOURCE] = l->utm_source,
		                   [UTM_MEDIUM] = l->utm_medium,
		                   [UTM_CAMPAIGN] = l->utm_campaign } };

	if (s->prepared.n > 0 && same_target(l, &s->target))
		return true;
	s->target = *l;
	return target_prepare(c, "url", l->url, &utm, &s->prepared);
}

static bool make_entry(struct ctx *c, const struct link *l, struct shared *s,
                       struct link_entry *out)
{
	if (!prepare(c, l, s) || !cookie_days(c, l->campaign_id, s))
		return false;
	*out = (struct link_entry){
		.org_id = c->org_id,
		.link_id = l->id,
		.partner_id = l->partner_id,
		.campaign_id = l->campaign_id,
		.host = s->host,
		.slug = l->slug,
		.url = s->prepared,
		.cookie_days = s->cookie_days,
		.flags = is_banned(s, l->partner_id, l->campaign_id) ? LINK_SUSPENDED : 0,
	};
	return true;
}

bool link_entry_of(struct ctx *c, const struct link *link, struct link_entry *out)
{
	struct shared s;

	return shared_get(c, link->partner_id, &s)
	    && make_entry(c, link, &s, out);
}

#define PAGE 5000

/* Read by position, which matters with a million rows. */
static const struct sql SQL_PAGE = {
	.text = "SELECT id, partner_id, campaign_id, slug, url, utm_source, utm_medium, utm_campaign,"
	        " status FROM link WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT 5000",
};

static struct link row_link(const struct val *v)
{
	return (struct link){
		.id = v[0].i,
		.partner_id = v[1].i,
		.campaign_id = v[2].i,
		.slug = v[3].s,
		.url = v[4].s,
		.utm_source = v[5].s,
		.utm_medium = v[6].s,
		.utm_campaign = v[7].s,
		.status = v[8].i,
	};
}

/* One page of links into the table; *after moves on, and is 0 after the last page. */
static bool load_page(struct ctx *c, struct shared *s, int64_t *after)
{
	struct link_table *table = click_links(app_of(c)->clicks);
	struct link_entry e;
	struct rows rows;

	s->prepared = STR(""); /* went with the arena of the page before */
	if (!db_query(c, &SQL_PAGE, ARGS(val_int(*after)), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		struct link link = row_link(&rows.vals[i * rows.column_count]);

		*after = link.id;
		if (link.status != LINK_ACTIVE)
			continue;
		if (!make_entry(c, &link, s, &e))
			return false;
		link_table_confirm(table, &e);
	}
	if (rows.count < PAGE)
		*after = 0;
	return true;
}

bool link_load_all(struct ctx *c)
{
	struct scratch *page = scratch_new(c);
	struct shared s;
	int64_t after = 0;
	bool ok;

	if (!shared_get(c, 0, &s))
		return false;
	do {
		scratch_enter(c, page);
		ok = load_page(c, &s, &after);
		scratch_leave(c, page);
	} while (ok && after != 0);
	return ok;
}

static const struct sql SQL_OF_PARTNER = {
	.text = "SELECT @columns FROM link WHERE org_id = $1 AND partner_id = $2",
	.model = &link_model,
};

bool link_refresh_partner(struct ctx *c, int64_t partner_id)
{
	struct link_entry e;
	struct shared s;
	struct list list;

	if (!shared_get(c, partner_id, &s)
	    || !db_list(c, &SQL_OF_PARTNER, ARGS(val_int(partner_id)), sizeof(struct link), &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct link *link = (const struct link *)list.items + i;

		if (link->status != LINK_ACTIVE)
			continue;
		if (!make_entry(c, link, &s, &e))
			return false;
		link_publish(c, &e);
	}
	return true;
}

const struct sql *const link_load_sql[] = {
	&SQL_HOST, &SQL_BANS, &SQL_BANS_OF, &SQL_PAGE, &SQL_OF_PARTNER, NULL,
};
