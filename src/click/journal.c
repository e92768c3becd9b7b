/* SPDX-License-Identifier: Apache-2.0 */
#include "click/journal_impl.h"
#include "base/check.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- appending */

/*
 * Take n bytes in one segment; -1 if there is no room. The end of a segment left over gets a pad.
 */
static int64_t reserve(struct journal *j, int64_t n)
{
	int64_t head = atomic_load(&j->head);
	int64_t at, rest;

	do {
		rest = j->segment_bytes - head % j->segment_bytes;
		at = n <= rest ? head : head + rest;
		if (at + n > atomic_load_explicit(&j->limit, memory_order_acquire))
			return -1;
	} while (!atomic_compare_exchange_weak(&j->head, &head, at + n));

	if (at != head) {
		struct record pad;

		record_encode_pad(&pad, j->key, (size_t)rest);
		record_write(&pad, head, journal_live(j, head));
	}
	return at;
}

bool journal_append(struct journal *j, const struct click *k)
{
	struct record r;

	record_encode(&r, j->key, k);
	int64_t at = reserve(j, (int64_t)r.bytes);

	while (at < 0 && j->lazy && journal_prepare(j))
		at = reserve(j, (int64_t)r.bytes);
	if (at < 0) {
		atomic_fetch_add_explicit(&j->lost, 1, memory_order_relaxed);
		return false;
	}
	record_write(&r, at, journal_live(j, at));
	atomic_fetch_add_explicit(&j->appended, 1, memory_order_relaxed);
	if (!j->strict) {
		journal_wake(j);
		return true;
	}
	bool safe = journal_settle(j, at + (int64_t)r.bytes);

	if (!safe)
		atomic_fetch_add_explicit(&j->unsafe, 1, memory_order_relaxed);
	return safe;
}

bool journal_has_room(struct journal *j)
{
	int64_t left = atomic_load(&j->limit) - atomic_load(&j->head);

	return left >= j->segment_bytes / 4 || (j->lazy && journal_prepare(j));
}

/* ---- reading */

/* What an earlier run left at pos; false if nothing is there, with *out_next where to look next. */
static bool old_at(const struct journal *j, int64_t pos, const char **out, size_t *out_n,
                   int64_t *out_next)
{
	for (size_t i = j->old_first; i < j->old_count; i++) {
		const struct segment *s = &j->old[i];
		int64_t begin = s->number * j->segment_bytes, end = begin + (int64_t)s->size;

		if (pos >= end)
			continue;
		*out_next = begin;
		if (pos < begin)
			return false;
		*out = s->map + (pos - begin);
		*out_n = (size_t)(end - pos);
		return true;
	}
	*out_next = j->run_start;
	return false;
}

