/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"
#include "app.h"
#include "base/check.h"

#include <stdlib.h>

#define ROWS 16384
#define RATES 16384

static const struct field session_fields[] = {
	FIELD(struct session_known, id, .flags = OUT),
	FIELD(struct session_known, user_id, .flags = OUT),
	FIELD(struct session_known, name, .flags = OUT),
	FIELD(struct session_known, seen_at, .flags = OUT),
	FIELD(struct session_known, expires_at, .flags = OUT),
	FIELD(struct session_known, disabled, .flags = OUT),
};

static const struct model session_known_model = CONTROL_MODEL("session", session_fields);

static const struct sql SQL_SESSION = {
	.text = "SELECT s.id, s.user_id, u.name, s.seen_at, s.expires_at, u.disabled"
	        " FROM session s JOIN app_user u ON u.id = s.user_id"
	        " WHERE s.token_hash = $1",
	.model = &session_known_model, .control = true, .global = true,
};

const struct sql *const access_sql[] = { &SQL_SESSION, NULL };

struct access *access_new(const struct access_config *config)
{
	struct access *a = calloc(1, sizeof(*a));

	CHECK(a != NULL);
	a->cache = cache_new(config->rows ? config->rows : ROWS, config->max_age_ms);
	a->keys = rate_new(RATES);
	a->failures = rate_new(RATES);
	a->seen = rate_new(RATES);
	return a;
}

void access_free(struct access *a)
{
	if (!a)
		return;
	cache_free(a->cache);
	rate_free(a->keys);
	rate_free(a->failures);
	rate_free(a->seen);
	free(a);
}

static void forget(struct ctx *c, void *arg)
{
	cache_forget(app_of(c)->access->cache, *(enum cache_kind *)arg);
}

void access_changed(struct ctx *c, enum cache_kind kind)
{
	enum cache_kind *arg;

	if (!app_of(c) || !app_of(c)->access)
		return;
	arg = ARENA_NEW(c->arena, enum cache_kind);
	*arg = kind;
	ctx_after_commit(c, forget, arg);
}

bool access_tells_apart(struct str ip)
{
	return ip.n > 0 && !str_starts(ip, "127.") && !str_is(ip, "::1")
	    && !str_starts(ip, "::ffff:127.");
}

static struct cache_name org_name(const int64_t *id)
{
	return (struct cache_name){ CACHE_ORG, { (const char *)id, sizeof(*id) } };
}

bool access_org(struct access *a, struct arena *arena, int64_t id, struct org *out)
{
	return cache_get(a->cache, org_name(&id), arena, &org_model, out);
}

/*
 * One look for facts: with c into the control data for what memory does not have, else memory only.
 */
struct look {
	struct access *access;
	struct arena *arena;
	struct ctx *c;
	const struct ask *ask;
};

static void keep(const struct look *l, struct cache_name name, const struct model *m,
                 const void *row)
{
	cache_put(l->access->cache, name, &l->ask->at, m, row);
}

static bool find_key(const struct look *l, struct facts *f)
{
	struct cache_name name = { CACHE_KEY, l->ask->hash };

	if (l->ask->hash.n == 0)
		return true;
	f->key_found = cache_get(l->access->cache, name, l->arena, &key_known_model, &f->key);
	if (f->key_found)
		return true;
	if (!l->c || !key_find_hash(l->c, l->ask->hash, &f->key, &f->key_found))
		return false;
	if (f->key_found)
		keep(l, name, &key_known_model, &f->key);
	return true;
}

/* A key from where it may not be used is none, to whoever sends it. */
static bool look_key(const struct look *l, struct facts *f)
{
	if (!find_key(l, f))
		return false;
	f->key_stray = f->key_found && f->key.revoked_at == 0 && !key_allows(&f->key, l->ask->ip);
	f->key_found = f->key_found && !f->key_stray;
	return true;
}

static bool look_session(const struct look *l, struct facts *f)
{
	struct cache_name name = { CACHE_SESSION, l->ask->hash };

	if (l->ask->hash.n == 0)
		return true;
	f->session_found = cache_get(l->access->cache, name, l->arena, &session_known_model,
	                             &f->session);
	if (f->session_found)
		return true;
	if (!l->c || !db_find(l->c, &SQL_SESSION, ARGS(val_str(l->ask->hash)), &f->session,
	                      &f->session_found))
		return false;
	if (f->session_found)
		keep(l, name, &session_known_model, &f->session);
	return true;
}

static bool look_org_id(const struct look *l, int64_t id, struct facts *f)
{
	f->org_found = access_org(l->access, l->arena, id, &f->org);
	if (f->org_found)
		return true;
	if (!l->c)
		return false;
	f->org_found = db_get_id(l->c, &org_model, id, &f->org);
	if (f->org_found)
		keep(l, org_name(&id), &org_model, &f->org);
	else if (l->c->err.code != ERR_NOT_FOUND)
		return false;
	fail_clear(l->c);
	return true;
}

/* Kept under its slug and under its id, for org_get. */
static bool look_org_slug(const struct look *l, struct str slug, struct facts *f)
{
	struct cache_name name = { CACHE_ORG, slug };

	if (org_check_slug(slug))
		return true;
	f->org_found = cache_get(l->access->cache, name, l->arena, &org_model, &f->org);
	if (f->org_found)
		return true;
	if (!l->c || !org_find(l->c, slug, &f->org, &f->org_found))
		return false;
	if (!f->org_found)
		return true;
	keep(l, name, &org_model, &f->org);
	keep(l, org_name(&f->org.id), &org_model, &f->org);
	return true;
}

static bool look_org(const struct look *l, struct facts *f)
{
	int64_t id;

	if (l->ask->org.n == 0)
		return !f->key_found || look_org_id(l, f->key.org_id, f);
	if (id_parse(ID_ORG, l->ask->org, &id))
		return look_org_id(l, id, f);
	return look_org_slug(l, l->ask->org, f);
}

static bool look_standing(const struct look *l, struct facts *f)
{
	int64_t ids[3] = { f->org.id, f->session.user_id, l->ask->partner_id };
	struct member who = { .org_id = ids[0], .user_id = ids[1], .partner_id = ids[2] };
	struct cache_name name = { CACHE_MEMBER, { (const char *)ids, sizeof(ids) } };

	if (!f->session_found || !f->org_found)
		return true;
	if (cache_get(l->access->cache, name, l->arena, &standing_in_model, &f->standing))
		return true;
	if (!l->c || !member_standing_as(l->c, &who, &f->standing))
		return false;
	keep(l, name, &standing_in_model, &f->standing);
	return true;
}

static bool look(const struct look *l, struct facts *f)
{
	*f = (struct facts){ 0 };
	if (l->ask->by == ASK_KEY && !look_key(l, f))
		return false;
	if (l->ask->by == ASK_SESSION && !look_session(l, f))
		return false;
	return look_org(l, f) && look_standing(l, f);
}

bool access_find(struct access *a, struct arena *arena, const struct ask *ask, struct facts *out)
{
	struct look l = { a, arena, NULL, ask };

	return look(&l, out);
}

bool access_load(struct ctx *c, const struct ask *ask, struct facts *out)
{
	struct look l = { app_of(c)->access, c->arena, c, ask };

	return look(&l, out);
}
