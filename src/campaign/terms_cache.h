/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_CACHE_H
#define CAMPAIGN_TERMS_CACHE_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Compiled terms, kept in memory by version.
 *
 * Versions never change, so an entry is right for ever. Any thread may ask; what
 * it gets is pinned until its request's arena ends, even if the entry is dropped
 * meanwhile because more than TERMS_CACHE_MAX versions are in use (least recently
 * used first). One cache per process.
 */

#define TERMS_CACHE_MAX 4096

struct terms; /* rules/terms.h */

struct terms_in_force {
	int64_t id;
	int64_t version;
	const struct terms *terms; /* as long as c->arena */
};

/* The compiled version in force at a moment. As terms_at: ERR_NOT_FOUND. */
bool terms_in_force(struct ctx *c, int64_t campaign_id, int64_t at_ms, struct terms_in_force *out);

/* Is any version of a campaign's terms as the test wants? */
bool terms_any(struct ctx *c, int64_t campaign_id, bool (*is)(const struct terms *t), bool *out);

/* The compiled version with this id. ERR_NOT_FOUND. */
bool terms_compiled(struct ctx *c, int64_t terms_id, const struct terms **out);

/* Drop everything that is not pinned; at the end of the process and in tests. */
void terms_cache_release(void);

extern const struct sql *const terms_cache_sql[];

#endif
