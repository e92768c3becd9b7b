/* SPDX-License-Identifier: Apache-2.0 */
#include "click/journal.h"
#include "base/id.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL 65536

static struct click sample(int64_t id)
{
	return (struct click){
		.id = id,
		.org_id = 1,
		.link_id = 2,
		.partner_id = 3,
		.campaign_id = 4,
		.at_ms = 1768478400000,
		.device = 0x0123456789abcdef,
		.referrer = STR("www.example.org"),
		.utm = STR("a\tb\tc"),
		.sub = STR("sub-1"),
		.country = STR("AT"),
		.flags = CLICK_BOT,
	};
}

static struct journal *open_at(struct ctx *c, struct str dir)
{
	struct journal_config config = { .dir = dir, .segment_bytes = SMALL };
	struct journal *j = journal_open(c, &config);

	OK(j != NULL);
	return j;
}

/* Appends as soon as there is room: small segments are used up faster than they are made. */
static void append(struct journal *j, const struct click *k)
{
	while (!journal_append(j, k))
		usleep(1000);
}

static int64_t count_from(struct journal *j, int64_t pos)
{
	struct journal_cursor at = { .pos = pos, .count_torn = true };
	struct click k;
	int64_t where, count = 0;

	while (journal_next(j, &at, &k, &where))
		count++;
	return count;
}

TEST(a_click_is_read_as_it_was_appended)
{
	struct journal *j = open_at(c, unit_dir(c));
	struct click want = sample(77), got;
	struct journal_cursor at = { .pos = journal_start(j) };
	int64_t where;

	NO(journal_next(j, &at, &got, &where));
	OK(journal_append(j, &want));
	OK(journal_next(j, &at, &got, &where));
	EQ(got.id, 77);
	EQ(got.org_id, 1);
	EQ(got.link_id, 2);
	EQ(got.partner_id, 3);
	EQ(got.campaign_id, 4);
	EQ(got.at_ms, want.at_ms);
	OK(got.device == want.device);
	EQ_STR(got.referrer, "www.example.org");
	EQ_STR(got.utm, "a\tb\tc");
	EQ_STR(got.sub, "sub-1");
	EQ_STR(got.country, "AT");
	EQ(got.flags, CLICK_BOT);
	NO(journal_next(j, &at, &got, &where));
	EQ(at.pos, journal_head(j));
	journal_get(j, where, &got);
	EQ(got.id, 77);
	OK(journal_sync(j));
	EQ(journal_stats(j).appended, 1);
	journal_close(j);
}

TEST(long_texts_are_cut_at_a_character)
{
	struct journal *j = open_at(c, unit_dir(c));
	struct click k = sample(1), got;
	struct journal_cursor at = { .pos = journal_start(j) };
	struct buf sub;
	int64_t where;

	buf_init(&sub, c->arena);
	buf_puts(&sub, "x");
	for (int i = 0; i < 100; i++)
		buf_puts(&sub, "\xc3\xa4");
	k.sub = buf_text(&sub);
	k.country = STR("");
	append(j, &k);
	OK(journal_next(j, &at, &got, &where));
	EQ(got.sub.n, 99);
	OK(str_is_text(got.sub));
	EQ_STR(got.country, "");
	journal_close(j);
}

TEST(records_go_on_over_many_segments_and_starts)
{
	struct str dir = unit_dir(c);
	int64_t id = 0, journal = 0, head = 0;

	for (int start = 0; start < 4; start++) {
		struct journal *j = open_at(c, dir);

		EQ(count_from(j, journal_start(j)), id);
		OK(journal == 0 || journal == journal_id(j));
		OK(journal_head(j) >= head);
		journal = journal_id(j);
		for (int i = 0; i < 2000; i++) {
			struct click k = sample(++id);

			k.sub = (struct str){
				"0123456789012345678901234567890123456789012345678901234567890",
				(size_t)(i % 60)
			};
			append(j, &k);
		}
		EQ(count_from(j, journal_start(j)), id);
		EQ(journal_stats(j).torn, 0);
		head = journal_head(j);
		journal_close(j);
	}
}

static int files_in(struct str dir)
{
	DIR *d = opendir(dir.p);
	int count = 0;

	for (const struct dirent *e; d && (e = readdir(d));)
		count += str_ends(str_from(e->d_name), ".log");
	if (d)
		closedir(d);
	return count;
}

TEST(released_segments_are_removed_and_positions_never_come_back)
{
	struct str dir = unit_dir(c);
	struct journal *j = open_at(c, dir);

	for (int i = 0; i < 5000; i++) {
		struct click k = sample(i + 1);

		append(j, &k);
	}
	OK(files_in(dir) > 9);
	OK(journal_sync(j));
	journal_release(j, journal_head(j));
	OK(files_in(dir) <= 3);
	int64_t head = journal_head(j);

	journal_close(j);
	j = open_at(c, dir);
	EQ(count_from(j, journal_start(j)), 0);
	OK(journal_head(j) >= head);
	journal_release(j, journal_head(j));
	OK(files_in(dir) <= 3);
	journal_close(j);
}

