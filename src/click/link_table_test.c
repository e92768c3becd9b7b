/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_table.h"
#include "base/check.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

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

static void a_link_is_found_with_all_it_was_added_with(void **state)
{
	struct link_table *t = link_table_new(0);
	struct link_entry e = entry("", "Summer_24-x", 3, 44), got;

	(void)state;
	e.flags = LINK_SUSPENDED;
	assert_true(link_table_add(t, &e));
	struct link_pin pin = link_table_pin(t);

	assert_true(link_table_find(t, STR(""), STR("Summer_24-x"), &got));
	assert_int_equal(got.org_id, 3);
	assert_int_equal(got.link_id, 44);
	assert_int_equal(got.partner_id, 45);
	assert_int_equal(got.campaign_id, 7);
	assert_int_equal(got.enrolment_id, 9);
	assert_int_equal(got.cookie_days, 90);
	assert_int_equal(got.flags, LINK_SUSPENDED);
	assert_true(str_eq(got.url, e.url));
	assert_true(str_eq(got.slug, e.slug));
	link_table_unpin(pin);
	link_table_free(t);
}

static void slugs_are_compared_with_case_and_unknown_ones_are_not_found(void **state)
{
	struct link_table *t = link_table_new(0);
	struct link_entry e = entry("", "abc", 1, 2);

	(void)state;
	assert_true(link_table_add(t, &e));
	assert_true(is_found(t, "", "abc"));
	assert_false(is_found(t, "", "Abc"));
	assert_false(is_found(t, "", "ab"));
	assert_false(is_found(t, "", ""));
	assert_false(is_found(t, "", "abcd"));
	link_table_free(t);
}

static void malformed_names_are_refused(void **state)
{
	static const char *const bad[] = { "", "a b", "a/b", "\xc3\xa4", "a.b", "a%20" };
	struct link_table *t = link_table_new(0);
	char longest[LINK_SLUG_MAX + 2] = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		struct link_entry e = entry("", bad[i], 1, 2);

		assert_false(link_table_add(t, &e));
		assert_false(link_table_reserve(t, &e));
	}
	memset(longest, 'a', LINK_SLUG_MAX);
	struct link_entry e = entry("", longest, 1, 2);

	assert_true(link_table_add(t, &e));
	longest[LINK_SLUG_MAX] = 'a';
	e.slug = str_from(longest);
	assert_false(link_table_add(t, &e));
	e = entry("Go.Example", "a", 1, 2);
	assert_false(link_table_add(t, &e));
	e = entry("go.example", "a", 1, 2);
	e.cookie_days = 65536;
	assert_false(link_table_add(t, &e));
	link_table_free(t);
}

static void a_slug_belongs_to_one_link_only(void **state)
{
	struct link_table *t = link_table_new(0);
	struct link_entry first = entry("", "abc", 1, 2), other = entry("", "abc", 1, 3);
	struct link_entry same_id_elsewhere = entry("", "abc", 9, 2);

	(void)state;
	assert_true(link_table_reserve(t, &first));
	assert_true(link_table_reserve(t, &first));
	assert_false(link_table_reserve(t, &other));
	assert_false(link_table_reserve(t, &same_id_elsewhere));
	assert_false(is_found(t, "", "abc"));
	assert_true(link_table_add(t, &first));
	assert_true(is_found(t, "", "abc"));
	assert_false(link_table_add(t, &other));
	assert_true(link_table_reserve(t, &first));
	assert_int_equal(found_id(t, "", "abc"), 2);
	link_table_free(t);
}

static void a_released_slug_is_free_but_an_added_one_is_not_released(void **state)
{
	struct link_table *t = link_table_new(0);
	struct link_entry first = entry("", "abc", 1, 2), other = entry("", "abc", 1, 3);

	(void)state;
	assert_true(link_table_reserve(t, &first));
	link_table_release(t, &other);
	assert_false(link_table_reserve(t, &other));
	link_table_release(t, &first);
	assert_true(link_table_reserve(t, &other));
	assert_true(link_table_add(t, &other));
	link_table_release(t, &other);
	assert_int_equal(found_id(t, "", "abc"), 3);
	assert_false(link_table_remove(t, &first));
	assert_true(link_table_remove(t, &other));
	assert_false(is_found(t, "", "abc"));
	assert_int_equal(link_table_stats(t).links, 0);
	link_table_free(t);
}

