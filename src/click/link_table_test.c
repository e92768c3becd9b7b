/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_table.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>

static struct link_entry entry(const char *host, const char *slug, int64_t org_id, int64_t link_id)
{
	return (struct link_entry){
		.org_id = org_id, .link_id = link_id, .partner_id = link_id + 1, .campaign_id = 7,
		.enrolment_id = 9, .host = str_from(host), .slug = str_from(slug),
		.url = STR("https://shop.example/x?utm_source=a"), .cookie_days = 90,
	};
}

static bool is_found(struct link_table *t, const char *host, const char *slug)
{
	struct link_entry e;
	struct link_pin pin = link_table_pin(t);
	bool found = link_table_find(t, str_from(host), str_from(slug), &e);

	link_table_unpin(pin);
	return found;
}

static int64_t found_id(struct link_table *t, const char *host, const char *slug)
{
	struct link_entry e = { 0 };
	struct link_pin pin = link_table_pin(t);

	link_table_find(t, str_from(host), str_from(slug), &e);
	link_table_unpin(pin);
	return e.link_id;
}

TEST(a_link_is_found_with_all_it_was_added_with)
{
	struct link_table *t = link_table_new(0);
	struct link_entry e = entry("", "Summer_24-x", 3, 44), got;

	e.flags = LINK_SUSPENDED;
	OK(link_table_add(t, &e));
	struct link_pin pin = link_table_pin(t);

	OK(link_table_find(t, STR(""), STR("Summer_24-x"), &got));
	EQ(got.org_id, 3);
	EQ(got.link_id, 44);
	EQ(got.partner_id, 45);
	EQ(got.campaign_id, 7);
	EQ(got.enrolment_id, 9);
	EQ(got.cookie_days, 90);
	EQ(got.flags, LINK_SUSPENDED);
	OK(str_eq(got.url, e.url));
	OK(str_eq(got.slug, e.slug));
	link_table_unpin(pin);
	link_table_free(t);
}

TEST(slugs_are_compared_with_case_and_unknown_ones_are_not_found)
{
	struct link_table *t = link_table_new(0);
	struct link_entry e = entry("", "abc", 1, 2);

	OK(link_table_add(t, &e));
	OK(is_found(t, "", "abc"));
	NO(is_found(t, "", "Abc"));
	NO(is_found(t, "", "ab"));
	NO(is_found(t, "", ""));
	NO(is_found(t, "", "abcd"));
	link_table_free(t);
}

TEST(malformed_names_are_refused)
{
	static const char *const bad[] = { "", "a b", "a/b", "\xc3\xa4", "a.b", "a%20" };
	struct link_table *t = link_table_new(0);
	char longest[LINK_SLUG_MAX + 2] = { 0 };

	for (size_t i = 0; i < LEN(bad); i++) {
		struct link_entry e = entry("", bad[i], 1, 2);

		NO(link_table_add(t, &e));
		NO(link_table_reserve(t, &e));
	}
	memset(longest, 'a', LINK_SLUG_MAX);
	struct link_entry e = entry("", longest, 1, 2);

	OK(link_table_add(t, &e));
	longest[LINK_SLUG_MAX] = 'a';
	e.slug = str_from(longest);
	NO(link_table_add(t, &e));
	e = entry("Go.Example", "a", 1, 2);
	NO(link_table_add(t, &e));
	e = entry("go.example", "a", 1, 2);
	e.cookie_days = 65536;
	NO(link_table_add(t, &e));
	link_table_free(t);
}

TEST(a_slug_belongs_to_one_link_only)
{
	struct link_table *t = link_table_new(0);
	struct link_entry first = entry("", "abc", 1, 2), other = entry("", "abc", 1, 3);
	struct link_entry same_id_elsewhere = entry("", "abc", 9, 2);

	OK(link_table_reserve(t, &first));
	OK(link_table_reserve(t, &first));
	NO(link_table_reserve(t, &other));
	NO(link_table_reserve(t, &same_id_elsewhere));
	NO(is_found(t, "", "abc"));
	OK(link_table_add(t, &first));
	OK(is_found(t, "", "abc"));
	NO(link_table_add(t, &other));
	OK(link_table_reserve(t, &first));
	EQ(found_id(t, "", "abc"), 2);
	link_table_free(t);
}

TEST(a_released_slug_is_free_but_an_added_one_is_not_released)
{
	struct link_table *t = link_table_new(0);
	struct link_entry first = entry("", "abc", 1, 2), other = entry("", "abc", 1, 3);

	OK(link_table_reserve(t, &first));
	link_table_release(t, &other);
	NO(link_table_reserve(t, &other));
	link_table_release(t, &first);
	OK(link_table_reserve(t, &other));
	OK(link_table_add(t, &other));
	link_table_release(t, &other);
	EQ(found_id(t, "", "abc"), 3);
	NO(link_table_remove(t, &first));
	OK(link_table_remove(t, &other));
	NO(is_found(t, "", "abc"));
	EQ(link_table_stats(t).links, 0);
	link_table_free(t);
}

