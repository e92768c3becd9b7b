/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_DRAIN_IMPL_H
#define CLICK_DRAIN_IMPL_H

#include "base/clock.h"
#include "click/courtesy.h"
#include "click/drain_batch.h"

#include <glib.h>
#include <pthread.h>
#include <time.h>

/* Private to the drain: drain.c moves clicks, drain_ask.c answers others about them. */

struct drain {
	struct drain_config config;
	pthread_t thread;

	pthread_mutex_t lock;      /* everything down to `stats` */
	pthread_cond_t progress;
	struct journal_cursor cursor;
	GHashTable *queues;        /* organisation -> struct drain_queue, never an empty one */
	GHashTable *met;           /* organisations whose position is known to be sound */
	int in_flight;
	int64_t kick_pos;          /* as a queue's, for all */
	bool hurry;                /* stopping */
	struct courtesy courtesy;
	_Atomic bool resting;      /* visitors go first: do not wake it for what is new */
	struct drain_stats stats;

	pthread_mutex_t wake_lock; /* held for moments; the flusher takes it */
	pthread_cond_t wake;
	bool woken, stop;
	struct drain_batch *finished;
};

/* Wake the thread. */
void drain_wake(struct drain *d);

/* With the lock: read all that there is in the journal, as far as there is room. */
void drain_catch_up(struct drain *d);

/* With the lock: the position of the first click that is in no database yet. */
int64_t drain_first_needed(struct drain *d);

static inline int64_t drain_ms(void)
{
	return clock_mono_ns() / 1000000;
}

static inline gpointer drain_key(int64_t id)
{
	return (gpointer)(intptr_t)id;
}

static inline void drain_sleep(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms)
{
	struct timespec t = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	(void)pthread_cond_timedwait(cond, lock, &t);
}

#endif
