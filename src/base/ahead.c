/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ahead.h"

#include "base/check.h"

#include <signal.h>

void ahead_lock(struct ahead *a)
{
	if (a)
		CHECK(pthread_mutex_lock(&a->connection) == 0);
}

void ahead_unlock(struct ahead *a)
{
	if (a)
		CHECK(pthread_mutex_unlock(&a->connection) == 0);
}

static bool fill(struct ahead *a, size_t page)
{
	bool more;

	ahead_lock(a);
	more = a->read(a->arg, page % AHEAD_PAGES);
	ahead_unlock(a);
	return more;
}

/* The page that was taken last is still in use. */
static bool is_full(const struct ahead *a)
{
	size_t in_use = a->taken > 0 ? a->taken - 1 : 0;

	return a->filled - in_use == AHEAD_PAGES;
}

static void *read_all(void *arg)
{
	struct ahead *a = arg;
	bool more = true;

	pthread_mutex_lock(&a->mutex);
	while (more) {
		while (is_full(a) && !a->stopped)
			pthread_cond_wait(&a->changed, &a->mutex);
		if (a->stopped)
			break;
		pthread_mutex_unlock(&a->mutex);
		more = fill(a, a->filled); /* only changed here */
		pthread_mutex_lock(&a->mutex);
		a->filled++;
		a->over = !more;
		pthread_cond_signal(&a->changed);
	}
	pthread_mutex_unlock(&a->mutex);
	return NULL;
}

/* Signals are for the threads that wait for them. */
static bool start_thread(struct ahead *a)
{
	sigset_t all, before;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = pthread_create(&a->thread, NULL, read_all, a) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

void ahead_start(struct ahead *a, bool (*read)(void *arg, size_t page), void *arg)
{
	*a = (struct ahead){ .read = read, .arg = arg };
	CHECK(pthread_mutex_init(&a->connection, NULL) == 0
	      && pthread_mutex_init(&a->mutex, NULL) == 0
	      && pthread_cond_init(&a->changed, NULL) == 0);
	a->threaded = start_thread(a);
}

void ahead_stop(struct ahead *a)
{
	if (a->threaded) {
		pthread_mutex_lock(&a->mutex);
		a->stopped = true;
		pthread_cond_signal(&a->changed);
		pthread_mutex_unlock(&a->mutex);
		CHECK(pthread_join(a->thread, NULL) == 0);
	}
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->mutex);
	pthread_mutex_destroy(&a->connection);
}

bool ahead_next(struct ahead *a, size_t *out_page)
{
	bool any;

	pthread_mutex_lock(&a->mutex);
	if (!a->threaded && !a->over) {
		a->over = !fill(a, a->filled);
		a->filled++;
	}
	while (a->filled == a->taken && !a->over)
		pthread_cond_wait(&a->changed, &a->mutex);
	any = a->filled > a->taken;
	if (any) {
		*out_page = a->taken++ % AHEAD_PAGES;
		pthread_cond_signal(&a->changed);
	}
	pthread_mutex_unlock(&a->mutex);
	return any;
}
