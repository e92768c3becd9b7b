/* SPDX-License-Identifier: Apache-2.0 */
#include "click/journal_impl.h"
#include "unit.h"

#include <stdatomic.h>
#include <unistd.h>

#define RECORD_BYTES 128 /* of the sample */

static const struct click sample = { .id = 1, .org_id = 1, .referrer = STR_INIT("www.example.org") };

/* Its own flusher stays away: it sleeps for longer than a test takes. */
static struct journal *open_strict(struct ctx *c)
{
	struct journal_config config = { .dir = unit_dir(c), .segment_bytes = 65536,
	                                 .strict = true, .flush_ms = 900 };
	struct journal *j = journal_open(c, &config);

	OK(j != NULL);
	usleep(20000);
	return j;
}

/* What an append does first: from then on the place is taken, with nothing in it. */
static int64_t take_place(struct journal *j)
{
	return atomic_fetch_add(&j->head, RECORD_BYTES);
}

static void write_there(struct journal *j, int64_t at)
{
	struct record r;

	record_encode(&r, j->key, &sample);
	EQ(r.bytes, RECORD_BYTES);
	EQ(record_size(r.raw), RECORD_BYTES);
	record_write(&r, at, journal_live(j, at));
}

static bool refuse(void)
{
	return false;
}

TEST(nobody_is_told_that_a_click_is_on_disk_which_the_disk_refused)
{
	struct journal *j = open_strict(c);
	int64_t other = take_place(j);

	write_there(j, other); /* another thread, before it waits for the disk */
	j->inject_sync = refuse;
	NO(journal_append(j, &sample));
	NO(journal_settle(j, other + RECORD_BYTES));
	j->inject_sync = NULL;
	NO(journal_settle(j, other + RECORD_BYTES)); /* not by trying again either */
	NO(journal_settle(j, other + 2 * RECORD_BYTES));
	EQ(journal_stats(j).unsafe, 1);
	EQ(journal_stats(j).lost, 0);
	EQ(journal_stats(j).flush_errors, 1);
	OK(journal_append(j, &sample)); /* what comes later is another matter */
	EQ(journal_stats(j).flush_errors, 1);
	EQ(journal_stats(j).unsafe, 1);
	NO(journal_sync(j));
	journal_close(j);
}

static int64_t reserved_meanwhile;
static struct journal *meanwhile_in;

static bool refuse_while_others_come(void)
{
	reserved_meanwhile = take_place(meanwhile_in);
	return false;
}

TEST(what_came_while_the_disk_refused_may_have_been_refused_too)
{
	struct journal *j = open_strict(c);

	meanwhile_in = j;
	j->inject_sync = refuse_while_others_come;
	NO(journal_append(j, &sample));
	j->inject_sync = NULL;
	write_there(j, reserved_meanwhile);
	NO(journal_settle(j, reserved_meanwhile + RECORD_BYTES));
	OK(journal_append(j, &sample));
	journal_close(j);
}

struct waiting {
	struct journal *journal;
	_Atomic bool done;
	bool ok;
};

static void *append_one(void *arg)
{
	struct waiting *w = arg;

	w->ok = journal_append(w->journal, &sample);
	atomic_store(&w->done, true);
	return NULL;
}

TEST(a_click_written_after_the_next_one_was_flushed_is_flushed_too)
{
	struct journal *j = open_strict(c);
	int64_t slow = take_place(j);
	struct waiting w = { .journal = j };
	pthread_t thread;

	EQ(pthread_create(&thread, NULL, append_one, &w), 0);
	usleep(50000);
	NO(atomic_load(&w.done)); /* or the slow one would take its own for flushed */
	EQ(atomic_load(&j->synced), slow);
	write_there(j, slow);
	EQ(pthread_join(thread, NULL), 0);
	OK(w.ok);
	OK(journal_settle(j, slow + RECORD_BYTES));
	journal_close(j);
}