static void under_an_own_host_only_its_links_exist(void **state)
{
	struct link_table *t = link_table_new(0);
	struct link_entry shared = entry("", "abc", 1, 2);
	struct link_entry own = entry("go.acme.example", "abc", 5, 6);

	(void)state;
	assert_true(link_table_add(t, &shared));
	assert_int_equal(found_id(t, "go.acme.example", "abc"), 2);
	assert_true(link_table_add(t, &own));
	assert_int_equal(found_id(t, "go.acme.example", "abc"), 6);
	assert_int_equal(found_id(t, "go.other.example", "abc"), 2);
	assert_int_equal(found_id(t, "", "abc"), 2);
	shared.slug = STR("xyz");
	assert_true(link_table_add(t, &shared));
	assert_false(is_found(t, "go.acme.example", "xyz"));
	assert_true(is_found(t, "", "xyz"));
	assert_int_equal(link_table_stats(t).links, 3);
	link_table_free(t);
}

static void the_table_grows_and_gives_memory_back(void **state)
{
	struct link_table *t = link_table_new(10);
	char slug[24];

	(void)state;
	for (int round = 0; round < 20; round++)
		for (int i = 0; i < 20000; i++) {
			snprintf(slug, sizeof(slug), "s%d", i);
			struct link_entry e = entry("", slug, 1, i + 1);

			e.cookie_days = round;
			assert_true(link_table_add(t, &e));
		}
	for (int i = 0; i < 20000; i++) {
		snprintf(slug, sizeof(slug), "s%d", i);
		assert_int_equal(found_id(t, "", slug), i + 1);
	}
	struct link_table_stats s = link_table_stats(t);

	assert_int_equal(s.links, 20000);
	assert_true(s.bytes < 20 << 20);
	for (int i = 0; i < 20000; i++) {
		snprintf(slug, sizeof(slug), "s%d", i);
		struct link_entry e = entry("", slug, 1, i + 1);

		assert_true(link_table_remove(t, &e));
	}
	s = link_table_stats(t);
	assert_int_equal(s.links, 0);
	assert_true(s.bytes < 4 << 20);
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

static void readers_see_the_old_or_the_new_link_while_it_changes(void **state)
{
	struct race r = { .table = link_table_new(10) };
	pthread_t readers[RACE_READERS];
	char text[64];
	struct link_entry e;

	(void)state;
	for (int i = 0; i < RACE_LINKS; i++) {
		race_entry(&e, text, i, 0);
		assert_true(link_table_add(r.table, &e));
	}
	for (int i = 0; i < RACE_READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, race_reader, &r), 0);
	for (int version = 1; version < 60; version++)
		for (int i = 0; i < RACE_LINKS * 2; i++) {
			race_entry(&e, text, i, version);
			assert_true(link_table_add(r.table, &e));
			if (i >= RACE_LINKS)
				assert_true(link_table_remove(r.table, &e));
		}
	while (atomic_load(&r.finds) < 1000)
		;
	atomic_store(&r.stop, true);
	for (int i = 0; i < RACE_READERS; i++)
		pthread_join(readers[i], NULL);
	assert_int_equal(atomic_load(&r.wrong), 0);
	assert_int_equal(link_table_stats(r.table).links, RACE_LINKS);
	link_table_free(r.table);
}

struct contender {
	struct link_table *table;
	int64_t link_id;
	_Atomic int *won;
};

static void *contend(void *arg)
{
	struct contender *c = arg;

	for (int i = 0; i < 2000; i++) {
		char slug[24];

		snprintf(slug, sizeof(slug), "c%d", i);
		struct link_entry e = entry("", slug, 1, c->link_id);

		if (link_table_reserve(c->table, &e))
			atomic_fetch_add(&c->won[i], 1);
	}
	return NULL;
}

static void of_many_who_want_a_slug_one_gets_it(void **state)
{
	static _Atomic int won[2000];
	struct link_table *t = link_table_new(0);
	struct contender c[4];
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		c[i] = (struct contender){ t, i + 1, won };
		assert_int_equal(pthread_create(&threads[i], NULL, contend, &c[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 2000; i++)
		assert_int_equal(won[i], 1);
	link_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_found_with_all_it_was_added_with),
		cmocka_unit_test(slugs_are_compared_with_case_and_unknown_ones_are_not_found),
		cmocka_unit_test(malformed_names_are_refused),
		cmocka_unit_test(a_slug_belongs_to_one_link_only),
		cmocka_unit_test(a_released_slug_is_free_but_an_added_one_is_not_released),
		cmocka_unit_test(under_an_own_host_only_its_links_exist),
		cmocka_unit_test(the_table_grows_and_gives_memory_back),
		cmocka_unit_test(readers_see_the_old_or_the_new_link_while_it_changes),
		cmocka_unit_test(of_many_who_want_a_slug_one_gets_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