TEST(a_lazy_journal_makes_segments_when_they_are_needed)
{
	struct journal_config config = { .dir = unit_dir(c), .segment_bytes = SMALL, .lazy = true };
	struct journal *j = journal_open(c, &config);
	struct click k = sample(1);

	journal_close(j);
	EQ(files_in(config.dir), 0);
	j = journal_open(c, &config);
	for (int i = 0; i < 1500; i++)
		OK(journal_append(j, &k));
	EQ(files_in(config.dir), 3);
	journal_close(j);
	j = journal_open(c, &config);
	EQ(count_from(j, journal_start(j)), 1500);
	journal_close(j);
	EQ(files_in(config.dir), 3);
}

TEST(a_clean_stop_removes_the_segments_that_were_not_used)
{
	struct str dir = unit_dir(c);
	struct journal *j = open_at(c, dir);
	struct click k = sample(1);

	append(j, &k);
	usleep(200000); /* the next one is ready */
	journal_close(j);
	EQ(files_in(dir), 1);
	for (int i = 0; i < 5; i++)
		journal_close(open_at(c, dir));
	EQ(files_in(dir), 1);
}

TEST(a_second_process_is_refused)
{
	struct str dir = unit_dir(c);
	struct journal *j = open_at(c, dir);
	struct journal_config config = { .dir = dir };

	OK(journal_open(c, &config) == NULL);
	EQ(c->err.code, ERR_CONFLICT);
	journal_close(j);
}

struct writer {
	struct journal *journal;
	int64_t first;
	int64_t count;
	_Atomic int64_t *acknowledged; /* NULL, or counts appends that returned true */
};

static void *write_many(void *arg)
{
	struct writer *w = arg;

	for (int64_t i = 0; i < w->count; i++) {
		struct click k = sample(w->first + i);

		k.at_ms = k.id * 3;
		append(w->journal, &k);
		if (w->acknowledged)
			atomic_fetch_add(w->acknowledged, 1);
	}
	return NULL;
}

TEST(threads_append_side_by_side_while_one_reads)
{
	struct journal *j = open_at(c, unit_dir(c));
	struct writer w[4];
	pthread_t threads[4];
	struct journal_cursor at = { .pos = journal_start(j), .count_torn = true };
	int64_t next[4] = { 0 }, seen = 0, where;
	struct click k;

	for (int i = 0; i < 4; i++) {
		w[i] = (struct writer){ j, i * 1000000 + 1, 3000, NULL };
		EQ(pthread_create(&threads[i], NULL, write_many, &w[i]), 0);
	}
	while (seen < 12000) {
		if (!journal_next(j, &at, &k, &where))
			continue;
		int64_t who = k.id / 1000000;

		EQ(k.at_ms, k.id * 3);
		EQ(k.id, w[who].first + next[who]);
		next[who]++;
		if (++seen % 1000 == 0)
			journal_release(j, where);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	EQ(journal_stats(j).torn, 0);
	EQ(journal_stats(j).appended, 12000);
	journal_close(j);
}

/* In the child: append from two threads until killed, counting in shared memory. */
static void append_for_ever(struct ctx *c, struct str dir, _Atomic int64_t *acknowledged)
{
	struct journal *j = open_at(c, dir);
	struct writer w[2];
	pthread_t threads[2];

	for (int i = 0; i < 2; i++) {
		w[i] = (struct writer){ j, i * 1000000000LL + 1, INT32_MAX, &acknowledged[i] };
		pthread_create(&threads[i], NULL, write_many, &w[i]);
	}
	pause();
}

static void check_after_kill(struct ctx *c, struct str dir, const int64_t acknowledged[2])
{
	struct journal *j = open_at(c, dir);
	struct journal_cursor at = { .pos = journal_start(j), .count_torn = true };
	int64_t seen[2] = { 0 }, where;
	struct click k;

	while (journal_next(j, &at, &k, &where)) {
		int who = k.id > 1000000000;

		EQ(k.at_ms, k.id * 3);
		EQ(k.id, who * 1000000000LL + 1 + seen[who]);
		seen[who]++;
	}
	OK(seen[0] >= acknowledged[0] && seen[0] <= acknowledged[0] + 1);
	OK(seen[1] >= acknowledged[1] && seen[1] <= acknowledged[1] + 1);
	OK(journal_stats(j).torn <= 2);
	journal_release(j, journal_head(j));
	journal_close(j);
}

TEST(nothing_appended_is_lost_when_the_process_is_killed)
{
	struct str dir = unit_dir(c);
	_Atomic int64_t *acknowledged = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int round = 0; round < 8; round++) {
		atomic_store(&acknowledged[0], 0);
		atomic_store(&acknowledged[1], 0);
		fflush(NULL);
		pid_t child = fork();

		if (child == 0) {
			append_for_ever(c, dir, acknowledged);
			_exit(0);
		}
		while (atomic_load(&acknowledged[0]) < 50 || atomic_load(&acknowledged[1]) < 50)
			usleep(500);
		usleep((useconds_t)(round * 1700));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		int64_t count[2] = { acknowledged[0], acknowledged[1] };

		check_after_kill(c, dir, count);
	}
	munmap((void *)acknowledged, 4096);
}

