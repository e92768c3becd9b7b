/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_CLICK_H
#define CLICK_CLICK_H

#include "click/drain.h"
#include "click/journal.h"
#include "click/link_table.h"

/*
 * Clicks: link table, journal and drain as one, and the path each click takes, whether
 * it came through GET /{slug} or POST /api/v1/track/click.
 *
 * A visitor's address is never stored: device is SipHash over address and browser under
 * a key that changes every UTC day and is derived from a secret in the data directory.
 */

struct click_config {
	struct str data_dir;
	/* NULL (commands): clicks stay in the journal for the next server */
	struct work *work;
	bool eager;             /* keep journal segments ready even without work: benchmarks */
	void *app;
	int64_t links_expected;
	int64_t segment_bytes;  /* 0: the default */
	int64_t drain_delay_ms; /* 0: the default */
	bool strict;            /* answer only after the click is on disk */
	struct str anonymisers; /* the file of click/anonymiser.h; "": none */
	struct str secret;      /* several nodes: the same on each; "" means the journal's own */
};

struct clicks;

/* NULL with c->err as journal_open and anonymisers_read say. */
struct clicks *click_open(struct ctx *c, const struct click_config *config);

/* Drain for at most ms, then stop. The rest is drained after the next start. */
void click_close(struct clicks *k, int64_t ms);

/*
 * The table may have been filled from the last run's file, with everything that was answered then
 * (click_links_known). In any case the databases have the last word: a sweep is open, the caller
 * confirms what they have and ends it here. Where links are known that can happen in the
 * background.
 */
bool click_links_known(const struct clicks *k);
void click_links_confirmed(struct clicks *k, bool complete);

struct link_table *click_links(struct clicks *k);
struct drain *click_drain(struct clicks *k);   /* NULL without work */
struct journal *click_journal(struct clicks *k);

/* What is known of a visit. */
struct visit {
	int64_t at_ms;
	struct str ip;         /* as text; not kept */
	struct str user_agent; /* not kept */
	struct str referrer;   /* address or host */
	struct str query;      /* of the incoming link, as sent: utm_… and sub are kept */
	struct str country;
	int64_t flags; /* CLICK_API, CLICK_PREFETCH; the others are found out */
};

/*
 * Record a visit of a link and give it an id. Always sets *out_id; false if it could not be
 * journalled (counted; for the visitor everything goes on).
 */
bool click_record(struct clicks *k, struct arena *a, const struct link_entry *link,
                  const struct visit *v, int64_t *out_id);

/* The same in two steps, for whoever must not record before something else has happened. */
void click_make(struct clicks *k, struct arena *a, const struct link_entry *link,
                const struct visit *v, struct click *out);
bool click_keep(struct clicks *k, const struct click *click);

/* A click that is not yet in the database; see drain_find for the order of asking. */
bool click_find_recent(struct clicks *k, struct arena *a, int64_t org_id, int64_t click_id,
                       struct click *out);

/*
 * The device of a visit, the same all day (UTC): address (of IPv6 its first 64 bits) and browser.
 * The table stores it as 16 hexadecimal digits.
 */
uint64_t click_device(const struct clicks *k, const struct visit *v);
struct str click_device_text(struct arena *a, uint64_t device);

/* What redirect.c counts. */
enum click_count { CLICK_REDIRECTS, CLICK_UNKNOWN, CLICK_BOTS, CLICK_COUNTS };
void click_count(struct clicks *k, enum click_count what);

struct click_stats {
	int64_t count[CLICK_COUNTS];
	struct link_table_stats links;
	struct journal_stats journal;
	struct drain_stats drain;
};
struct click_stats click_stats(struct clicks *k);

#endif
