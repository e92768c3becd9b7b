/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LINK_STORE_H
#define CLICK_LINK_STORE_H

#include "click/epoch.h"
#include "click/link_table.h"

#include <glib.h>

/*
 * Where the link table keeps its records: chunks of 2 MiB, written once, front to back.
 *
 * A record is named by a 32-bit reference and never changes. What many links share
 * (organisation, campaign, host, cookie days) is a scope, stored once and kept for ever.
 * Chunks that are emptied go through the table's epoch, so a pinned reader may hold
 * any reference it got. All functions but link_store_record and link_store_scope are for
 * the table's writer.
 */

#define LINK_CHUNK_BYTES ((uint32_t)2 << 20) /* a huge page, so that lookups miss less */
#define LINK_CHUNK_UNITS (LINK_CHUNK_BYTES / 8) /* references count units of 8 bytes */

struct link_scope {
	int64_t org_id, campaign_id, cookie_days;
	uint32_t number;
	uint8_t host_len;
	char host[LINK_HOST_MAX]; /* only host_len bytes are there */
};

struct link_record {
	int64_t link_id, partner_id, enrolment_id;
	uint32_t scope;
	uint32_t hash;
	uint16_t url_len;
	uint8_t slug_len;
	uint8_t flags;
	uint8_t generation; /* the writer's: the sweep that last confirmed it */
	char text[];        /* slug, url */
};

struct link_chunk {
	char *mem;
	uint32_t used, dead;
};

struct link_store {
	struct epoch *epoch;
	struct link_chunk *chunks;
	_Atomic(struct link_scope **) scopes;
	uint32_t chunk_count, current;
	uint32_t scope_count, scope_cap;
	GHashTable *scope_numbers;
	uint8_t generation; /* of new records */
	int64_t bytes, dead_bytes;
};

void link_store_init(struct link_store *s, struct epoch *e);

/* After the epoch has given back everything. */
void link_store_release(struct link_store *s);

static inline struct link_record *link_store_record(const struct link_store *s, uint32_t ref)
{
	char *at = s->chunks[ref / LINK_CHUNK_UNITS].mem + (size_t)(ref % LINK_CHUNK_UNITS) * 8;

	return (struct link_record *)(void *)at;
}

static inline const struct link_scope *link_store_scope(struct link_store *s,
							const struct link_record *r)
{
	return atomic_load(&s->scopes)[r->scope];
}

/* Write a record; the reference is never 0 or 1. */
uint32_t link_store_write(struct link_store *s, const struct link_entry *e, uint32_t hash);

/* The record is outdated. True when its chunk has just become mostly outdated: empty it. */
bool link_store_drop(struct link_store *s, uint32_t ref);

/*
 * Step through the records of a chunk, outdated ones included; *at starts as 0. False at the end.
 */
bool link_store_next(const struct link_store *s, uint32_t chunk, uint32_t *at, uint32_t *out_ref);

/* Copy a record out of the chunk that is being emptied; the new reference. */
uint32_t link_store_move(struct link_store *s, uint32_t ref);

/* No slot refers to the chunk any more: give it back when no reader is left in it. */
void link_store_retire(struct link_store *s, uint32_t chunk);

#endif
