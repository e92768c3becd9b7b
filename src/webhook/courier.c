/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/courier.h"

#include "base/check.h"
#include "base/clock.h"
#include "webhook/trip.h"
#include "work/work.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define REMINDERS 1024 /* organisations at once; the others are found by the job's own clock */
#define POLL_MS 200      /* while there are reminders: the clock may be moved */
#define IDLE_MS 60000

struct reminder {
	int64_t org_id, at_ms;
};

struct trips {
	struct trip *first, *last;
};

struct courier {
	struct courier_config config;
	CURLM *multi;
	pthread_mutex_t lock; /* around everything below */
	pthread_cond_t arrived;
	struct trips waiting, under_way, done;
	int64_t count;        /* of the first two */
	struct reminder reminders[REMINDERS];
	size_t reminder_count;
	int64_t delivered, failed;
	bool started, stopping;
	pthread_t thread;
};

static void put(struct trips *l, struct trip *t)
{
	t->next = NULL;
	*(l->last ? &l->last->next : &l->first) = t;
	l->last = t;
}

static struct trip *pop(struct trips *l)
{
	struct trip *t = l->first;

	if (t && !(l->first = t->next))
		l->last = NULL;
	return t;
}

static void take_out(struct trips *l, struct trip *t)
{
	struct trip **at = &l->first, *before = NULL;

	for (; *at != t; at = &(*at)->next)
		before = *at;
	*at = t->next;
	if (l->last == t)
		l->last = before;
}

static void start_curl(void)
{
	CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
}

struct courier *courier_new(const struct courier_config *config)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct courier *k = calloc(1, sizeof(*k));
	pthread_condattr_t attr;

	CHECK(k != NULL);
	pthread_once(&once, start_curl);
	k->config = *config;
	k->multi = curl_multi_init();
	CHECK(k->multi != NULL);
	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&k->arrived, &attr);
	pthread_condattr_destroy(&attr);
	return k;
}

/* Begin what waits. */
static void depart(struct courier *k)
{
	struct trip *t;

	pthread_mutex_lock(&k->lock);
	while ((t = pop(&k->waiting)) != NULL) {
		put(&k->under_way, t);
		trip_begin(t, &k->config);
		CHECK(curl_multi_add_handle(k->multi, t->easy) == CURLM_OK);
	}
	pthread_mutex_unlock(&k->lock);
}

static void arrive(struct courier *k, CURL *easy, CURLcode code)
{
	struct trip *t;
	int64_t org_id;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	curl_multi_remove_handle(k->multi, easy);
	trip_end(t, code);
	org_id = t->parcel.org_id;
	pthread_mutex_lock(&k->lock);
	take_out(&k->under_way, t);
	put(&k->done, t);
	k->count--;
	if (t->receipt.status >= 200 && t->receipt.status < 300)
		k->delivered++;
	else
		k->failed++;
	pthread_cond_broadcast(&k->arrived);
	pthread_mutex_unlock(&k->lock);
	work_wake(k->config.work, "outbox", org_id);
}

/* One organisation whose time has come; 0: none. */
static int64_t due(struct courier *k)
{
	int64_t now_ms = clock_now_ms(), org_id = 0;

	pthread_mutex_lock(&k->lock);
	for (size_t i = 0; i < k->reminder_count && !org_id; i++)
		if (k->reminders[i].at_ms <= now_ms) {
			org_id = k->reminders[i].org_id;
			k->reminders[i] = k->reminders[--k->reminder_count];
		}
	pthread_mutex_unlock(&k->lock);
	return org_id;
}

/* How long nothing needs to be looked at, unless it is woken; -1: it is to end. */
static int pause_ms(struct courier *k)
{
	pthread_mutex_lock(&k->lock);
	int ms = k->stopping ? -1 : k->reminder_count > 0 ? POLL_MS : IDLE_MS;

	pthread_mutex_unlock(&k->lock);
	return ms;
}

static void *run(void *arg)
{
	struct courier *k = arg;
	int running, left, ms;
	int64_t org_id;
	CURLMsg *m;

	while ((ms = pause_ms(k)) >= 0) {
		depart(k);
		curl_multi_perform(k->multi, &running);
		while ((m = curl_multi_info_read(k->multi, &left)) != NULL)
			if (m->msg == CURLMSG_DONE)
				arrive(k, m->easy_handle, m->data.result);
		while ((org_id = due(k)) != 0)
			work_wake(k->config.work, "outbox", org_id);
		curl_multi_poll(k->multi, NULL, 0, ms, NULL);
	}
	return NULL;
}

/* With the lock: a process that never sends anything has no such thread. */
static void start(struct courier *k)
{
	if (!k->started) {
		CHECK(pthread_create(&k->thread, NULL, run, k) == 0);
		pthread_setname_np(k->thread, "courier");
		k->started = true;
	}
	curl_multi_wakeup(k->multi);
}

