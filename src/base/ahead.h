/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_AHEAD_H
#define BASE_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Reading ahead: a thread that fills one of two pages while the other one is worked on.
 *
 * Where both sides use the same connection, one at a time, whoever does holds the lock. The reader
 * holds it while it reads a page, so the other side waits for at most that long, and not at all
 * when both pages are full. Where no thread can be had, pages are read when they are asked for.
 */

#define AHEAD_PAGES 2

struct ahead {
	/* Fills a page; false after the last one, or when it failed. Called with the lock. */
	bool (*read)(void *arg, size_t page);
	void *arg;

	pthread_t thread;
	bool threaded;
	pthread_mutex_t connection;
	pthread_mutex_t mutex;       /* of what follows */
	pthread_cond_t changed;
	size_t filled, taken;        /* pages since the start; taken may be filled anew but the last */
	bool over, stopped;
};

void ahead_start(struct ahead *a, bool (*read)(void *arg, size_t page), void *arg);
void ahead_stop(struct ahead *a);

/* The next page, which is the caller's until the next call; false when there is none. */
bool ahead_next(struct ahead *a, size_t *out_page);

/* Around what the other side asks of the database; nothing where a is NULL. */
void ahead_lock(struct ahead *a);
void ahead_unlock(struct ahead *a);

#endif
