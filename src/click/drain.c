/* SPDX-License-Identifier: Apache-2.0 */
#include "click/drain.h"
#include "base/check.h"
#include "base/log.h"
#include "click/drain_impl.h"

#include <stdlib.h>

#define SCAN_MAX 4096           /* records read before due batches are sent */
#define PENDING_MAX (1 << 20)   /* then reading waits for the databases */
#define IN_FLIGHT_MAX 32        /* batches in lanes at once */
#define MISSING_MAX 3           /* tries in a row before those of a missing one are dropped */
#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 10000
#define IDLE_MS 1000
#define COURTESY_MS 100
#define RECORD_TYPICAL_BYTES 128
#define UNWRITTEN_MS 2          /* somebody is writing the next record right now */

/* ---- queues */

static struct drain_queue *queue_of(struct drain *d, int64_t org_id)
{
	struct drain_queue *q = g_hash_table_lookup(d->queues, drain_key(org_id));

	if (q)
		return q;
	q = drain_queue_new(org_id);
	q->since_ms = drain_ms();
	g_hash_table_insert(d->queues, drain_key(org_id), q);
	return q;
}

static void push(struct drain *d, const struct click *k, int64_t pos)
{
	drain_queue_push(queue_of(d, k->org_id), (struct drain_item){ pos, k->id });
	d->stats.pending++;
}

/* The first n clicks are done with; the queue goes with its last one. */
static void pop(struct drain *d, struct drain_queue *q, size_t n)
{
	drain_queue_pop(q, n);
	q->since_ms = drain_ms();
	d->stats.pending -= (int64_t)n;
	if (q->count == 0)
		g_hash_table_remove(d->queues, drain_key(q->org_id));
}

/* Somebody waits for the first click of the queue. */
static bool is_wanted(const struct drain *d, const struct drain_queue *q)
{
	int64_t first = drain_queue_at(q, 0)->pos;

	return d->hurry || first < q->kick_pos || first < d->kick_pos;
}

static int64_t due_ms(const struct drain *d, const struct drain_queue *q)
{
	int64_t due = is_wanted(d, q) || q->count >= DRAIN_BATCH_MAX ? 0
	            : q->since_ms + d->config.delay_ms;

	return due > q->retry_ms ? due : q->retry_ms;
}

/* ---- reading the journal */

static void scan(struct drain *d)
{
	struct click k;
	int64_t at;

	for (int i = 0; i < SCAN_MAX && d->stats.pending < PENDING_MAX; i++) {
		if (!journal_next(d->config.journal, &d->cursor, &k, &at))
			return;
		push(d, &k, at);
	}
}

void drain_catch_up(struct drain *d)
{
	int64_t before;

	do {
		before = d->cursor.pos;
		scan(d);
	} while (d->cursor.pos != before);
}

/* About how many clicks wait, read or not. */
static int64_t waiting(const struct drain *d)
{
	int64_t unread = journal_head(d->config.journal) - d->cursor.pos;

	return d->stats.pending + unread / RECORD_TYPICAL_BYTES;
}

int64_t drain_first_needed(struct drain *d)
{
	int64_t first = d->cursor.pos;
	GHashTableIter i;
	gpointer value;

	g_hash_table_iter_init(&i, d->queues);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		const struct drain_queue *q = value;

		if (drain_queue_at(q, 0)->pos < first)
			first = drain_queue_at(q, 0)->pos;
	}
	return first;
}

/* ---- batches */

void drain_wake(struct drain *d)
{
	pthread_mutex_lock(&d->wake_lock);
	d->woken = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->wake_lock);
}

static void flushed(void *arg)
{
	struct drain *d = arg;

	if (!d->resting)
		drain_wake(d);
}

