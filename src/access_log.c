/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define HALF_BYTES (1 << 20)
#define LINE_MAX_BYTES 512
#define FLUSH_NS 100000000

/* One half is filled while the other is written. */
struct access_log {
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_t thread;
	bool json, stopping;
	char *filling, *writing;
	size_t n;
	int64_t left_out;
};

struct line {
	char p[LINE_MAX_BYTES];
	size_t n;
	bool json;
};

static void put(struct line *o, const char *p, size_t n)
{
	CHECK(o->n + n < sizeof(o->p));
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void key(struct line *o, const char *name)
{
	if (o->json) {
		put(o, o->n > 1 ? ",\"" : "\"", o->n > 1 ? 2 : 1);
		put(o, name, strlen(name));
		put(o, "\":", 2);
	} else {
		if (o->n > 0)
			put(o, " ", 1);
		put(o, name, strlen(name));
		put(o, "=", 1);
	}
}

/* Only for texts of our own: ids, methods and the paths of routes need no escapes. */
static void text(struct line *o, const char *name, struct str s)
{
	key(o, name);
	if (o->json)
		put(o, "\"", 1);
	put(o, s.p, s.n < 100 ? s.n : 100);
	if (o->json)
		put(o, "\"", 1);
}

static void number(struct line *o, const char *name, int64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t rest = (uint64_t)value;

	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	key(o, name);
	put(o, digits + at, sizeof(digits) - at);
}

static void id(struct line *o, const char *name, enum id_kind kind, int64_t value)
{
	char p[ID_TEXT_MAX];

	if (value > 0)
		text(o, name, (struct str){ p, id_format(kind, value, p) });
}

static void format(struct line *o, const struct access_line *l)
{
	char at[CLOCK_TEXT_MAX];

	if (o->json)
		put(o, "{", 1);
	text(o, "time", (struct str){ at, time_format(clock_real_ms(), at) });
	text(o, "level", STR("info"));
	text(o, "msg", STR("request"));
	text(o, "id", l->id);
	text(o, "method", str_from(l->method));
	text(o, "route", str_from(l->route));
	number(o, "status", l->status);
	number(o, "us", l->us);
	number(o, "bytes", l->bytes);
	id(o, "org", ID_ORG, l->org_id);
	id(o, "key", ID_KEY, l->key_id);
	id(o, "user", ID_USER, l->user_id);
	put(o, o->json ? "}\n" : "\n", o->json ? 2 : 1);
}

void access_log_put(struct access_log *l, const struct access_line *what)
{
	struct line o;

	o.n = 0;
	o.json = l->json;
	format(&o, what);
	pthread_mutex_lock(&l->lock);
	if (l->n == 0)
		pthread_cond_signal(&l->more);
	if (l->n + o.n <= HALF_BYTES) {
		memcpy(l->filling + l->n, o.p, o.n);
		l->n += o.n;
	} else {
		l->left_out++;
	}
	pthread_mutex_unlock(&l->lock);
}

static void write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDERR_FILENO, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return; /* nowhere to say so */
		p += done;
		n -= (size_t)done;
	}
}

/* With the lock; gives it up while writing. */
static void flush(struct access_log *l)
{
	char *full = l->filling;
	size_t n = l->n;
	int64_t left_out = l->left_out;

	l->filling = l->writing;
	l->writing = full;
	l->n = 0;
	l->left_out = 0;
	pthread_mutex_unlock(&l->lock);
	write_all(full, n);
	if (left_out > 0)
		log_event(LOG_WARN, "lines of the access log were left out",
		          LOG_INT("lines", left_out));
	pthread_mutex_lock(&l->lock);
}

/* With the lock: sleep until there is a line, then a little longer for its company. */
static void wait(struct access_log *l)
{
	struct timespec until;

	while (l->n == 0 && !l->stopping)
		pthread_cond_wait(&l->more, &l->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += FLUSH_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!l->stopping && pthread_cond_timedwait(&l->more, &l->lock, &until) == 0)
		;
}

static void *run(void *arg)
{
	struct access_log *l = arg;
	bool last;

	pthread_mutex_lock(&l->lock);
	do {
		wait(l);
		last = l->stopping;
		flush(l);
	} while (!last);
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

struct access_log *access_log_start(bool json)
{
	struct access_log *l = calloc(1, sizeof(*l));

	CHECK(l != NULL);
	l->json = json;
	l->filling = malloc(HALF_BYTES);
	l->writing = malloc(HALF_BYTES);
	CHECK(l->filling && l->writing);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->more, NULL);
	CHECK(pthread_create(&l->thread, NULL, run, l) == 0);
	return l;
}

void access_log_stop(struct access_log *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->stopping = true;
	pthread_cond_signal(&l->more);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->more);
	free(l->filling);
	free(l->writing);
	free(l);
}
