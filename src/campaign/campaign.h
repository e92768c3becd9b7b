/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Campaigns: what a partner can join; one currency, one set of versioned terms.
 *
 * A campaign's slug and currency never change, and campaigns are closed, never
 * deleted: commissions refer to them for ever. Every campaign has at least one
 * version of terms, made together with it (see terms_version.h).
 *
 * Strings in a struct campaign live in the arena of the call that filled it.
 */

enum campaign_status {
	CAMPAIGN_ACTIVE,
	CAMPAIGN_PAUSED, /* nobody can join; what was referred goes on earning */
	CAMPAIGN_CLOSED, /* nobody can join; what happens from then on earns nothing */
};

extern const char *const campaign_status_names[];

struct campaign {
	int64_t id;
	struct str slug;       /* unique within the organisation */
	struct str name;
	struct str currency;   /* of tiers, caps and fixed rewards that name none */
	struct str url;        /* where links go that name no destination */
	int64_t status;
	bool review;           /* a person approves each partner */
	int64_t terms_version; /* the latest published */
	struct str metadata; /* data/metadata.h */
	int64_t created_at;
	int64_t closed_at;     /* 0: it is not */
};

/* What POST /campaigns takes. */
struct campaign_new {
	struct str name, slug, currency, url;
	bool review;
	struct str metadata;
	struct str terms; /* a terms document */
};

extern const struct model campaign_model;
extern const struct model campaign_new_model;
extern const struct sql *const campaign_sql[];

/* ERR_NOT_FOUND on "id" if this organisation has no such campaign. */
bool campaign_get(struct ctx *c, int64_t id, struct campaign *out);

/* The same, but ERR_INVALID on `field`: for a campaign named in a body. */
bool campaign_named(struct ctx *c, const char *field, int64_t id, struct campaign *out);

bool campaign_find_slug(struct ctx *c, struct str slug, struct campaign *out, bool *out_found);

/*
 * Store a new campaign and version 1 of its terms; sets id, status and the rest.
 * ERR_CONFLICT on "slug"; ERR_INVALID under "terms" for a document that is refused.
 */
bool campaign_create(struct ctx *c, struct campaign *campaign, struct str terms);

/* Store name, url, status and review. A closed campaign cannot be opened again (ERR_STATE). */
bool campaign_update(struct ctx *c, struct campaign *campaign);

/* The first with this id or a later one. */
bool campaign_next(struct ctx *c, int64_t from_id, struct campaign *out, bool *out_found);

#endif
