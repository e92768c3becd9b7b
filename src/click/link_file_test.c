/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_file.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct kept {
	struct link_table *table;
	struct link_file *file;
	bool trusted;
};

static struct kept start(struct ctx *c, struct str dir)
{
	struct kept k = { .table = link_table_new(0) };

	k.file = link_file_open(c, dir, k.table, &k.trusted);
	OK(k.file != NULL);
	return k;
}

static void stop(struct kept *k)
{
	link_file_close(k->file);
	link_table_free(k->table);
}

static struct link_entry entry(struct ctx *c, int i, int version)
{
	return (struct link_entry){
		.org_id = 1,
		.link_id = i + 1,
		.partner_id = 2,
		.campaign_id = 3,
		.enrolment_id = 4,
		.cookie_days = 30,
		.host = STR(""),
		.slug = arena_printf(c->arena, "s%d", i),
		.url = arena_printf(c->arena, "https://x/%d/%d", i, version),
		.flags = i % 2 ? LINK_SUSPENDED : 0,
	};
}

static bool has(struct ctx *c, struct link_table *t, int i, int version)
{
	struct link_entry want = entry(c, i, version), e;
	struct link_pin pin = link_table_pin(t);
	bool same = link_table_find(t, want.host, want.slug, &e) && str_eq(e.url, want.url)
	         && e.link_id == want.link_id && e.flags == want.flags && e.cookie_days == 30
	         && e.org_id == 1 && e.partner_id == 2 && e.campaign_id == 3 && e.enrolment_id == 4;

	link_table_unpin(pin);
	return same;
}

static bool is_there(struct str dir, const char *ending)
{
	DIR *d = opendir(dir.p);
	bool found = false;

	for (const struct dirent *e; d && (e = readdir(d));)
		found = found || str_ends(str_from(e->d_name), ending);
	if (d)
		closedir(d);
	return found;
}

/* As a server does after it has read its databases. */
static void rebase(struct kept *k, struct str dir)
{
	link_file_rebase(k->file);
	for (int i = 0; i < 2000 && !is_there(dir, ".base"); i++)
		usleep(1000);
}

static void add(struct ctx *c, struct kept *k, int from, int to, int version)
{
	for (int i = from; i < to; i++) {
		struct link_entry e = entry(c, i, version);

		OK(link_table_add(k->table, &e));
	}
}

TEST(links_are_there_again_after_a_clean_stop)
{
	struct str dir = unit_dir(c);
	struct kept k = start(c, dir);
	struct link_entry gone = entry(c, 5, 0);

	NO(k.trusted);
	add(c, &k, 0, 100, 0);
	rebase(&k, dir);
	add(c, &k, 50, 150, 1);
	OK(link_table_remove(k.table, &gone));
	stop(&k);
	for (int round = 0; round < 3; round++) {
		k = start(c, dir);
		OK(k.trusted);
		EQ(link_table_stats(k.table).links, 149);
		OK(has(c, k.table, 4, 0) && !has(c, k.table, 5, 0) && has(c, k.table, 50, 1));
		OK(has(c, k.table, 149, 1));
		stop(&k);
	}
}

TEST(without_a_base_nothing_is_trusted)
{
	struct str dir = unit_dir(c);
	struct kept k = start(c, dir);

	add(c, &k, 0, 10, 0);
	stop(&k);
	k = start(c, dir);
	NO(k.trusted);
	EQ(link_table_stats(k.table).links, 0);
	stop(&k);
}

static void spoil(struct ctx *c, struct str dir, const char *name, off_t at)
{
	const char *path = arena_printf(c->arena, "%.*s/%s", STR_ARG(dir), name).p;
	int fd = open(path, O_RDWR);

	OK(fd >= 0 && pwrite(fd, "X", 1, at) == 1);
	close(fd);
}

TEST(a_damaged_base_is_not_trusted)
{
	struct str dir = unit_dir(c);
	struct kept k = start(c, dir);

	add(c, &k, 0, 10, 0);
	rebase(&k, dir);
	stop(&k);
	spoil(c, dir, "links-0000000000.base", 400);
	k = start(c, dir);
	NO(k.trusted);
	OK(link_table_stats(k.table).links < 10);
	stop(&k);
}

TEST(a_log_of_another_boot_counts_only_after_a_clean_stop)
{
	struct str dir = unit_dir(c);
	struct kept k = start(c, dir);

	add(c, &k, 0, 10, 0);
	rebase(&k, dir);
	stop(&k);
	spoil(c, dir, "links-0000000000.log", 10); /* inside the boot's name */
	k = start(c, dir);
	OK(k.trusted);
	stop(&k);
	k = start(c, dir); /* follows in the log 2, which is not ended */
	spoil(c, dir, "links-0000000002.log", 10);
	struct kept again = { .table = link_table_new(0) };

	again.file = link_file_open(c, dir, again.table, &again.trusted);
	OK(again.file != NULL);
	NO(again.trusted);
	stop(&again);
	stop(&k);
}

