/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_cache.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_version.h"

#include <pthread.h>
#include <stdlib.h>

#define BUCKETS 1024

/* One compiled version. It goes when it is out of the table and nobody has it pinned. */
struct entry {
	int64_t org_id, terms_id;
	int64_t version;
	int64_t pins;
	bool listed;
	struct terms terms;
	struct arena arena;      /* of terms */
	struct entry *chain;     /* of the bucket */
	struct entry *newer, *older;
};

static struct {
	pthread_mutex_t mutex;
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest; /* by last use */
	size_t count;
} cache = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct entry **bucket(int64_t org_id, int64_t terms_id)
{
	uint64_t h = ((uint64_t)terms_id ^ (uint64_t)org_id * 31) * 0x9E3779B97F4A7C15ULL;

	return &cache.buckets[h >> 54];
}

static void entry_free(struct entry *e)
{
	arena_release(&e->arena);
	free(e);
}

static void unlink_use(struct entry *e)
{
	*(e->newer ? &e->newer->older : &cache.newest) = e->older;
	*(e->older ? &e->older->newer : &cache.oldest) = e->newer;
	e->newer = e->older = NULL;
}

static void link_newest(struct entry *e)
{
	e->older = cache.newest;
	*(cache.newest ? &cache.newest->newer : &cache.oldest) = e;
	cache.newest = e;
}

/* Take an entry out of the table; the mutex is held. */
static void drop(struct entry *e)
{
	struct entry **at = bucket(e->org_id, e->terms_id);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	unlink_use(e);
	e->listed = false;
	cache.count--;
	if (e->pins == 0)
		entry_free(e);
}

static struct entry *find(int64_t org_id, int64_t terms_id)
{
	struct entry *e = *bucket(org_id, terms_id);

	while (e && !(e->terms_id == terms_id && e->org_id == org_id))
		e = e->chain;
	return e;
}

static void unpin(void *arg)
{
	struct entry *e = arg;

	pthread_mutex_lock(&cache.mutex);
	e->pins--;
	if (e->pins == 0 && !e->listed)
		entry_free(e);
	pthread_mutex_unlock(&cache.mutex);
}

/* The entry, pinned until the arena of c ends, or NULL. */
static struct entry *take(struct ctx *c, int64_t terms_id)
{
	pthread_mutex_lock(&cache.mutex);
	struct entry *e = find(c->org_id, terms_id);

	if (e) {
		e->pins++;
		unlink_use(e);
		link_newest(e);
	}
	pthread_mutex_unlock(&cache.mutex);
	if (e)
		arena_defer(c->arena, unpin, e);
	return e;
}

/* Put a compiled version into the table, unless another thread was faster. */
static void put(struct entry *e)
{
	pthread_mutex_lock(&cache.mutex);
	if (find(e->org_id, e->terms_id)) {
		entry_free(e);
	} else {
		struct entry **at = bucket(e->org_id, e->terms_id);

		e->chain = *at;
		*at = e;
		e->listed = true;
		link_newest(e);
		cache.count++;
		if (cache.count > TERMS_CACHE_MAX)
			drop(cache.oldest);
	}
	pthread_mutex_unlock(&cache.mutex);
}

/* Compile into memory of its own; what a request needs meanwhile is its own as well. */
static bool compile(struct ctx *c, int64_t terms_id)
{
	struct terms_version v;
	struct campaign campaign;
	struct entry *e;

	if (!terms_get_id(c, terms_id, &v) || !campaign_get(c, v.campaign_id, &campaign))
		return false;
	e = calloc(1, sizeof(*e));
	CHECK(e);
	arena_init(&e->arena);

	struct ctx inner = { .arena = &e->arena, .now_ms = c->now_ms };

	if (!terms_doc_stored(&inner, v.document, currency_find(campaign.currency), &e->terms)) {
		c->err = inner.err;
		entry_free(e);
		return false;
	}
	e->org_id = c->org_id;
	e->terms_id = e->terms.id = terms_id;
	e->version = v.version;
	put(e);
	return true;
}

/* A put entry can be dropped before it is taken only when thousands of others came in between. */
static bool get(struct ctx *c, int64_t terms_id, struct entry **out)
{
	*out = take(c, terms_id);
	while (!*out) {
		if (!compile(c, terms_id))
			return false;
		*out = take(c, terms_id);
	}
	return true;
}

bool terms_compiled(struct ctx *c, int64_t terms_id, const struct terms **out)
{
	struct entry *e;

	if (!get(c, terms_id, &e))
		return false;
	*out = &e->terms;
	return true;
}

/* As terms_at, without the document, which is here already; and when the next version begins. */
static const struct sql SQL_AT = {
	.text = "SELECT id, effective_at, (SELECT MIN(later.effective_at) FROM terms AS later"
	        " WHERE later.org_id = $1 AND later.campaign_id = $2 AND later.effective_at > $3)"
	        " AS until FROM terms WHERE org_id = $1 AND campaign_id = $2 AND effective_at <= $3"
	        " ORDER BY version DESC LIMIT 1",
};

/* Which version this thread found in force, and from when to when it is. */
struct span {
	int64_t serial; /* db_serial; another one: it has to be read */
	int64_t campaign_id, terms_id, from_ms, until_ms;
};

static _Thread_local struct span spans[16];

static bool look(struct ctx *c, struct span *s, int64_t campaign_id, int64_t at_ms)
{
	struct terms_version first;
	struct rows r;

	if (!db_query(c, &SQL_AT, ARGS(val_int(campaign_id), val_int(at_ms)), &r))
		return false;
	s->serial = 0;
	s->campaign_id = campaign_id;
	if (r.count == 0) {
		if (!terms_get(c, campaign_id, 1, &first))
			return false;
		s->terms_id = first.id;
		return true;
	}
	s->terms_id = rows_int(&r, 0, 0);
	s->from_ms = rows_int(&r, 0, 1);
	s->until_ms = rows_val(&r, 0, 2).type == VAL_INT ? rows_int(&r, 0, 2) : INT64_MAX;
	s->serial = db_serial(c);
	return true;
}

bool terms_in_force(struct ctx *c, int64_t campaign_id, int64_t at_ms, struct terms_in_force *out)
{
	struct span *s = &spans[(uint64_t)campaign_id % LEN(spans)];
	struct entry *e;
	bool known = s->serial == db_serial(c) && s->campaign_id == campaign_id
	          && at_ms >= s->from_ms && at_ms < s->until_ms;

	if ((!known && !look(c, s, campaign_id, at_ms)) || !get(c, s->terms_id, &e))
		return false;
	*out = (struct terms_in_force){ e->terms_id, e->version, &e->terms };
	return true;
}

static const struct sql SQL_ALL = {
	.text = "SELECT id FROM terms WHERE org_id = $1 AND campaign_id = $2 ORDER BY version",
};

bool terms_any(struct ctx *c, int64_t campaign_id, bool (*is)(const struct terms *t), bool *out)
{
	const struct terms *terms;
	struct rows r;

	*out = false;
	if (!db_query(c, &SQL_ALL, ARGS(val_int(campaign_id)), &r))
		return false;
	for (size_t i = 0; i < r.count && !*out; i++) {
		if (!terms_compiled(c, rows_int(&r, i, 0), &terms))
			return false;
		*out = is(terms);
	}
	return true;
}

void terms_cache_release(void)
{
	pthread_mutex_lock(&cache.mutex);
	while (cache.oldest)
		drop(cache.oldest);
	pthread_mutex_unlock(&cache.mutex);
}

const struct sql *const terms_cache_sql[] = { &SQL_AT, &SQL_ALL, NULL };
