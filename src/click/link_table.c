/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_table.h"
#include "click/link_table_impl.h"
#include "base/check.h"

#include <stdlib.h>
#include <sys/mman.h>

#define INDEX_MIN 1024

struct link_name link_table_name(const struct link_table *t, struct str host, struct str slug)
{
	unsigned char text[LINK_HOST_MAX + 1 + LINK_SLUG_MAX];
	unsigned char hash[crypto_shorthash_BYTES];
	struct link_name name = { host, slug, 0 };

	if (host.n)
		memcpy(text, host.p, host.n);
	text[host.n] = '/';
	if (slug.n)
		memcpy(text + host.n + 1, slug.p, slug.n);
	crypto_shorthash(hash, text, host.n + 1 + slug.n, t->key);
	memcpy(&name.hash, hash, sizeof(name.hash));
	return name;
}

static bool record_is(struct link_table *t, const struct link_record *r,
                      const struct link_name *name)
{
	if (!str_eq((struct str){ r->text, r->slug_len }, name->slug))
		return false;
	const struct link_scope *s = link_store_scope(&t->store, r);

	return str_eq((struct str){ s->host, s->host_len }, name->host);
}

struct link_hit link_table_hit(struct link_table *t, const struct link_name *name)
{
	struct link_index *x = atomic_load(&t->index);

	for (uint32_t i = name->hash & x->mask;; i = (i + 1) & x->mask) {
		uint64_t word = atomic_load(&x->slots[i]);

		if (word == SLOT_EMPTY)
			return (struct link_hit){ &x->slots[i], word, NULL };
		if (word == SLOT_GONE || word >> 32 != name->hash)
			continue;
		struct link_record *r = link_store_record(&t->store, (uint32_t)word);

		if (record_is(t, r, name))
			return (struct link_hit){ &x->slots[i], word, r };
	}
}

static void piece_free(void *p, size_t n)
{
	(void)n;
	free(p);
}

static struct link_index *index_new(uint32_t slots)
{
	size_t bytes = sizeof(struct link_index) + slots * sizeof(_Atomic uint64_t);
	size_t whole = (bytes + LINK_CHUNK_BYTES - 1) / LINK_CHUNK_BYTES * LINK_CHUNK_BYTES;
	bool is_large = bytes >= LINK_CHUNK_BYTES / 2;
	struct link_index *x = is_large ? aligned_alloc(LINK_CHUNK_BYTES, whole) : malloc(bytes);

	CHECK(x);
	if (is_large)
		(void)madvise(x, whole, MADV_HUGEPAGE);
	memset(x, 0, bytes);
	x->mask = slots - 1;
	return x;
}

static int64_t index_bytes(const struct link_index *x)
{
	return (int64_t)(sizeof(*x) + ((size_t)x->mask + 1) * sizeof(x->slots[0]));
}

static void index_put(struct link_index *x, uint64_t word)
{
	uint32_t i = (uint32_t)(word >> 32) & x->mask;

	while (atomic_load_explicit(&x->slots[i], memory_order_relaxed) != SLOT_EMPTY)
		i = (i + 1) & x->mask;
	atomic_store_explicit(&x->slots[i], word, memory_order_relaxed);
	x->taken++;
}

/* Keep at least a quarter of the slots empty, so that searches end soon. */
static void index_make_room(struct link_table *t)
{
	struct link_index *old = atomic_load(&t->index);
	uint32_t slots = old->mask + 1;

	if ((uint64_t)old->taken + 1 <= (uint64_t)slots / 4 * 3)
		return;
	CHECK(slots < UINT32_C(1) << 30);
	struct link_index *x = index_new(t->live >= slots / 2 ? slots * 2 : slots);

	for (uint32_t i = 0; i < slots; i++) {
		uint64_t word = atomic_load_explicit(&old->slots[i], memory_order_relaxed);

		if (word != SLOT_EMPTY && word != SLOT_GONE)
			index_put(x, word);
	}
	atomic_store(&t->index, x);
	t->rebuilds++;
	t->store.bytes += index_bytes(x) - index_bytes(old);
	epoch_retire(&t->epoch, piece_free, old, 0);
}

/* The slot with exactly this word, or NULL. */
static _Atomic uint64_t *slot_of_word(struct link_index *x, uint64_t word)
{
	for (uint32_t i = (uint32_t)(word >> 32) & x->mask;; i = (i + 1) & x->mask) {
		uint64_t have = atomic_load_explicit(&x->slots[i], memory_order_relaxed);

		if (have == word)
			return &x->slots[i];
		if (have == SLOT_EMPTY)
			return NULL;
	}
}

