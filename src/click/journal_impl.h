/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_JOURNAL_IMPL_H
#define CLICK_JOURNAL_IMPL_H

#include "click/journal.h"
#include "click/segment.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * The inside of a journal, shared by journal.c (append, read, release) and
 * journal_keep.c: two threads that keep it durable (the flusher) and keep prepared
 * segments in front of it (the preparer). But for a test, nobody else includes this.
 */

/* Segments of this run at once; then appends fail until some are drained. */
#define JOURNAL_LIVE_MAX 1024

struct journal {
	/* What every append touches. */
	_Alignas(64) _Atomic int64_t head;  /* next free position */
	_Atomic int64_t appended, lost;
	_Alignas(64) _Atomic int64_t limit; /* end of the prepared segments */
	_Atomic bool asleep;                /* the flusher waits for `wake` */
	int64_t segment_bytes;
	bool strict, lazy;
	unsigned char key[RECORD_KEY_BYTES];
	int wake;
	_Atomic(char *) live[JOURNAL_LIVE_MAX]; /* maps of this run's segments, by number */

	_Alignas(64) struct segment_dir dir;
	int64_t start, run_start;           /* where reading begins; where this run began */
	struct segment *old;                /* earlier runs' segments; the releasing reader's */
	size_t old_count;
	_Atomic size_t old_first;           /* those before it are gone */
	_Atomic int64_t live_first;         /* number of the oldest segment in live */

	pthread_mutex_t flush_lock;
	_Atomic int64_t synced;             /* all before it has been flushed, well or not */
	_Atomic int64_t failed_to;          /* not known to be on disk is what ends up to here */
	bool failing;                       /* the last flush did */
	bool (*inject_sync)(void);          /* called before an msync; false: fail. Tests only */
	_Atomic int64_t torn, flushes, flush_errors, unsafe;
	int64_t flush_ms;
	void (*on_flush)(void *arg);
	void *on_flush_arg;
	_Atomic bool stop;
	pthread_t flusher, preparer;
	pthread_mutex_t prepare_lock; /* one segment is made at a time */
	pthread_mutex_t wake_lock;    /* of the preparer's sleep */
	pthread_cond_t prepare_wake;
};

/* Where a position of this run is in memory. */
static inline char *journal_live(struct journal *j, int64_t pos)
{
	char *map = atomic_load_explicit(&j->live[pos / j->segment_bytes % JOURNAL_LIVE_MAX],
	                                 memory_order_relaxed);

	return map + pos % j->segment_bytes;
}

/* Make and map the segment at the limit. False when there is no room for it. */
bool journal_prepare(struct journal *j);

void journal_keep_start(struct journal *j);
void journal_keep_stop(struct journal *j);

/* Bring to disk what is not there yet, as far as it is written without a gap. */
void journal_flush(struct journal *j);

/* Wait until a record that ends there is on disk; false if the disk refused it. */
bool journal_settle(struct journal *j, int64_t end);

/* Tell a sleeping flusher that there is work; costs one load when it is awake. */
void journal_wake(struct journal *j);

#endif
