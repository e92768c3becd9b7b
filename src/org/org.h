/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_ORG_H
#define ORG_ORG_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Organisations: one client brand each, the tenant. The row is control data; what
 * the organisation does is in its own data, which is made together with the row.
 *
 * The slug is part of addresses: 2 to 40 of a-z 0-9 and "-", unique, never changed.
 * currency is the home currency of reports, timezone decides where its days, months
 * and tier periods begin. tracking_host "" means the shared host of all (tracking.h). payer: whose
 * money partners are paid with.
 *
 * A sandbox is an organisation to try things in: everything works, nothing is real money. Its API
 * keys, its payout files and the events it takes from Stripe are others than a real one's, so
 * that neither is mistaken for the other. It is one from the start or never.
 */

enum org_status { ORG_ACTIVE, ORG_SUSPENDED };
enum org_payer { PAYER_CLIENT, PAYER_AGENCY };

extern const char *const org_status_names[];
extern const char *const org_payer_names[];

struct org {
	int64_t id;
	int64_t workspace_id; /* 0: none */
	struct str slug;
	struct str name;
	struct str currency;
	struct str timezone;
	int64_t status;
	struct str tracking_host;
	int64_t payer;
	bool sandbox;
	int64_t created_at;
};

extern const struct model org_model;
extern const struct sql *const org_sql[];

/*
 * Make an organisation with its data; sets id (unless it has one) and created_at. Needs a
 * CONTROL_WRITE task. ERR_INVALID on "slug", "name", "currency", "timezone"; ERR_CONFLICT on
 * "slug".
 */
bool org_create(struct ctx *c, struct org *o);

/*
 * The organisation of an id; ERR_NOT_FOUND. Asks memory first when the server runs, so it may be
 * called anywhere, also on hot paths; needs c->control only for what memory does not know.
 */
bool org_get(struct ctx *c, int64_t id, struct org *out);

/* Is c->org_id a sandbox? As org_get. */
bool org_is_sandbox(struct ctx *c, bool *out);

/* By slug or by the text of an id ("org_…"), from the control data. */
bool org_find(struct ctx *c, struct str slug_or_id, struct org *out, bool *out_found);

/* The same, but ERR_NOT_FOUND on `field`. */
bool org_named(struct ctx *c, const char *field, struct str slug_or_id, struct org *out);

/* name, timezone, status, tracking_host, payer, workspace_id. */
bool org_update(struct ctx *c, const struct org *o);

/* All organisations, or those of one user (own rows and workspaces), by name. */
bool org_list(struct ctx *c, struct list *out);
bool org_list_user(struct ctx *c, int64_t user_id, struct list *out);

/* NULL, or what is wrong with a slug or a time zone. */
const char *org_check_slug(struct str slug);
const char *org_check_timezone(struct str name);

#endif