/* Move the records still in use elsewhere. */
static void chunk_empty(struct link_table *t, uint32_t chunk)
{
	struct link_index *x = atomic_load(&t->index);
	uint32_t at = 0, ref;

	while (link_store_next(&t->store, chunk, &at, &ref)) {
		uint64_t hash = (uint64_t)link_store_record(&t->store, ref)->hash << 32;
		_Atomic uint64_t *slot = slot_of_word(x, hash | ref);

		if (slot)
			atomic_store(slot, hash | link_store_move(&t->store, ref));
	}
	link_store_retire(&t->store, chunk);
}

static void record_drop(struct link_table *t, uint32_t ref)
{
	if (link_store_drop(&t->store, ref))
		chunk_empty(t, ref / LINK_CHUNK_UNITS);
}

bool link_table_entry_ok(const struct link_entry *e)
{
	return link_slug_ok(e->slug) && (e->host.n == 0 || link_host_ok(e->host))
	    && e->url.n <= LINK_URL_MAX && e->cookie_days >= 0 && e->cookie_days <= UINT16_MAX;
}

static bool same_owner(struct link_table *t, const struct link_record *r,
		       const struct link_entry *e)
{
	return r->link_id == e->link_id && link_store_scope(&t->store, r)->org_id == e->org_id;
}

static void tell(struct link_table *t, const struct link_entry *e, bool removed)
{
	if (t->on_change && !(e->flags & LINK_RESERVED))
		t->on_change(t->on_change_arg, e, removed);
}

struct link_entry link_table_entry(struct link_table *t, const struct link_record *r)
{
	const struct link_scope *s = link_store_scope(&t->store, r);

	return (struct link_entry){
		.org_id = s->org_id,
		.link_id = r->link_id,
		.partner_id = r->partner_id,
		.campaign_id = s->campaign_id,
		.enrolment_id = r->enrolment_id,
		.host = { s->host, s->host_len },
		.slug = { r->text, r->slug_len },
		.url = { r->text + r->slug_len, r->url_len },
		.cookie_days = s->cookie_days,
		.flags = r->flags,
	};
}

/* Write the record and let the slot refer to it, in place of what it referred to. */
static void record_publish(struct link_table *t, const struct link_entry *e,
			   const struct link_name *name)
{
	index_make_room(t);

	struct link_hit hit = link_table_hit(t, name);
	uint32_t ref = link_store_write(&t->store, e, name->hash);

	atomic_store(hit.slot, (uint64_t)name->hash << 32 | ref);
	t->visible += !(e->flags & LINK_RESERVED);
	if (hit.record) {
		t->visible -= !(hit.record->flags & LINK_RESERVED);
		record_drop(t, (uint32_t)hit.word);
	} else {
		atomic_load(&t->index)->taken++;
		t->live++;
	}
	tell(t, e, false);
}

void link_table_unpublish(struct link_table *t, const struct link_hit *hit)
{
	struct link_entry e = link_table_entry(t, hit->record);

	atomic_store(hit->slot, SLOT_GONE);
	t->live--;
	t->visible -= !(e.flags & LINK_RESERVED);
	tell(t, &e, true);
	record_drop(t, (uint32_t)hit->word);
}

/* A record without a slug says that a host is somebody's own. */
static void host_publish(struct link_table *t, const struct link_entry *e)
{
	struct link_name name = link_table_name(t, e->host, (struct str){ 0 });
	struct link_entry mark = { .org_id = e->org_id, .host = e->host, .flags = LINK_RESERVED };

	if (e->host.n && !link_table_hit(t, &name).record) {
		record_publish(t, &mark, &name);
		atomic_store(&t->own_hosts, true);
	}
}

void link_table_publish(struct link_table *t, const struct link_entry *e,
                        const struct link_name *name)
{
	host_publish(t, e);
	record_publish(t, e, name);
}

static bool entry_publish(struct link_table *t, const struct link_entry *e, bool replace)
{
	if (!link_table_entry_ok(e))
		return false;

	struct link_name name = link_table_name(t, e->host, e->slug);

	pthread_mutex_lock(&t->lock);
	epoch_collect(&t->epoch);
	const struct link_record *r = link_table_hit(t, &name).record;
	bool ok = !r || same_owner(t, r, e);

	if (ok && (!r || replace)) {
		link_table_publish(t, e, &name);
	}
	pthread_mutex_unlock(&t->lock);
	return ok;
}

