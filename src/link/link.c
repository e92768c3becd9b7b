/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "app.h"
#include "base/check.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_sense.h"
#include "change/change.h"
#include "click/target.h"
#include "data/checks.h"
#include "data/json.h"
#include "link/link_publish.h"
#include "link/sharing.h"
#include "outbox/outbox.h"

#include <sodium.h>

#define SLUG_RANDOM 8 /* letters of a slug nobody chose */
#define SLUG_TRIES 8

const char *const link_status_names[] = {
	[LINK_ACTIVE] = "active", [LINK_DISABLED] = "disabled", NULL,
};

static const char *check_own_slug(struct str s)
{
	const char *wrong = check_slug(s);

	return wrong ? wrong : link_slug_reserved(s) ? "is a word that is used otherwise" : NULL;
}

static const struct field fields[] = {
	FIELD(struct link, id, .flags = OUT, .as = AS_ID, .id = ID_LINK),
	FIELD(struct link, partner_id, .json = "partner", .flags = IN | OUT | REQUIRED | FIXED,
	      .as = AS_ID, .id = ID_PARTNER),
	FIELD(struct link, campaign_id, .json = "campaign", .flags = IN | OUT | REQUIRED | FIXED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct link, slug, .flags = IN | OUT | UNIQUE | FIXED, .max = LINK_SLUG_MAX,
	      .check = check_own_slug),
	FIELD(struct link, url, .flags = IN | OUT, .max = 2000, .check = check_url),
	FIELD(struct link, utm_source, .flags = IN | OUT | NULLABLE, .max = 100),
	FIELD(struct link, utm_medium, .flags = IN | OUT | NULLABLE, .max = 100),
	FIELD(struct link, utm_campaign, .flags = IN | OUT | NULLABLE, .max = 100),
	FIELD(struct link, reward, .flags = IN | OUT | NULLABLE | MONEY_ONLY, .as = AS_JSON),
	FIELD(struct link, status, .flags = IN | OUT, .as = AS_ENUM, .names = link_status_names),
	FIELD(struct link, metadata, .flags = IN | OUT, .as = AS_METADATA),
	FIELD(struct link, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model link_model = MODEL("link", fields);

bool link_slug_reserved(struct str slug)
{
	static const char *const words[] = {
		"_assets", "about", "account", "admin", "api", "app", "apply", "assets", "audit", "auth",
		"c", "campaign", "campaigns", "dashboard", "demo", "docs", "favicon", "health",
		"healthz", "help", "home", "hooks", "in", "invite", "js", "legal", "live", "login",
		"logout", "metrics", "o", "oauth", "openapi", "org", "orgs", "p", "partner",
		"partners", "password", "portal", "privacy", "public", "ready", "readyz", "reset",
		"robots", "s", "settings", "sign-in", "sign-out", "sign-up", "signin", "signout",
		"signup", "static", "status", "terms", "track", "unsubscribe", "user", "users",
		"w", "webhooks", "well-known", "workspace", "workspaces",
	};

	for (size_t i = 0; i < LEN(words); i++)
		if (str_eq_nocase(slug, str_from(words[i])))
			return true;
	return false;
}

bool link_get(struct ctx *c, int64_t id, struct link *out)
{
	return db_get_id(c, &link_model, id, out)
	    && partner_visible(c, out->partner_id);
}

static const struct sql SQL_FIND_SLUG = {
	.text = "SELECT @columns FROM link WHERE org_id = $1 AND slug = $2",
	.model = &link_model,
};

bool link_find_slug(struct ctx *c, struct str slug, struct link *out, bool *out_found)
{
	return db_find(c, &SQL_FIND_SLUG, ARGS(val_str(slug)), out, out_found);
}

/* A partner's oldest link among those that say the same number of parameters. */
struct fit {
	int64_t id, partner_id;
	int64_t told;
};

static const struct field fit_fields[] = {
	FIELD(struct fit, id, .flags = 0),
	FIELD(struct fit, partner_id, .flags = 0),
	FIELD(struct fit, told, .flags = 0),
};

static const struct model fit_model = MODEL("link", fit_fields);

static const struct sql SQL_FIND_UTM = {
	.text = "SELECT MIN(id) AS id, partner_id, CAST(CASE WHEN utm_medium = '' THEN 0 ELSE 1 END"
	        " + CASE WHEN utm_campaign = '' THEN 0 ELSE 1 END AS BIGINT) AS told FROM link"
	        " WHERE org_id = $1 AND utm_source <> '' AND lower(utm_source) = lower($2)"
	        " AND lower(utm_medium) IN ('', lower($3))"
	        " AND lower(utm_campaign) IN ('', lower($4)) AND status = 0"
	        " GROUP BY partner_id, 3 ORDER BY 3 DESC, 1 LIMIT 2",
	.model = &fit_model,
};

_Static_assert(LINK_ACTIVE == 0, "the status in the statement");

bool link_find_utm(struct ctx *c, const struct link_utm *told, struct link *out,
                   int64_t *out_partners)
{
	const struct fit *best;
	struct list fits;

	*out_partners = 0;
	if (!db_list(c, &SQL_FIND_UTM,
	             ARGS(val_str(told->source), val_str(told->medium), val_str(told->campaign)),
	             sizeof(struct fit), &fits))
		return false;
	if (fits.count == 0)
		return true;
	best = fits.items;
	*out_partners = fits.count == 2 && best[0].told == best[1].told ? 2 : 1;
	return *out_partners == 2 || link_get(c, best[0].id, out);
}

static struct str random_slug(struct arena *a)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	char *p = arena_alloc(a, SLUG_RANDOM + 1);

	for (size_t i = 0; i < SLUG_RANDOM; i++)
		p[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	return (struct str){ p, SLUG_RANDOM };
}

/* Is b the same host as a, or below it? */
static bool host_within(struct str a, struct str b)
{
	if (b.n <= a.n)
		return str_eq(a, b);
	return b.p[b.n - a.n - 1] == '.' && str_eq(a, str_slice(b, b.n - a.n, a.n));
}

/* People of the organisation may lead anywhere; partners only to the campaign's own site. */
static bool check_target(struct ctx *c, const struct link *link, const struct campaign *campaign)
{
	struct str own = target_host(c->arena, campaign->url);

	if (c->actor.kind != ACTOR_PARTNER
	    || host_within(own, target_host(c->arena, link->url)))
		return true;
	return fail(c, ERR_INVALID, "url", "links of this campaign lead to %.*s", STR_ARG(own));
}

/* "recurring_months" is a member of the link's reward, by one of its two names. */
static bool blame_reward(struct ctx *c, struct str reward)
{
	struct err e = c->err;
	json_t *doc;

	if (strcmp(e.field, "recurring_months") != 0 || !json_read(c, reward, &doc))
		return false;
	fail_clear(c);
	return fail(c, e.code, json_object_get(doc, "recurringMonths") ? "reward/recurringMonths"
	                                                               : "reward/recurring_months",
	            "%s", e.msg);
}

/*
 * The reward in its one canonical form; "" stays "". One that the link has already may have been
 * overtaken by later terms, which is no reason to refuse another address.
 */
static bool check_reward(struct ctx *c, struct link *link, const struct campaign *campaign,
                         struct str had)
{
	const struct currency *cur = currency_find(campaign->currency);
	struct offer offer;
	struct buf b;

	if (link->reward.n == 0)
		return true;
	if (!offer_doc_parse(c, link->reward, cur, &offer))
		return fail_under(c, "reward");
	buf_init(&b, c->arena);
	offer_doc_print(&b, &offer, cur);
	if (!str_eq(buf_text(&b), had) && !terms_sense_offer_of(c, campaign->id, &offer))
		return blame_reward(c, link->reward);
	link->reward = buf_text(&b);
	return true;
}

/* Find a slug that nobody has, or hold the one that was chosen. */
static bool hold_slug(struct ctx *c, struct link *link, struct link_entry *e)
{
	bool chosen = link->slug.n > 0;

	for (int i = 0; i < (chosen ? 1 : SLUG_TRIES); i++) {
		struct link other;
		bool taken;

		if (!chosen)
			link->slug = random_slug(c->arena);
		if (!link_find_slug(c, link->slug, &other, &taken))
			return false;
		e->slug = link->slug;
		if (!taken && link_hold(c, e)) {
			link->id = e->link_id;
			return true;
		}
	}
	return fail(c, ERR_CONFLICT, "slug", "another link has this slug");
}

bool link_create(struct ctx *c, struct link *link)
{
	struct sharing s;
	struct link_entry e;

	if (!sharing_check(c, link->partner_id, link->campaign_id, &s))
		return false;
	if (link->url.n == 0)
		link->url = s.campaign.url;
	link->id = id_new();
	link->created_at = c->now_ms;
	return check_target(c, link, &s.campaign)
	    && check_reward(c, link, &s.campaign, STR(""))
	    && link_entry_of(c, link, &e)
	    && hold_slug(c, link, &e)
	    && db_insert(c, &link_model, link)
	    && (link_publish(c, &e), true)
	    && change_row(c, "link.create", &link_model, NULL, link)
	    && outbox_post(c, OUTBOX_LINK_CREATED, link->id);
}

bool link_update(struct ctx *c, const struct link *before, const struct link *after)
{
	struct link link = *after;
	struct campaign campaign;
	struct link_entry e;

	CHECK(before->id == after->id);
	if (!campaign_get(c, link.campaign_id, &campaign)
	    || !check_target(c, &link, &campaign)
	    || !check_reward(c, &link, &campaign, before->reward)
	    || !link_entry_of(c, &link, &e)
	    || !db_update(c, &link_model, &link))
		return false;
	if (link.status == LINK_ACTIVE)
		link_publish(c, &e);
	else
		link_unpublish(c, &e);
	return change_row(c, "link.update", &link_model, before, &link)
	    && outbox_post(c, OUTBOX_LINK_UPDATED, link.id);
}

const struct sql *const link_sql[] = { &SQL_FIND_SLUG, &SQL_FIND_UTM, NULL };