void courier_free(struct courier *k)
{
	struct trip *t;

	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->stopping = true;
	pthread_mutex_unlock(&k->lock);
	if (k->started) {
		curl_multi_wakeup(k->multi);
		CHECK(pthread_join(k->thread, NULL) == 0);
	}
	while ((t = pop(&k->under_way)) != NULL) {
		curl_multi_remove_handle(k->multi, t->easy);
		trip_free(t);
	}
	while ((t = pop(&k->waiting)) != NULL || (t = pop(&k->done)) != NULL)
		trip_free(t);
	curl_multi_cleanup(k->multi);
	pthread_cond_destroy(&k->arrived);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

static int64_t count_to(const struct trips *l, int64_t endpoint_id)
{
	int64_t n = 0;

	for (const struct trip *t = l->first; t; t = t->next)
		n += t->parcel.endpoint_id == endpoint_id;
	return n;
}

int64_t courier_room(struct courier *k, int64_t endpoint_id, bool weak)
{
	int64_t room = weak ? COURIER_WEAK : COURIER_EACH;

	pthread_mutex_lock(&k->lock);
	room -= count_to(&k->waiting, endpoint_id) + count_to(&k->under_way, endpoint_id);
	if (room > COURIER_AT_ONCE - k->count)
		room = COURIER_AT_ONCE - k->count;
	pthread_mutex_unlock(&k->lock);
	return room > 0 ? room : 0;
}

static bool lists(const struct trips *l, int64_t org_id, int64_t delivery_id)
{
	for (const struct trip *t = l->first; t; t = t->next)
		if (t->parcel.org_id == org_id
		    && (delivery_id == 0 || t->parcel.delivery_id == delivery_id))
			return true;
	return false;
}

bool courier_has(struct courier *k, int64_t org_id, int64_t delivery_id)
{
	pthread_mutex_lock(&k->lock);
	bool has = lists(&k->waiting, org_id, delivery_id)
	        || lists(&k->under_way, org_id, delivery_id)
	        || lists(&k->done, org_id, delivery_id);

	pthread_mutex_unlock(&k->lock);
	return has;
}

void courier_send(struct courier *k, const struct parcel *p)
{
	struct trip *t = trip_new(p);

	pthread_mutex_lock(&k->lock);
	put(&k->waiting, t);
	k->count++;
	start(k);
	pthread_mutex_unlock(&k->lock);
}

void courier_wait(struct courier *k, int64_t org_id)
{
	int64_t until_ns = clock_mono_ns() + k->config.patience_ms * 1000000;
	struct timespec until = { until_ns / 1000000000, until_ns % 1000000000 };
	int late = 0;

	pthread_mutex_lock(&k->lock);
	while (!late && (lists(&k->waiting, org_id, 0) || lists(&k->under_way, org_id, 0)))
		late = pthread_cond_timedwait(&k->arrived, &k->lock, &until);
	pthread_mutex_unlock(&k->lock);
}

bool courier_returned(struct courier *k, int64_t org_id)
{
	pthread_mutex_lock(&k->lock);
	bool there = lists(&k->done, org_id, 0);

	pthread_mutex_unlock(&k->lock);
	return there;
}

static struct receipt copy(struct arena *a, const struct receipt *r)
{
	struct receipt out = *r;

	out.answer = arena_str(a, r->answer);
	out.error = arena_str(a, r->error);
	return out;
}

void courier_collect(struct courier *k, struct arena *a, int64_t org_id, struct list *out)
{
	struct trips rest = { 0 };
	struct receipt *all = NULL;
	size_t room = 0;
	struct trip *t;

	*out = (struct list){ 0 };
	pthread_mutex_lock(&k->lock);
	while ((t = pop(&k->done)) != NULL) {
		if (t->parcel.org_id != org_id) {
			put(&rest, t);
			continue;
		}
		all = arena_grow(a, all, sizeof(*all), out->count, &room);
		all[out->count++] = copy(a, &t->receipt);
		trip_free(t);
	}
	k->done = rest;
	pthread_mutex_unlock(&k->lock);
	out->items = all;
}

void courier_remind(struct courier *k, int64_t org_id, int64_t at_ms)
{
	size_t i = 0;

	pthread_mutex_lock(&k->lock);
	while (i < k->reminder_count && k->reminders[i].org_id != org_id)
		i++;
	if (i < k->reminder_count && k->reminders[i].at_ms > at_ms)
		k->reminders[i].at_ms = at_ms;
	else if (i == k->reminder_count && i < REMINDERS)
		k->reminders[k->reminder_count++] = (struct reminder){ org_id, at_ms };
	start(k);
	pthread_mutex_unlock(&k->lock);
}

struct courier_stats courier_stats(struct courier *k)
{
	pthread_mutex_lock(&k->lock);
	struct courier_stats s = { k->delivered, k->failed, k->count };

	pthread_mutex_unlock(&k->lock);
	return s;
}
