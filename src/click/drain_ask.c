/* SPDX-License-Identifier: Apache-2.0 */
#include "click/drain_impl.h"

#include <sched.h>

void drain_kick(struct drain *d, int64_t org_id)
{
	(void)drain_wait(d, org_id, 0);
}

/* All that was appended before `target` is committed. */
static bool is_through(struct drain *d, int64_t org_id, int64_t target)
{
	const struct drain_queue *q = g_hash_table_lookup(d->queues, drain_key(org_id));

	if (d->cursor.pos < target)
		return false;
	if (org_id == 0)
		return drain_first_needed(d) >= target;
	return !q || drain_queue_at(q, 0)->pos >= target;
}

/* What lies before target does not wait for company; true if that was not known yet. */
static bool kick(struct drain *d, int64_t org_id, int64_t target)
{
	struct drain_queue *q = g_hash_table_lookup(d->queues, drain_key(org_id));
	int64_t *kick_pos = org_id == 0 ? &d->kick_pos : q ? &q->kick_pos : NULL;

	if (!kick_pos || *kick_pos >= target)
		return false;
	*kick_pos = target;
	return true;
}

bool drain_wait(struct drain *d, int64_t org_id, int64_t ms)
{
	int64_t until = drain_ms() + ms, target = journal_head(d->config.journal);
	bool through;

	pthread_mutex_lock(&d->lock);
	for (;;) {
		drain_catch_up(d);
		through = is_through(d, org_id, target);
		if (!through && kick(d, org_id, target))
			drain_wake(d);
		if (through || drain_ms() >= until)
			break;
		drain_sleep(&d->progress, &d->lock, until);
	}
	pthread_mutex_unlock(&d->lock);
	return through;
}

static void copy_click(struct arena *a, const struct click *k, struct click *out)
{
	*out = *k;
	out->referrer = arena_str(a, k->referrer);
	out->utm = arena_str(a, k->utm);
	out->sub = arena_str(a, k->sub);
	out->country = arena_str(a, k->country);
}

/* What the thread has not read yet; a record being written is waited for. */
static bool find_unread(struct drain *d, int64_t click_id, struct click *out)
{
	struct journal_cursor at = { .pos = d->cursor.pos };
	int64_t where, head = journal_head(d->config.journal);

	for (int tries = 0; tries < 1000; tries++) {
		while (journal_next(d->config.journal, &at, out, &where))
			if (out->id == click_id)
				return true;
		if (at.pos >= head)
			return false;
		sched_yield();
	}
	return false;
}

static const struct drain_item *find_read(struct drain *d, int64_t org_id, int64_t click_id)
{
	const struct drain_queue *q = g_hash_table_lookup(d->queues, drain_key(org_id));

	return q ? drain_queue_find(q, click_id) : NULL;
}

bool drain_find(struct drain *d, struct arena *a, int64_t org_id, int64_t click_id,
                struct click *out)
{
	struct click k;

	pthread_mutex_lock(&d->lock);
	const struct drain_item *known = find_read(d, org_id, click_id);

	if (!known) {
		drain_catch_up(d);
		known = find_read(d, org_id, click_id);
	}
	bool found = known != NULL;

	if (found)
		journal_get(d->config.journal, known->pos, &k);
	else
		found = find_unread(d, click_id, &k);
	found = found && k.org_id == org_id;
	if (found)
		copy_click(a, &k, out);
	pthread_mutex_unlock(&d->lock);
	return found;
}

struct drain_stats drain_stats(struct drain *d)
{
	pthread_mutex_lock(&d->lock);
	drain_catch_up(d);
	struct drain_stats s = d->stats;

	pthread_mutex_unlock(&d->lock);
	return s;
}
