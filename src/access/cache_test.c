/* SPDX-License-Identifier: Apache-2.0 */
#include "access/cache.h"
#include "unit.h"

#include <unistd.h>

struct thing {
	int64_t id;
	struct str name;
	bool good;
};

static const struct field fields[] = {
	FIELD(struct thing, id, .flags = OUT),
	FIELD(struct thing, name, .flags = OUT),
	FIELD(struct thing, good, .flags = OUT),
};

static const struct model thing_model = MODEL("thing", fields);

static struct cache_name named(enum cache_kind kind, const char *name)
{
	return (struct cache_name){ kind, str_from(name) };
}

static void put(struct cache *k, struct cache_name name, int64_t id)
{
	struct thing t = { .id = id, .name = STR("a name"), .good = true };
	struct cache_moment now = cache_now(k);

	cache_put(k, name, &now, &thing_model, &t);
}

static int64_t got(struct ctx *c, struct cache *k, struct cache_name name)
{
	struct thing t = { 0 };

	return cache_get(k, name, c->arena, &thing_model, &t) ? t.id : 0;
}

TEST(a_row_comes_back_as_it_was_kept)
{
	struct cache *k = cache_new(100, 0);
	struct thing t = { 0 };

	put(k, named(CACHE_KEY, "one"), 7);
	OK(cache_get(k, named(CACHE_KEY, "one"), c->arena, &thing_model, &t));
	EQ(t.id, 7);
	EQ(t.good, true);
	EQ_STR(t.name, "a name");
	EQ(got(c, k, named(CACHE_KEY, "two")), 0);
	EQ(got(c, k, named(CACHE_ORG, "one")), 0);
	EQ(cache_stats(k).hits, 1);
	EQ(cache_stats(k).misses, 2);
	cache_free(k);
}

TEST(a_kind_is_forgotten_as_a_whole)
{
	struct cache *k = cache_new(100, 0);

	put(k, named(CACHE_KEY, "one"), 7);
	put(k, named(CACHE_ORG, "one"), 8);
	cache_forget(k, CACHE_KEY);
	EQ(got(c, k, named(CACHE_KEY, "one")), 0);
	EQ(got(c, k, named(CACHE_ORG, "one")), 8);
	put(k, named(CACHE_KEY, "one"), 9);
	EQ(got(c, k, named(CACHE_KEY, "one")), 9);
	cache_free(k);
}

TEST(a_row_that_was_read_before_a_change_is_never_found_after_it)
{
	struct cache *k = cache_new(100, 0);
	struct cache_moment before = cache_now(k);
	struct thing t = { .id = 1, .name = STR("stale") };

	cache_forget(k, CACHE_KEY);
	cache_put(k, named(CACHE_KEY, "one"), &before, &thing_model, &t);
	EQ(got(c, k, named(CACHE_KEY, "one")), 0);
	cache_free(k);
}

TEST(rows_age_where_other_servers_may_change_them)
{
	struct cache *k = cache_new(100, 20);

	put(k, named(CACHE_KEY, "one"), 7);
	EQ(got(c, k, named(CACHE_KEY, "one")), 7);
	usleep(40000);
	EQ(got(c, k, named(CACHE_KEY, "one")), 0);
	cache_free(k);
}

TEST(the_cache_keeps_its_size_and_the_latest_rows)
{
	struct cache *k = cache_new(64, 0);
	char name[24];

	for (int64_t i = 1; i <= 10000; i++) {
		snprintf(name, sizeof(name), "row %lld", (long long)i);
		put(k, named(CACHE_KEY, name), i);
		EQ(got(c, k, named(CACHE_KEY, name)), i);
	}
	cache_free(k);
}

TEST(a_row_that_is_too_large_is_not_kept)
{
	struct cache *k = cache_new(64, 0);
	char *long_name = arena_alloc(c->arena, 9000);
	struct thing t = { .id = 1, .name = { long_name, 9000 } };
	struct cache_moment now = cache_now(k);

	cache_put(k, named(CACHE_KEY, "one"), &now, &thing_model, &t);
	EQ(got(c, k, named(CACHE_KEY, "one")), 0);
	cache_free(k);
}
