/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_slow.h"
#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

struct slow {
	struct work *work;
	pthread_mutex_t lock;
	struct task *first, **last; /* waiting; the one that runs is not among them */
	bool running;
	int64_t waiting, refused;
};

struct slow *slow_new(struct work *w)
{
	struct slow *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->work = w;
	s->last = &s->first;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void slow_free(struct slow *s)
{
	if (!s)
		return;
	CHECK(s->first == NULL);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static bool enqueue(struct slow *s, struct task *t)
{
	if (s->waiting >= SLOW_WAITING_MAX) {
		s->refused++;
		return false;
	}
	t->next = NULL;
	*s->last = t;
	s->last = &t->next;
	s->waiting++;
	return true;
}

bool slow_submit(struct slow *s, struct task *t)
{
	bool start, ok;

	pthread_mutex_lock(&s->lock);
	start = !s->running;
	ok = start || enqueue(s, t);
	s->running = true;
	pthread_mutex_unlock(&s->lock);
	if (!start || work_submit(s->work, t))
		return ok;
	slow_next(s);
	return false;
}

static struct task *dequeue(struct slow *s)
{
	struct task *t = s->first;

	if (!t) {
		s->running = false;
		return NULL;
	}
	s->first = t->next;
	if (!s->first)
		s->last = &s->first;
	s->waiting--;
	t->next = NULL;
	return t;
}

/*
 * A waiting task that the workers refuse as well is told so like any failure; its done() goes on.
 */
void slow_next(struct slow *s)
{
	static const struct err busy = { .code = ERR_BUSY, .msg = "The server is busy" };
	struct task *t;

	pthread_mutex_lock(&s->lock);
	t = dequeue(s);
	pthread_mutex_unlock(&s->lock);
	if (t && !work_submit(s->work, t))
		t->done(t, false, &busy);
}

struct slow_stats slow_stats(struct slow *s)
{
	struct slow_stats out;

	pthread_mutex_lock(&s->lock);
	out = (struct slow_stats){ s->waiting, s->refused };
	pthread_mutex_unlock(&s->lock);
	return out;
}
