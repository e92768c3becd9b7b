/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_store.h"
#include "base/check.h"

#include <stdlib.h>
#include <sys/mman.h>

#define CHUNKS_MAX 16384 /* times LINK_CHUNK_UNITS is 2^32 */
#define CHUNK_FIRST 16   /* so that references 0 and 1 name nothing */
#define SCOPES_MIN 64

static bool all_of(struct str s, const char *others, bool upper)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
		      || (upper && c >= 'A' && c <= 'Z') || (c && strchr(others, c))))
			return false;
	}
	return true;
}

bool link_slug_ok(struct str slug)
{
	return slug.n >= 1 && slug.n <= LINK_SLUG_MAX && all_of(slug, "_-", true);
}

bool link_host_ok(struct str host)
{
	return host.n >= 1 && host.n <= LINK_HOST_MAX && all_of(host, ".-", false);
}

static size_t record_bytes(const struct link_record *r)
{
	return (offsetof(struct link_record, text) + r->slug_len + r->url_len + 7) & ~(size_t)7;
}

static void piece_free(void *p, size_t n)
{
	(void)n;
	free(p);
}

static guint scope_hash(gconstpointer p)
{
	const struct link_scope *s = p;
	uint64_t h = str_hash((struct str){ s->host, s->host_len });

	h ^= (uint64_t)s->org_id * 0x9e3779b97f4a7c15u + (uint64_t)s->campaign_id;
	return (guint)(h ^ h >> 32 ^ (uint64_t)s->cookie_days);
}

static gboolean scope_equal(gconstpointer a, gconstpointer b)
{
	const struct link_scope *s = a, *o = b;

	return s->org_id == o->org_id && s->campaign_id == o->campaign_id
	    && s->cookie_days == o->cookie_days && s->host_len == o->host_len
	    && memcmp(s->host, o->host, s->host_len) == 0;
}

static void scopes_make_room(struct link_store *s)
{
	struct link_scope **old = atomic_load(&s->scopes);

	if (s->scope_count < s->scope_cap)
		return;
	struct link_scope **more = calloc((size_t)s->scope_cap * 2, sizeof(struct link_scope *));

	CHECK(more);
	memcpy(more, old, s->scope_cap * sizeof(struct link_scope *));
	s->bytes += (int64_t)(s->scope_cap * sizeof(struct link_scope *));
	s->scope_cap *= 2;
	atomic_store(&s->scopes, more);
	epoch_retire(s->epoch, piece_free, old, 0);
}

static uint32_t scope_number(struct link_store *s, const struct link_entry *e)
{
	struct link_scope want = { .org_id = e->org_id, .campaign_id = e->campaign_id,
	                           .cookie_days = e->cookie_days, .host_len = (uint8_t)e->host.n };

	if (e->host.n)
		memcpy(want.host, e->host.p, e->host.n);
	const struct link_scope *known = g_hash_table_lookup(s->scope_numbers, &want);

	if (known)
		return known->number;

	size_t bytes = offsetof(struct link_scope, host) + e->host.n;
	struct link_scope *scope = malloc(bytes);

	CHECK(scope && s->scope_count < UINT32_MAX / 2);
	scopes_make_room(s);
	want.number = s->scope_count++;
	memcpy(scope, &want, bytes);
	atomic_load(&s->scopes)[scope->number] = scope;
	g_hash_table_add(s->scope_numbers, scope);
	s->bytes += (int64_t)bytes;
	return scope->number;
}

static void chunk_new(struct link_store *s)
{
	uint32_t i = 0;

	while (i < s->chunk_count && s->chunks[i].mem)
		i++;
	CHECK(i < CHUNKS_MAX);
	s->chunks[i] =
		(struct link_chunk){ .mem = aligned_alloc(LINK_CHUNK_BYTES, LINK_CHUNK_BYTES),
				     .used = CHUNK_FIRST };
	CHECK(s->chunks[i].mem);
	(void)madvise(s->chunks[i].mem, LINK_CHUNK_BYTES, MADV_HUGEPAGE);
	if (i == s->chunk_count)
		s->chunk_count++;
	s->current = i;
	s->bytes += LINK_CHUNK_BYTES;
}