static bool all_zero(const char *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static void pass_unit(struct journal *j, struct journal_cursor *at, const char *from)
{
	bool torn = !all_zero(from, RECORD_UNIT);

	if (torn && !at->in_torn && at->count_torn)
		atomic_fetch_add(&j->torn, 1);
	at->in_torn = torn;
	at->pos += RECORD_UNIT;
}

/* The bytes at the cursor, moved on to where there are some; false at the end. */
static bool bytes_at(struct journal *j, struct journal_cursor *at, const char **out, size_t *out_n)
{
	int64_t next;

	while (at->pos < j->run_start) {
		if (old_at(j, at->pos, out, out_n, &next))
			return true;
		at->pos = next;
	}
	if (at->pos >= atomic_load(&j->head))
		return false;
	*out = journal_live(j, at->pos);
	*out_n = (size_t)(j->segment_bytes - at->pos % j->segment_bytes);
	return record_is_written(*out);
}

bool journal_next(struct journal *j, struct journal_cursor *at, struct click *out, int64_t *out_at)
{
	const char *from;
	size_t n;
	bool pad;

	while (bytes_at(j, at, &from, &n)) {
		size_t bytes = record_decode(j->key, at->pos, (struct str){ from, n }, out, &pad);

		if (bytes == 0) {
			pass_unit(j, at, from);
			continue;
		}
		at->in_torn = false;
		*out_at = at->pos;
		at->pos += (int64_t)bytes;
		if (!pad)
			return true;
	}
	return false;
}

void journal_get(struct journal *j, int64_t at, struct click *out)
{
	struct journal_cursor cursor = { .pos = at };
	int64_t found = -1;

	CHECK(journal_next(j, &cursor, out, &found) && found == at);
}

static void release_old(struct journal *j, int64_t pos)
{
	while (j->old_first < j->old_count) {
		struct segment *s = &j->old[j->old_first];

		if ((s->number + 1) * j->segment_bytes > pos)
			return;
		segment_remove(&j->dir, s);
		j->old_first++;
	}
}

void journal_release(struct journal *j, int64_t pos)
{
	int64_t first = atomic_load(&j->live_first);

	segment_dir_hint(&j->dir, pos);
	release_old(j, pos);
	pthread_mutex_lock(&j->flush_lock); /* the flusher must not be inside */
	while ((first + 1) * j->segment_bytes <= pos
	       && (first + 1) * j->segment_bytes <= atomic_load(&j->synced)) {
		_Atomic(char *) *map = &j->live[first % JOURNAL_LIVE_MAX];
		struct segment s = { first, atomic_load(map), (size_t)j->segment_bytes };

		atomic_store(map, NULL);
		segment_remove(&j->dir, &s);
		atomic_store(&j->live_first, ++first);
	}
	pthread_mutex_unlock(&j->flush_lock);
}

int64_t journal_id(const struct journal *j)
{
	return j->dir.meta.journal_id;
}

const unsigned char *journal_secret(const struct journal *j)
{
	return j->dir.meta.secret;
}

int64_t journal_start(const struct journal *j)
{
	return j->start;
}

int64_t journal_run_start(const struct journal *j)
{
	return j->run_start;
}

int64_t journal_head(struct journal *j)
{
	return atomic_load(&j->head);
}

void journal_on_flush(struct journal *j, void (*fn)(void *arg), void *arg)
{
	pthread_mutex_lock(&j->flush_lock);
	j->on_flush_arg = arg;
	j->on_flush = fn;
	pthread_mutex_unlock(&j->flush_lock);
}

struct journal_stats journal_stats(struct journal *j)
{
	int64_t live = atomic_load(&j->limit) / j->segment_bytes - atomic_load(&j->live_first);

	return (struct journal_stats){
		.appended = atomic_load(&j->appended), .lost = atomic_load(&j->lost),
		.torn = atomic_load(&j->torn), .flushes = atomic_load(&j->flushes),
		.flush_errors = atomic_load(&j->flush_errors),
		.unsafe = atomic_load(&j->unsafe), .segments = live,
	};
}

/* ---- life */

static bool map_old(struct ctx *c, struct journal *j)
{
	int64_t *numbers, last = j->dir.meta.hint / j->segment_bytes;
	size_t count;

	if (!segment_list(c, &j->dir, &numbers, &count))
		return false;
	j->old = calloc(count + 1, sizeof(*j->old));
	CHECK(j->old);
	for (size_t i = 0; i < count; i++) {
		struct segment *s = &j->old[j->old_count];

		if (!segment_map(&j->dir, numbers[i], s))
			return fail(c, ERR_STORAGE, NULL,
				    "click journal: segment %lld cannot be read",
				    (long long)numbers[i]);
		j->old_count++;
		last = numbers[i] > last ? numbers[i] : last;
	}
	j->start = j->dir.meta.hint;
	j->run_start = (last + 1) * j->segment_bytes;
	atomic_init(&j->head, j->run_start);
	atomic_init(&j->limit, j->run_start);
	atomic_init(&j->synced, j->run_start);
	atomic_init(&j->live_first, last + 1);
	release_old(j, j->start);
	return true;
}

static void derive_key(struct journal *j)
{
	static const char what[] = "click journal checksum";

	crypto_generichash(j->key, sizeof(j->key), (const unsigned char *)what, sizeof(what) - 1,
	                   j->dir.meta.secret, sizeof(j->dir.meta.secret));
}

/* What this run made and did not use goes at once, or commands would leave a trail of them. */
static void unmap_live(struct journal *j)
{
	int64_t end = atomic_load(&j->limit) / j->segment_bytes;
	int64_t used = (atomic_load(&j->head) + j->segment_bytes - 1) / j->segment_bytes;

	/* Without any segment only the hint keeps positions from coming back. */
	if (used < end)
		(void)fdatasync(j->dir.meta_fd);
	for (int64_t n = atomic_load(&j->live_first); n < end; n++) {
		char *map = atomic_load(&j->live[n % JOURNAL_LIVE_MAX]);
		struct segment s = { n, map, (size_t)j->segment_bytes };

		if (n < used)
			segment_unmap(&s);
		else
			segment_remove(&j->dir, &s);
	}
}

static void journal_free(struct journal *j)
{
	for (size_t i = j->old_first; i < j->old_count; i++)
		segment_unmap(&j->old[i]);
	unmap_live(j);
	segment_dir_close(&j->dir);
	if (j->wake >= 0)
		close(j->wake);
	pthread_mutex_destroy(&j->flush_lock);
	pthread_mutex_destroy(&j->prepare_lock);
	pthread_mutex_destroy(&j->wake_lock);
	free(j->old);
	free(j);
}

struct journal *journal_open(struct ctx *c, const struct journal_config *config)
{
	struct journal *j = aligned_alloc(64, (sizeof(*j) + 63) & ~(size_t)63);
	int64_t segment_bytes =
		config->segment_bytes ? config->segment_bytes : JOURNAL_SEGMENT_BYTES;

	CHECK(j && sodium_init() >= 0);
	memset(j, 0, sizeof(*j));
	j->segment_bytes = 1;
	j->flush_ms = config->flush_ms ? config->flush_ms : 10;
	j->strict = config->strict;
	j->lazy = config->lazy;
	pthread_mutex_init(&j->flush_lock, NULL);
	pthread_mutex_init(&j->prepare_lock, NULL);
	pthread_mutex_init(&j->wake_lock, NULL);
	j->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CHECK(j->wake >= 0);
	bool ok = segment_dir_open(c, config->dir, segment_bytes, &j->dir);

	if (ok) {
		j->segment_bytes = j->dir.meta.segment_bytes;
		derive_key(j);
		ok = map_old(c, j);
	}
	if (!ok) {
		journal_free(j);
		return NULL;
	}
	if (!j->lazy)
		(void)journal_prepare(j);
	journal_keep_start(j);
	return j;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	journal_keep_stop(j);
	journal_flush(j);
	journal_free(j);
}