/* In the child: change links until killed; each is counted when it would be answered. */
static void change_for_ever(struct ctx *c, struct str dir, _Atomic int *changes)
{
	struct kept k = start(c, dir);

	rebase(&k, dir);
	for (int i = 0;; i++) {
		struct link_entry e = entry(c, i % 300, i / 300);

		link_table_add(k.table, &e);
		atomic_store(changes, i + 1);
		if (i % 1000 == 500)
			link_file_rebase(k.file);
	}
}

TEST(no_change_is_lost_when_the_process_is_killed)
{
	_Atomic int *changes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	                            -1, 0);

	for (int round = 0; round < 5; round++) {
		struct str dir = unit_dir(c);
		pid_t child;

		atomic_store(changes, 0);
		fflush(NULL);
		child = fork();
		if (child == 0) {
			change_for_ever(c, dir, changes);
			_exit(0);
		}
		while (atomic_load(changes) < 700)
			usleep(500);
		usleep((useconds_t)round * 3000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		int done = atomic_load(changes);
		struct kept k = start(c, dir);

		OK(k.trusted);
		for (int i = done - 300 < 0 ? 0 : done - 300; i < done; i++)
			OK(has(c, k.table, i % 300, i / 300)
			   || has(c, k.table, i % 300, i / 300 + 1));
		stop(&k);
	}
	munmap((void *)changes, 4096);
}

TEST(a_command_that_changes_links_makes_the_next_start_read_the_databases)
{
	struct str dir = unit_dir(c);
	struct kept k = start(c, dir);

	add(c, &k, 0, 10, 0);
	rebase(&k, dir);
	stop(&k);
	k = (struct kept){ .table = link_table_new(0) };
	k.file = link_file_guard(c, dir, k.table);
	stop(&k);
	k = start(c, dir);
	OK(k.trusted);
	stop(&k);
	k = (struct kept){ .table = link_table_new(0) };
	k.file = link_file_guard(c, dir, k.table);
	add(c, &k, 10, 11, 0);
	stop(&k);
	k = start(c, dir);
	NO(k.trusted);
	stop(&k);
}

TEST(a_sweep_removes_what_no_database_has)
{
	struct link_table *t = link_table_new(0);
	struct kept k = { .table = t };
	struct link_entry e;

	add(c, &k, 0, 20, 0);
	link_table_sweep_begin(t);
	for (int i = 0; i < 10; i++) {
		e = entry(c, i, i == 3 ? 1 : 0); /* the database knows a newer address of one */
		OK(link_table_confirm(t, &e));
	}
	e = entry(c, 30, 0);
	OK(link_table_confirm(t, &e));
	EQ(link_table_sweep_end(t, true), 10);
	EQ(link_table_stats(t).links, 11);
	OK(has(c, t, 0, 0) && has(c, t, 3, 1) && has(c, t, 30, 0) && !has(c, t, 15, 0));
	link_table_free(t);
}

TEST(what_changes_during_a_sweep_wins_over_what_is_read)
{
	struct link_table *t = link_table_new(0);
	struct kept k = { .table = t };
	struct link_entry e;

	add(c, &k, 0, 5, 0);
	link_table_sweep_begin(t);
	add(c, &k, 0, 1, 7);     /* changed */
	add(c, &k, 10, 11, 7);   /* new */
	e = entry(c, 1, 0);
	OK(link_table_remove(t, &e)); /* gone */
	for (int i = 0; i < 5; i++) {
		e = entry(c, i, 0); /* read before all that */
		OK(link_table_confirm(t, &e));
	}
	EQ(link_table_sweep_end(t, true), 0);
	OK(has(c, t, 0, 7) && !has(c, t, 1, 0) && has(c, t, 2, 0) && has(c, t, 10, 7));
	EQ(link_table_stats(t).links, 5);
	link_table_free(t);
}

TEST(a_sweep_that_was_broken_off_removes_nothing)
{
	struct link_table *t = link_table_new(0);
	struct kept k = { .table = t };

	add(c, &k, 0, 20, 0);
	link_table_sweep_begin(t);
	EQ(link_table_sweep_end(t, false), 0);
	EQ(link_table_stats(t).links, 20);
	link_table_sweep_begin(t);
	EQ(link_table_sweep_end(t, true), 20);
	link_table_free(t);
}
