/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LINK_TABLE_H
#define CLICK_LINK_TABLE_H

#include "base/str.h"

/*
 * The link table: every tracking link of every organisation, in memory, found by
 * host and slug. It is also the authority on who owns a slug, because slugs of the
 * shared host (host "") are unique over all organisations.
 *
 * Records are written once into chunks and never changed; an index of 64-bit words
 * (record and hash) points at the newest record of each slug. Changing a link appends
 * a record and replaces one word, so it costs O(1) and is visible at once. Chunks with
 * mostly outdated records are emptied and given back; the index doubles when it is full.
 *
 * Readers take no lock and never wait: they pin the table, find, use what they found,
 * unpin. What a pinned reader can see is not given back before it unpins. Writers take
 * the table's mutex. Both may run on any thread.
 *
 * Slugs are 1 to 64 of A-Z a-z 0-9 _ -, compared with case. Hosts are lower case,
 * without port. A host counts as an organisation's own as soon as one link has it.
 */

#define LINK_SLUG_MAX 64
#define LINK_HOST_MAX 253
#define LINK_URL_MAX 4096

enum link_entry_flags {
	LINK_SUSPENDED = 1, /* visitors are sent on, but nothing is recorded */
	LINK_RESERVED = 2,  /* the table's own: a slug somebody holds, not yet a link */
};

/* One link. Strings belong to the caller when adding, to the table (until unpin) when found. */
struct link_entry {
	int64_t org_id, link_id, partner_id, campaign_id, enrolment_id;
	struct str host;
	struct str slug;
	struct str url;      /* as target_prepare() made it: checked, UTM parameters merged */
	int64_t cookie_days; /* 0 to 65535 */
	unsigned flags;
};

struct link_table;

/* Room for expected links without growing; it grows when there are more. */
struct link_table *link_table_new(int64_t expected);

/* No reader may be left. */
void link_table_free(struct link_table *t);

bool link_slug_ok(struct str slug);
bool link_host_ok(struct str host);

/*
 * Hold a slug for a link that is about to be created. False if another link has or holds it.
 * Holding again for the same link succeeds. Followed by add (after the commit) or release.
 */
bool link_table_reserve(struct link_table *t, const struct link_entry *e);

/* Give up a slug held by this link and not added; anything else is left alone. */
void link_table_release(struct link_table *t, const struct link_entry *e);

/*
 * Add a link, or replace the one with the same host, slug, organisation and link id. Visible to
 * readers on return. False if the slug belongs to another link or a text is malformed or too long.
 */
bool link_table_add(struct link_table *t, const struct link_entry *e);

/* Take out the link with this host, slug, organisation and link id; false if it is not there. */
bool link_table_remove(struct link_table *t, const struct link_entry *e);

/* What find() returns stays valid between pin and unpin; keep that short and on one thread. */
struct link_pin {
	void *slot;
};
struct link_pin link_table_pin(struct link_table *t);
void link_table_unpin(struct link_pin pin);

/* Does any link have a host of its own? If not, the host makes no difference. */
bool link_table_has_hosts(struct link_table *t);

/*
 * Find the link of a slug. Under an organisation's own host only that host's links exist; under
 * every other host those of the shared one. False for unknown and merely reserved slugs.
 */
bool link_table_find(struct link_table *t, struct str host, struct str slug,
		     struct link_entry *out);

/*
 * Call fn for every link; other writers get their turn in between. False if that made the table
 * rearrange itself: then some links may be missing, and the caller starts again.
 */
bool link_table_each(struct link_table *t, void (*fn)(void *arg, const struct link_entry *e),
                     void *arg);

/* Call fn after each change, in order, with the table locked: it must not call the table. */
typedef void (*link_change_fn)(void *arg, const struct link_entry *e, bool removed);
void link_table_on_change(struct link_table *t, link_change_fn fn, void *arg);

/*
 * A sweep compares the table with the databases while it is in use: begin, confirm every link that
 * a database has, end. What was changed since begin wins over what is confirmed. A complete sweep
 * removes the links that were not confirmed and says how many. Outside of a sweep confirm is add.
 */
void link_table_sweep_begin(struct link_table *t);
bool link_table_confirm(struct link_table *t, const struct link_entry *e);
int64_t link_table_sweep_end(struct link_table *t, bool complete);

struct link_table_stats {
	int64_t links;      /* found by readers, suspended ones included */
	int64_t bytes;      /* chunks, index and shared parts */
	int64_t dead_bytes; /* outdated records inside chunks */
	int64_t retired;    /* pieces that wait for a reader to unpin */
};
struct link_table_stats link_table_stats(struct link_table *t);

#endif