/* On the lane's thread: only pass it on. */
static void batch_done(struct task *t, bool ok, const struct err *e)
{
	struct drain_batch *b = (struct drain_batch *)t;
	struct drain *d = b->owner;

	b->ok = ok;
	b->why = ok || !e ? ERR_NONE : e->code;
	pthread_mutex_lock(&d->wake_lock);
	b->next = d->finished;
	d->finished = b;
	d->woken = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->wake_lock);
}

static struct drain_batch *batch_new(struct drain *d, struct drain_queue *q)
{
	struct drain_batch *b = calloc(1, sizeof(*b));

	CHECK(b);
	arena_init(&b->arena);
	b->task = (struct task){ .kind = WORK_WRITE, .org_id = q->org_id, .arena = &b->arena,
	                         .app = d->config.app, .run = drain_batch_run, .done = batch_done };
	b->journal = d->config.journal;
	b->owner = d;
	b->queue = q;
	b->first = !g_hash_table_contains(d->met, drain_key(q->org_id));
	b->count = q->count < DRAIN_BATCH_MAX ? q->count : DRAIN_BATCH_MAX;
	memcpy(b->items, drain_queue_at(q, 0), b->count * sizeof(b->items[0]));
	q->busy = true;
	d->in_flight++;
	return b;
}

static void batch_failed(struct drain *d, struct drain_queue *q, const struct drain_batch *b)
{
	int64_t wait = (int64_t)BACKOFF_MS << (q->failures < 7 ? q->failures : 7);

	d->stats.failures++;
	drain_queue_failed(q, b->why == ERR_NOT_FOUND);
	if (q->missing >= MISSING_MAX) {
		log_event(LOG_WARN, "clicks of an organisation that does not exist dropped",
		          LOG_INT("org", q->org_id), LOG_INT("count", (int64_t)b->count));
		d->stats.dropped += (int64_t)b->count;
		pop(d, q, b->count);
		return;
	}
	q->retry_ms = drain_ms() + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
	if (q->failures == 1)
		log_event(LOG_WARN, "clicks could not be stored, trying again",
		          LOG_INT("org", q->org_id), LOG_CSTR("why", err_info(b->why)->wire));
}

static void batch_finish(struct drain *d, struct drain_batch *b)
{
	struct drain_queue *q = b->queue;

	q->busy = false;
	d->in_flight--;
	if (b->sound)
		g_hash_table_add(d->met, drain_key(q->org_id));
	if (b->ok) {
		drain_queue_went_well(q);
		d->stats.batches++;
		d->stats.drained += b->inserted;
		d->stats.skipped += b->skipped;
		if (!b->reset)
			pop(d, q, b->count);
	} else {
		batch_failed(d, q, b);
	}
	arena_release(&b->arena);
	free(b);
}

/* True if there was one. */
static bool finish_all(struct drain *d)
{
	pthread_mutex_lock(&d->wake_lock);
	struct drain_batch *b = d->finished;

	bool any = b != NULL;

	d->finished = NULL;
	pthread_mutex_unlock(&d->wake_lock);
	while (b) {
		struct drain_batch *next = b->next;

		batch_finish(d, b);
		b = next;
	}
	return any;
}

/* Batches of all queues that are due, chained; *out_next_ms is when the next one will be. */
static struct drain_batch *take_due(struct drain *d, int64_t *out_next_ms)
{
	int64_t now = drain_ms(), next = now + (d->resting ? COURTESY_MS : IDLE_MS);
	struct drain_batch *due = NULL;
	GHashTableIter i;
	gpointer value;

	g_hash_table_iter_init(&i, d->queues);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		struct drain_queue *q = value;
		int64_t at = due_ms(d, q);

		if (q->busy)
			continue;
		if (d->resting && !is_wanted(d, q))
			at = now + COURTESY_MS;
		if (at <= now && d->in_flight < IN_FLIGHT_MAX) {
			struct drain_batch *b = batch_new(d, q);

			b->next = due;
			due = b;
		} else if (at > now && at < next) {
			next = at;
		}
	}
	*out_next_ms = next;
	return due;
}

