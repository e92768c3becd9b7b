/* SPDX-License-Identifier: Apache-2.0 */
#include "click/journal_impl.h"
#include "base/check.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define AHEAD 1         /* segments kept ready behind the one in use */
#define IDLE_ROUNDS 200 /* flusher rounds without a record before it sleeps */
#define RETRY_MS 500    /* after a segment could not be made */

void journal_wake(struct journal *j)
{
	uint64_t one = 1;

	if (atomic_load(&j->asleep) && atomic_exchange(&j->asleep, false)
	    && write(j->wake, &one, sizeof(one)) < 0)
		CHECK(errno == EAGAIN);
}

static bool sync_pages(struct journal *j, int64_t from, int64_t until)
{
	if (j->inject_sync && !j->inject_sync()) {
		errno = EIO;
		return false;
	}
	return msync(journal_live(j, from), (size_t)(until - from), MS_SYNC) == 0;
}

/* 0, or errno of the first segment that failed; what comes after it is brought to disk as well. */
static int sync_range(struct journal *j, int64_t from, int64_t to)
{
	int64_t page = from - from % 4096;
	int error = 0;

	while (page < to) {
		int64_t end = page - page % j->segment_bytes + j->segment_bytes;
		int64_t until = to < end ? to : end;

		if (!sync_pages(j, page, until) && error == 0)
			error = errno;
		page = until;
	}
	return error;
}

/* Where the records from here on end that are written; the first one that is not yet stops it. */
static int64_t written_to(struct journal *j, int64_t from)
{
	int64_t head = atomic_load(&j->head);

	while (from < head && record_is_written(journal_live(j, from)))
		from += (int64_t)record_size(journal_live(j, from));
	return from;
}

/*
 * A second msync would succeed without writing: the kernel has told of the error once, and may have
 * taken the pages for clean. What has been reserved by now may have been among them, so nothing
 * before the head counts as being on disk, ever. The process goes on all the same, other than where
 * the disk refuses a commit (db/sqlite_settle.c): whoever waits for such a click is told no, nothing
 * has been built on it that would have to be taken back, the drain still reads it from memory, and
 * visitors have to get on.
 */
static void sync_failed(struct journal *j, int error)
{
	atomic_fetch_add(&j->flush_errors, 1);
	atomic_store(&j->failed_to, atomic_load(&j->head));
	if (!j->failing)
		log_event(LOG_ERROR, "the disk refused clicks",
		          LOG_CSTR("reason", strerror(error)));
	j->failing = true;
}

/* Unless somebody has flushed up to `want` meanwhile: others can do the rest. */
static void flush_to(struct journal *j, int64_t want)
{
	pthread_mutex_lock(&j->flush_lock);
	int64_t from = atomic_load(&j->synced), to = from < want ? written_to(j, from) : from;

	if (from < to) {
		int error = sync_range(j, from, to);

		if (error) {
			sync_failed(j, error);
		} else {
			j->failing = false;
			atomic_fetch_add(&j->flushes, 1);
		}
		atomic_store(&j->synced, to); /* after failed_to: who sees this sees that */
	}
	pthread_mutex_unlock(&j->flush_lock);
}

void journal_flush(struct journal *j)
{
	flush_to(j, INT64_MAX);
}

bool journal_settle(struct journal *j, int64_t end)
{
	while (atomic_load(&j->synced) < end) {
		flush_to(j, end);
		if (atomic_load(&j->synced) < end)
			sched_yield(); /* somebody is writing the record before it */
	}
	return atomic_load(&j->failed_to) < end;
}

bool journal_sync(struct journal *j)
{
	return journal_settle(j, atomic_load(&j->head)) && atomic_load(&j->failed_to) == 0;
}