bool link_table_reserve(struct link_table *t, const struct link_entry *e)
{
	struct link_entry held = *e;

	held.flags = LINK_RESERVED;
	held.url = (struct str){ 0 };
	return entry_publish(t, &held, false);
}

bool link_table_add(struct link_table *t, const struct link_entry *e)
{
	CHECK(!(e->flags & LINK_RESERVED));
	return entry_publish(t, e, true);
}

char *link_table_name_text(const struct link_entry *e)
{
	return g_strdup_printf("%.*s/%.*s", STR_ARG(e->host), STR_ARG(e->slug));
}

static bool entry_remove(struct link_table *t, const struct link_entry *e, unsigned flags)
{
	if (!link_table_entry_ok(e))
		return false;

	struct link_name name = link_table_name(t, e->host, e->slug);

	pthread_mutex_lock(&t->lock);
	epoch_collect(&t->epoch);
	struct link_hit hit = link_table_hit(t, &name);
	bool ok = hit.record && same_owner(t, hit.record, e)
	       && (hit.record->flags & LINK_RESERVED) == flags;

	if (ok) {
		if (t->removed && !flags)
			g_hash_table_add(t->removed, link_table_name_text(e));
		link_table_unpublish(t, &hit);
	}
	pthread_mutex_unlock(&t->lock);
	return ok;
}

void link_table_release(struct link_table *t, const struct link_entry *e)
{
	(void)entry_remove(t, e, LINK_RESERVED);
}

bool link_table_remove(struct link_table *t, const struct link_entry *e)
{
	return entry_remove(t, e, 0);
}

struct link_pin link_table_pin(struct link_table *t)
{
	return (struct link_pin){ epoch_pin(&t->epoch) };
}

void link_table_unpin(struct link_pin pin)
{
	epoch_unpin(pin.slot);
}

bool link_table_has_hosts(struct link_table *t)
{
	return atomic_load(&t->own_hosts);
}

/* The host whose links count: itself if it is somebody's own, else the shared one. */
static struct str effective_host(struct link_table *t, struct str host)
{
	if (host.n == 0 || host.n > LINK_HOST_MAX || !link_table_has_hosts(t))
		return (struct str){ 0 };
	struct link_name mark = link_table_name(t, host, (struct str){ 0 });

	return link_table_hit(t, &mark).record ? host : (struct str){ 0 };
}

bool link_table_find(struct link_table *t, struct str host, struct str slug, struct link_entry *out)
{
	if (slug.n == 0 || slug.n > LINK_SLUG_MAX)
		return false;

	struct link_name name = link_table_name(t, effective_host(t, host), slug);
	const struct link_record *r = link_table_hit(t, &name).record;

	if (!r || r->flags & LINK_RESERVED)
		return false;

	*out = link_table_entry(t, r);
	return true;
}

struct link_table *link_table_new(int64_t expected)
{
	struct link_table *t = aligned_alloc(64, (sizeof(*t) + 63) & ~(size_t)63);
	uint32_t slots = INDEX_MIN;

	CHECK(t && sodium_init() >= 0 && expected < 1 << 28);
	memset(t, 0, sizeof(*t));
	epoch_init(&t->epoch);
	pthread_mutex_init(&t->lock, NULL);
	while (slots / 4 * 3 < expected)
		slots *= 2;
	atomic_init(&t->index, index_new(slots));
	link_store_init(&t->store, &t->epoch);
	t->store.bytes += index_bytes(atomic_load(&t->index));
	randombytes_buf(t->key, sizeof(t->key));
	return t;
}

void link_table_free(struct link_table *t)
{
	if (!t)
		return;
	if (t->removed)
		g_hash_table_destroy(t->removed);
	epoch_release(&t->epoch);
	link_store_release(&t->store);
	free(atomic_load(&t->index));
	pthread_mutex_destroy(&t->lock);
	free(t);
}

struct link_table_stats link_table_stats(struct link_table *t)
{
	pthread_mutex_lock(&t->lock);
	struct link_table_stats s = { .links = t->visible,
				      .bytes = t->store.bytes,
				      .dead_bytes = t->store.dead_bytes,
				      .retired = t->epoch.retired_count };

	pthread_mutex_unlock(&t->lock);
	return s;
}