static void spoil(struct ctx *c, struct str dir, const char *name, off_t at, const char *with)
{
	int fd = open(arena_printf(c->arena, "%.*s/%s", STR_ARG(dir), name).p, O_RDWR);

	OK(fd >= 0 && pwrite(fd, with, strlen(with), at) == (ssize_t)strlen(with));
	close(fd);
}

TEST(torn_records_are_skipped_and_counted)
{
	struct str dir = unit_dir(c);
	struct journal *j = open_at(c, dir);

	for (int i = 0; i < 10; i++) {
		struct click k = sample(i + 1);

		append(j, &k);
	}
	journal_close(j);
	spoil(c, dir, "0000000001.log", 2 * 128 + 90, "X");
	spoil(c, dir, "0000000001.log", 5 * 128, "01234567");
	spoil(c, dir, "0000000001.log", 30 * 128 + 8, "left over");
	j = open_at(c, dir);
	EQ(count_from(j, journal_start(j)), 8);
	EQ(journal_stats(j).torn, 3);
	journal_close(j);
}

TEST(a_segment_that_was_cut_off_is_read_to_its_end)
{
	struct str dir = unit_dir(c);
	struct journal *j = open_at(c, dir);

	for (int i = 0; i < 10; i++) {
		struct click k = sample(i + 1);

		append(j, &k);
	}
	journal_close(j);
	OK(truncate(arena_printf(c->arena, "%.*s/0000000001.log", STR_ARG(dir)).p, 5 * 128 + 70)
	   == 0);
	j = open_at(c, dir);
	EQ(count_from(j, journal_start(j)), 5);
	journal_close(j);
}

TEST(a_damaged_meta_is_refused)
{
	struct str dir = unit_dir(c);
	struct journal_config config = { .dir = dir };

	journal_close(open_at(c, dir));
	spoil(c, dir, "meta", 0, "other");
	OK(journal_open(c, &config) == NULL);
	EQ(c->err.code, ERR_STORAGE);
}

TEST(a_full_disk_makes_appends_fail_until_there_is_room)
{
	struct journal *j = open_at(c, unit_dir(c));
	struct rlimit before, none = { 1024, 1024 };
	struct click k = sample(1);
	int ok = 0, tries = 0;

	OK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	usleep(300000); /* the next segment is ready; there will be no third */
	OK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	while (journal_append(j, &k))
		ok++;
	OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	EQ(ok, 2 * SMALL / 128);
	EQ(journal_stats(j).lost, 1);
	while (!journal_append(j, &k) && tries++ < 200)
		usleep(20000);
	OK(tries < 200);
	EQ(count_from(j, journal_start(j)), ok + 1);
	signal(SIGXFSZ, SIG_DFL);
	journal_close(j);
}

TEST(in_strict_mode_an_append_is_on_disk_when_it_returns)
{
	struct journal_config config = { .dir = unit_dir(c), .segment_bytes = SMALL, .strict = true,
	                                 .flush_ms = 1000 };
	struct journal *j = journal_open(c, &config);
	struct click k = sample(1);

	OK(j != NULL);
	OK(journal_append(j, &k));
	EQ(journal_stats(j).flushes, 1);
	OK(journal_append(j, &k));
	EQ(journal_stats(j).flushes, 2);
	journal_close(j);
}

static void flushed(void *arg)
{
	atomic_fetch_add((_Atomic int *)arg, 1);
}

TEST(the_flusher_tells_of_new_records_also_after_a_sleep)
{
	_Atomic int calls = 0;
	struct journal *j = open_at(c, unit_dir(c));
	struct click k = sample(1);

	journal_on_flush(j, flushed, &calls);
	for (int round = 0; round < 2; round++) {
		int before = atomic_load(&calls), tries = 0;

		append(j, &k);
		while (atomic_load(&calls) == before && tries++ < 500)
			usleep(1000);
		OK(tries < 500);
		usleep(round == 0 ? 1500000 : 0);
	}
	journal_close(j);
}
