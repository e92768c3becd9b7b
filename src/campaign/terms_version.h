/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_VERSION_H
#define CAMPAIGN_TERMS_VERSION_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Terms versions: the rules of a campaign as they were published.
 *
 * A published version never changes. Versions are numbered from 1 without gaps,
 * and a later version never takes effect before an earlier one. An event is judged
 * by the version in force when it happened; before the first version took effect,
 * the first one counts. A new version cannot reach back over events that have
 * been recorded, because those have been judged already.
 */

struct terms_version {
	int64_t id;
	int64_t campaign_id;
	int64_t version;
	int64_t effective_at;
	struct str document; /* the terms document, compact JSON */
	struct str created_by;
	int64_t created_at;
};

/* What POST /campaigns/:id/terms takes. */
struct terms_new {
	struct str terms;
	int64_t effective_at;
};

extern const struct model terms_model;
extern const struct model terms_new_model;
extern const struct sql *const terms_sql[];

/*
 * Publish the next version of a campaign's terms; effective_at 0 means now.
 * ERR_INVALID under "terms" for the document, on "effective_at" for a moment
 * that is before the latest version's or before an event of the campaign.
 */
bool terms_publish(struct ctx *c, int64_t campaign_id, struct str document, int64_t effective_at,
                   struct terms_version *out);

/* Version by number; ERR_NOT_FOUND. */
bool terms_get(struct ctx *c, int64_t campaign_id, int64_t version, struct terms_version *out);

/* By id; ERR_NOT_FOUND. */
bool terms_get_id(struct ctx *c, int64_t id, struct terms_version *out);

/* The newest versions with a number below `below`, at most `limit`: struct terms_version. */
bool terms_list(struct ctx *c, int64_t campaign_id, int64_t below, int64_t limit,
                struct list *out);

/* The version in force at a moment. ERR_NOT_FOUND if the campaign does not exist. */
bool terms_at(struct ctx *c, int64_t campaign_id, int64_t at_ms, struct terms_version *out);

#endif