static uint32_t record_copy(struct link_store *s, const struct link_record *head, struct str slug,
                            struct str url)
{
	size_t bytes = record_bytes(head);

	if (s->chunks[s->current].used + bytes > LINK_CHUNK_BYTES)
		chunk_new(s);
	struct link_chunk *c = &s->chunks[s->current];
	uint32_t ref = s->current * LINK_CHUNK_UNITS + c->used / 8;
	struct link_record *r = link_store_record(s, ref);

	memcpy(r, head, offsetof(struct link_record, text));
	if (slug.n)
		memcpy(r->text, slug.p, slug.n);
	if (url.n)
		memcpy(r->text + slug.n, url.p, url.n);
	c->used += (uint32_t)bytes;
	return ref;
}

uint32_t link_store_write(struct link_store *s, const struct link_entry *e, uint32_t hash)
{
	struct link_record head = {
		.link_id = e->link_id, .partner_id = e->partner_id, .enrolment_id = e->enrolment_id,
		.scope = scope_number(s, e), .hash = hash, .url_len = (uint16_t)e->url.n,
		.slug_len = (uint8_t)e->slug.n, .flags = (uint8_t)e->flags,
		.generation = s->generation,
	};

	return record_copy(s, &head, e->slug, e->url);
}

uint32_t link_store_move(struct link_store *s, uint32_t ref)
{
	const struct link_record *r = link_store_record(s, ref);
	uint32_t to = record_copy(s, r, (struct str){ r->text, r->slug_len },
	                          (struct str){ r->text + r->slug_len, r->url_len });

	(void)link_store_drop(s, ref);
	return to;
}

bool link_store_drop(struct link_store *s, uint32_t ref)
{
	struct link_chunk *c = &s->chunks[ref / LINK_CHUNK_UNITS];
	uint32_t before = c->dead;
	uint32_t bytes = (uint32_t)record_bytes(link_store_record(s, ref));

	c->dead += bytes;
	s->dead_bytes += bytes;
	if (before > LINK_CHUNK_BYTES / 2 || c->dead <= LINK_CHUNK_BYTES / 2)
		return false;
	if (ref / LINK_CHUNK_UNITS == s->current)
		chunk_new(s);
	return true;
}

bool link_store_next(const struct link_store *s, uint32_t chunk, uint32_t *at, uint32_t *out_ref)
{
	if (*at == 0)
		*at = CHUNK_FIRST;
	if (*at >= s->chunks[chunk].used)
		return false;
	*out_ref = chunk * LINK_CHUNK_UNITS + *at / 8;
	*at += (uint32_t)record_bytes(link_store_record(s, *out_ref));
	return true;
}

static void chunk_give_back(void *store, size_t number)
{
	struct link_store *s = store;

	free(s->chunks[number].mem);
	s->dead_bytes -= s->chunks[number].dead;
	s->chunks[number] = (struct link_chunk){ 0 };
	s->bytes -= LINK_CHUNK_BYTES;
}

void link_store_retire(struct link_store *s, uint32_t chunk)
{
	epoch_retire(s->epoch, chunk_give_back, s, chunk);
}

void link_store_init(struct link_store *s, struct epoch *e)
{
	s->epoch = e;
	s->chunks = calloc(CHUNKS_MAX, sizeof(*s->chunks));
	s->scope_cap = SCOPES_MIN;
	atomic_init(&s->scopes, calloc(SCOPES_MIN, sizeof(struct link_scope *)));
	s->scope_numbers = g_hash_table_new_full(scope_hash, scope_equal, free, NULL);
	CHECK(s->chunks && atomic_load(&s->scopes));
	s->bytes = (int64_t)(SCOPES_MIN * sizeof(struct link_scope *));
	chunk_new(s);
}

void link_store_release(struct link_store *s)
{
	for (uint32_t i = 0; i < s->chunk_count; i++)
		free(s->chunks[i].mem);
	free(s->chunks);
	g_hash_table_destroy(s->scope_numbers);
	free(atomic_load(&s->scopes));
}
