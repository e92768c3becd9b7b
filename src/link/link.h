/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "base/ctx.h"
#include "base/field.h"
#include "click/link_table.h"
#include "db/db.h"

/*
 * Links: what a partner shares. GET /slug on the tracking host leads to the url.
 *
 * A slug is unique within the organisation and on its tracking host, never
 * changes and is never given to another link. A new link answers clicks once its
 * transaction has been committed: it is put into the link table after that.
 * Disabled links are kept, for what they earned.
 */

enum link_status { LINK_ACTIVE, LINK_DISABLED };

extern const char *const link_status_names[];

struct link {
	int64_t id;
	int64_t partner_id;
	int64_t campaign_id;
	struct str slug;       /* "" when creating: a random one */
	struct str url;        /* http or https; "" when creating: the campaign's */
	struct str utm_source; /* added to the url unless it has its own */
	struct str utm_medium;
	struct str utm_campaign;
	struct str reward;     /* a reward as in the terms document that beats all others, or "" */
	int64_t status;
	struct str metadata; /* data/metadata.h */
	int64_t created_at;
};

extern const struct model link_model;
extern const struct sql *const link_sql[];
extern const struct sql *const link_load_sql[];

bool link_get(struct ctx *c, int64_t id, struct link *out); /* ERR_NOT_FOUND on "id" */
bool link_find_slug(struct ctx *c, struct str slug, struct link *out, bool *out_found);

/* The parameters of an address that a visitor came by; "" is not told. */
struct link_utm {
	struct str source, medium, campaign;
};

/*
 * The active link with this source whose medium and campaign, where it has them, are those told;
 * letter case does not matter. Of several the one that has more of the two, then the oldest.
 * *out_partners: 0, there is none; 1, *out is it; 2, it could be one partner's or another's.
 */
bool link_find_utm(struct ctx *c, const struct link_utm *told, struct link *out,
                   int64_t *out_partners);

/*
 * Store a new link; sets id, slug, url and the rest. ERR_CONFLICT on "slug" if it is taken;
 * ERR_INVALID on "partner", "campaign", "slug", "url", "reward"; ERR_STATE if the partner may
 * not share links in the campaign.
 */
bool link_create(struct ctx *c, struct link *link);

/* Store url, utm, reward and status. */
bool link_update(struct ctx *c, const struct link *before, const struct link *after);

/* "https://go.example.com/slug", in c->arena. */
bool link_short_url(struct ctx *c, struct str slug, struct str *out);

/* The link as the link table has it; host and url in c->arena. */
bool link_entry_of(struct ctx *c, const struct link *link, struct link_entry *out);

/* Put all active links of the organisation in c->org_id into the link table; at start. */
bool link_load_all(struct ctx *c);

/* After a decision about a partner: put its links into the link table anew, after the commit. */
bool link_refresh_partner(struct ctx *c, int64_t partner_id);

/* True for words that are a page's or call's first path segment, in lower case. */
bool link_slug_reserved(struct str slug);

#endif