TEST(under_an_own_host_only_its_links_exist)
{
	struct link_table *t = link_table_new(0);
	struct link_entry shared = entry("", "abc", 1, 2);
	struct link_entry own = entry("go.acme.example", "abc", 5, 6);

	OK(link_table_add(t, &shared));
	EQ(found_id(t, "go.acme.example", "abc"), 2);
	OK(link_table_add(t, &own));
	EQ(found_id(t, "go.acme.example", "abc"), 6);
	EQ(found_id(t, "go.other.example", "abc"), 2);
	EQ(found_id(t, "", "abc"), 2);
	shared.slug = STR("xyz");
	OK(link_table_add(t, &shared));
	NO(is_found(t, "go.acme.example", "xyz"));
	OK(is_found(t, "", "xyz"));
	EQ(link_table_stats(t).links, 3);
	link_table_free(t);
}

TEST(the_table_grows_and_gives_memory_back)
{
	struct link_table *t = link_table_new(10);
	char slug[24];

	for (int round = 0; round < 20; round++)
		for (int i = 0; i < 20000; i++) {
			snprintf(slug, sizeof(slug), "s%d", i);
			struct link_entry e = entry("", slug, 1, i + 1);

			e.cookie_days = round;
			OK(link_table_add(t, &e));
		}
	for (int i = 0; i < 20000; i++) {
		snprintf(slug, sizeof(slug), "s%d", i);
		EQ(found_id(t, "", slug), i + 1);
	}
	struct link_table_stats s = link_table_stats(t);

	EQ(s.links, 20000);
	OK(s.bytes < 20 << 20);
	for (int i = 0; i < 20000; i++) {
		snprintf(slug, sizeof(slug), "s%d", i);
		struct link_entry e = entry("", slug, 1, i + 1);

		OK(link_table_remove(t, &e));
	}
	s = link_table_stats(t);
	EQ(s.links, 0);
	OK(s.bytes < 4 << 20);
	link_table_free(t);
}

#define RACE_LINKS 3000
#define RACE_READERS 3

struct race {
	struct link_table *table;
	_Atomic bool stop;
	_Atomic int64_t finds, wrong;
};

/* Every link's URL repeats its id: a reader must never see a mixture. */
static void race_entry(struct link_entry *e, char text[64], int i, int version)
{
	int n = snprintf(text, 64, "r%d", i);
	int m = snprintf(text + 32, 32, "https://x/%d/%d", i, version);

	*e = (struct link_entry){ .org_id = 1, .link_id = i + 1, .slug = { text, (size_t)n },
	                          .url = { text + 32, (size_t)m }, .cookie_days = version % 50 };
}

static void *race_reader(void *arg)
{
	struct race *r = arg;
	unsigned seed = 1;

	while (!atomic_load(&r->stop)) {
		char text[64], want[32];
		struct link_entry e, got;
		int i = (int)((seed = seed * 1103515245u + 12345u) >> 8) % RACE_LINKS;

		race_entry(&e, text, i, 0);
		int n = snprintf(want, sizeof(want), "https://x/%d/", i);
		struct link_pin pin = link_table_pin(r->table);

		if (!link_table_find(r->table, e.host, e.slug, &got) || got.link_id != i + 1
		    || got.url.n < (size_t)n || memcmp(got.url.p, want, (size_t)n) != 0)
			atomic_fetch_add(&r->wrong, 1);
		link_table_unpin(pin);
		atomic_fetch_add(&r->finds, 1);
	}
	return NULL;
}

TEST(readers_see_the_old_or_the_new_link_while_it_changes)
{
	struct race r = { .table = link_table_new(10) };
	pthread_t readers[RACE_READERS];
	char text[64];
	struct link_entry e;

	for (int i = 0; i < RACE_LINKS; i++) {
		race_entry(&e, text, i, 0);
		OK(link_table_add(r.table, &e));
	}
	for (int i = 0; i < RACE_READERS; i++)
		EQ(pthread_create(&readers[i], NULL, race_reader, &r), 0);
	for (int version = 1; version < 60; version++)
		for (int i = 0; i < RACE_LINKS * 2; i++) {
			race_entry(&e, text, i, version);
			OK(link_table_add(r.table, &e));
			if (i >= RACE_LINKS)
				OK(link_table_remove(r.table, &e));
		}
	while (atomic_load(&r.finds) < 1000)
		;
	atomic_store(&r.stop, true);
	for (int i = 0; i < RACE_READERS; i++)
		pthread_join(readers[i], NULL);
	EQ(atomic_load(&r.wrong), 0);
	EQ(link_table_stats(r.table).links, RACE_LINKS);
	link_table_free(r.table);
}

struct contender {
	struct link_table *table;
	int64_t link_id;
	_Atomic int *won;
};

static void *contend(void *arg)
{
	struct contender *own = arg;

	for (int i = 0; i < 2000; i++) {
		char slug[24];

		snprintf(slug, sizeof(slug), "c%d", i);
		struct link_entry e = entry("", slug, 1, own->link_id);

		if (link_table_reserve(own->table, &e))
			atomic_fetch_add(&own->won[i], 1);
	}
	return NULL;
}

TEST(of_many_who_want_a_slug_one_gets_it)
{
	static _Atomic int won[2000];
	struct link_table *t = link_table_new(0);
	struct contender all[4];
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		all[i] = (struct contender){ t, i + 1, won };
		EQ(pthread_create(&threads[i], NULL, contend, &all[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 2000; i++)
		EQ(won[i], 1);
	link_table_free(t);
}
