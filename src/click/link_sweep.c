/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_table_impl.h"
#include "base/check.h"

#define WALK_STEP 4096 /* slots at a time, so that other writers get their turn */

/*
 * Call fn for every visible record. False if the index was rebuilt under way: then some may
 * have been missed and some seen twice.
 */
static bool walk(struct link_table *t, void (*fn)(struct link_table *t, struct link_hit *hit, void *arg),
		 void *arg)
{
	int64_t rebuilds = -1;

	for (uint64_t i = 0, end; ; i = end) {
		pthread_mutex_lock(&t->lock);
		struct link_index *x = atomic_load(&t->index);
		uint64_t slots = (uint64_t)x->mask + 1;
		bool same = rebuilds < 0 || rebuilds == t->rebuilds;

		rebuilds = t->rebuilds;
		end = i + WALK_STEP < slots ? i + WALK_STEP : slots;
		for (uint64_t k = i; same && k < end; k++) {
			struct link_hit hit = { &x->slots[k], atomic_load(&x->slots[k]), NULL };

			if (hit.word == SLOT_EMPTY || hit.word == SLOT_GONE)
				continue;
			hit.record = link_store_record(&t->store, (uint32_t)hit.word);
			if (!(hit.record->flags & LINK_RESERVED))
				fn(t, &hit, arg);
		}
		pthread_mutex_unlock(&t->lock);
		if (!same || end == slots)
			return same;
	}
}

struct each {
	void (*fn)(void *arg, const struct link_entry *e);
	void *arg;
};

static void each_record(struct link_table *t, struct link_hit *hit, void *arg)
{
	const struct each *each = arg;
	struct link_entry e = link_table_entry(t, hit->record);

	each->fn(each->arg, &e);
}

bool link_table_each(struct link_table *t, void (*fn)(void *arg, const struct link_entry *e),
		     void *arg)
{
	struct each each = { fn, arg };

	return walk(t, each_record, &each);
}

void link_table_on_change(struct link_table *t, link_change_fn fn, void *arg)
{
	pthread_mutex_lock(&t->lock);
	t->on_change = fn;
	t->on_change_arg = arg;
	pthread_mutex_unlock(&t->lock);
}

void link_table_sweep_begin(struct link_table *t)
{
	pthread_mutex_lock(&t->lock);
	CHECK(!t->removed);
	t->store.generation++;
	t->removed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pthread_mutex_unlock(&t->lock);
}

static bool same_entry(const struct link_entry *a, const struct link_entry *b)
{
	return a->org_id == b->org_id && a->link_id == b->link_id && a->partner_id == b->partner_id
	    && a->campaign_id == b->campaign_id && a->enrolment_id == b->enrolment_id
	    && a->cookie_days == b->cookie_days && a->flags == b->flags && str_eq(a->url, b->url);
}

/* Was this name given or taken since the sweep began? Then that is newer than what was read. */
static bool is_newer(struct link_table *t, const struct link_record *r, const struct link_entry *e)
{
	if (r)
		return r->generation == t->store.generation;
	char *text = link_table_name_text(e);
	bool removed = g_hash_table_contains(t->removed, text);

	g_free(text);
	return removed;
}

bool link_table_confirm(struct link_table *t, const struct link_entry *e)
{
	CHECK(!(e->flags & LINK_RESERVED));
	if (!link_table_entry_ok(e))
		return false;

	struct link_name name = link_table_name(t, e->host, e->slug);

	pthread_mutex_lock(&t->lock);
	if (!t->removed) {
		pthread_mutex_unlock(&t->lock);
		return link_table_add(t, e);
	}
	epoch_collect(&t->epoch);
	struct link_record *r = link_table_hit(t, &name).record;
	bool newer = is_newer(t, r, e);
	struct link_entry have = r ? link_table_entry(t, r) : (struct link_entry){ 0 };

	if (!newer && r && same_entry(&have, e)) {
		r->generation = t->store.generation;
	} else if (!newer) {
		link_table_publish(t, e, &name);
	}
	pthread_mutex_unlock(&t->lock);
	return true;
}

static void remove_unconfirmed(struct link_table *t, struct link_hit *hit, void *arg)
{
	int64_t *count = arg;

	if (hit->record->generation != t->store.generation) {
		link_table_unpublish(t, hit);
		(*count)++;
	}
}

int64_t link_table_sweep_end(struct link_table *t, bool complete)
{
	int64_t removed = 0;

	while (complete && !walk(t, remove_unconfirmed, &removed))
		;
	pthread_mutex_lock(&t->lock);
	if (t->removed)
		g_hash_table_destroy(t->removed);
	t->removed = NULL;
	pthread_mutex_unlock(&t->lock);
	return removed;
}