static void submit(struct drain *d, struct drain_batch *b)
{
	static const struct err busy = { .code = ERR_BUSY };

	while (b) {
		struct drain_batch *next = b->next;

		if (!work_submit(d->config.work, &b->task))
			batch_done(&b->task, false, &busy);
		b = next;
	}
}

/* ---- the thread */

/* False when it is time to stop. */
static bool sleep_until(struct drain *d, int64_t until_ms)
{
	pthread_mutex_lock(&d->wake_lock);
	while (!d->woken && !d->stop && drain_ms() < until_ms)
		drain_sleep(&d->wake, &d->wake_lock, until_ms);
	d->woken = false;
	bool go_on = !d->stop;

	pthread_mutex_unlock(&d->wake_lock);
	return go_on;
}

static void *drain_run(void *arg)
{
	struct drain *d = arg;
	int64_t next_ms;

	do {
		pthread_mutex_lock(&d->lock);
		int64_t before = d->cursor.pos;
		bool progress = finish_all(d);

		d->resting = !d->hurry && courtesy_asks_to_wait(&d->courtesy, waiting(d));
		if (!d->resting)
			scan(d);
		progress = progress || d->cursor.pos != before;
		struct drain_batch *due = take_due(d, &next_ms);
		int64_t needed = drain_first_needed(d), head = journal_head(d->config.journal);

		d->stats.lag_bytes = head - needed;
		if (!d->resting && d->cursor.pos < head && d->stats.pending < PENDING_MAX)
			next_ms = drain_ms() + (due ? 0 : UNWRITTEN_MS);
		if (progress)
			pthread_cond_broadcast(&d->progress);
		pthread_mutex_unlock(&d->lock);
		submit(d, due);
		journal_release(d->config.journal, needed);
	} while (sleep_until(d, next_ms));
	return NULL;
}

static void cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct drain *drain_start(const struct drain_config *config)
{
	struct drain *d = calloc(1, sizeof(*d));

	CHECK(d && config->journal && config->work);
	d->config = *config;
	if (d->config.delay_ms == 0)
		d->config.delay_ms = 200;
	d->cursor = (struct journal_cursor){ .pos = journal_start(config->journal),
					     .count_torn = true };
	d->queues = g_hash_table_new_full(NULL, NULL, NULL, drain_queue_free);
	d->met = g_hash_table_new(NULL, NULL);
	pthread_mutex_init(&d->lock, NULL);
	pthread_mutex_init(&d->wake_lock, NULL);
	cond_init(&d->progress);
	cond_init(&d->wake);
	journal_on_flush(config->journal, flushed, d);
	CHECK(pthread_create(&d->thread, NULL, drain_run, d) == 0);
	pthread_setname_np(d->thread, "drain");
	return d;
}

/* Batches in lanes point to the queues: they must come back first. */
static void wait_for_lanes(struct drain *d)
{
	pthread_mutex_lock(&d->lock);
	while (d->in_flight > 0) {
		drain_sleep(&d->progress, &d->lock, drain_ms() + 10);
		(void)finish_all(d);
	}
	pthread_mutex_unlock(&d->lock);
}

void drain_stop(struct drain *d, int64_t ms)
{
	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->hurry = true;
	pthread_mutex_unlock(&d->lock);
	(void)drain_wait(d, 0, ms);
	journal_on_flush(d->config.journal, NULL, NULL);
	pthread_mutex_lock(&d->wake_lock);
	d->stop = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->wake_lock);
	pthread_join(d->thread, NULL);
	wait_for_lanes(d);
	journal_release(d->config.journal, drain_first_needed(d));
	g_hash_table_destroy(d->queues);
	g_hash_table_destroy(d->met);
	pthread_cond_destroy(&d->wake);
	pthread_cond_destroy(&d->progress);
	pthread_mutex_destroy(&d->wake_lock);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