static void flusher_sleep(struct journal *j)
{
	struct pollfd p = { .fd = j->wake, .events = POLLIN };
	uint64_t count;

	atomic_store(&j->asleep, true);
	if (atomic_load(&j->head) == atomic_load(&j->synced) && !atomic_load(&j->stop))
		(void)poll(&p, 1, 1000);
	atomic_store(&j->asleep, false);
	if (read(j->wake, &count, sizeof(count)) < 0)
		CHECK(errno == EAGAIN);
}

static bool room_is_short(struct journal *j)
{
	int64_t head = atomic_load(&j->head);
	int64_t end = head - head % j->segment_bytes + (AHEAD + 1) * j->segment_bytes;

	return !j->lazy && atomic_load(&j->limit) < end;
}

static void flush_round(struct journal *j)
{
	journal_flush(j);
	pthread_mutex_lock(&j->flush_lock);
	if (j->on_flush)
		j->on_flush(j->on_flush_arg);
	pthread_mutex_unlock(&j->flush_lock);
	if (room_is_short(j)) {
		pthread_mutex_lock(&j->wake_lock);
		pthread_cond_signal(&j->prepare_wake);
		pthread_mutex_unlock(&j->wake_lock);
	}
}

static void *flusher_run(void *arg)
{
	struct journal *j = arg;
	struct timespec pause = { .tv_nsec = (long)(j->flush_ms * 1000000) };
	int idle = 0;

	while (!atomic_load(&j->stop)) {
		if (atomic_load(&j->head) != atomic_load(&j->synced)) {
			flush_round(j);
			idle = 0;
		} else if (++idle > IDLE_ROUNDS) {
			flusher_sleep(j);
			idle = 0;
			continue;
		}
		nanosleep(&pause, NULL);
	}
	return NULL;
}

bool journal_prepare(struct journal *j)
{
	pthread_mutex_lock(&j->prepare_lock);
	int64_t limit = atomic_load(&j->limit);
	int64_t number = limit / j->segment_bytes;
	struct segment s;
	bool ok = number - atomic_load(&j->live_first) < JOURNAL_LIVE_MAX
	       && segment_create(&j->dir, number, &s);

	if (ok) {
		atomic_store(&j->live[number % JOURNAL_LIVE_MAX], s.map);
		atomic_store_explicit(&j->limit, limit + j->segment_bytes, memory_order_release);
	}
	pthread_mutex_unlock(&j->prepare_lock);
	return ok;
}

static void wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	(void)pthread_cond_timedwait(cond, lock, &t);
}

static void *preparer_run(void *arg)
{
	struct journal *j = arg;

	pthread_mutex_lock(&j->wake_lock);
	while (!atomic_load(&j->stop)) {
		bool failed = false;

		if (room_is_short(j)) {
			pthread_mutex_unlock(&j->wake_lock);
			failed = !journal_prepare(j);
			pthread_mutex_lock(&j->wake_lock);
		}
		if (atomic_load(&j->stop))
			break;
		if (failed)
			wait_until(&j->prepare_wake, &j->wake_lock, RETRY_MS);
		else if (!room_is_short(j))
			wait_until(&j->prepare_wake, &j->wake_lock, 60000);
	}
	pthread_mutex_unlock(&j->wake_lock);
	return NULL;
}

void journal_keep_start(struct journal *j)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&j->prepare_wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	CHECK(pthread_create(&j->flusher, NULL, flusher_run, j) == 0);
	CHECK(pthread_create(&j->preparer, NULL, preparer_run, j) == 0);
	pthread_setname_np(j->flusher, "flush");
	pthread_setname_np(j->preparer, "prepare");
}

void journal_keep_stop(struct journal *j)
{
	uint64_t one = 1;

	atomic_store(&j->stop, true);
	CHECK(write(j->wake, &one, sizeof(one)) == sizeof(one));
	pthread_mutex_lock(&j->wake_lock);
	pthread_cond_signal(&j->prepare_wake);
	pthread_mutex_unlock(&j->wake_lock);
	pthread_join(j->flusher, NULL);
	pthread_join(j->preparer, NULL);
	pthread_cond_destroy(&j->prepare_wake);
}
