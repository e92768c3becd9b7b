/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_JOURNAL_H
#define CLICK_JOURNAL_H

#include "base/ctx.h"

/*
 * The click journal: an append-only log in memory-mapped files, DATA/click/NNNNNNNN.log.
 *
 * Any thread appends without locks: it reserves units of 64 bytes by moving one
 * atomic head, copies its record there, and writes the record's checksum last, which
 * makes the record exist. A killed process loses nothing that was appended; a power
 * failure at most what came in since the last flush (flush_ms), or nothing in strict mode.
 *
 * A position is a number of bytes since the journal began; it never comes back, also not
 * after a restart, which always goes on in a fresh segment. Segments are allocated and
 * filled with zeros before they are used, so a full disk makes appends fail, nothing else.
 * The checksum is keyed and covers the position: whatever a torn record contains, no part
 * of it is taken for a record. Torn records are skipped and counted.
 *
 * One thread (the drain) reads on and releases what is no longer needed.
 */

#define JOURNAL_UNIT 64
#define JOURNAL_RECORD_MAX 512
#define JOURNAL_SEGMENT_BYTES ((int64_t)16 << 20)
#define CLICK_REFERRER_MAX 100
#define CLICK_UTM_MAX 200
#define CLICK_SUB_MAX 100

enum click_flags { CLICK_BOT = 1, CLICK_ANONYMISER = 2, CLICK_API = 4, CLICK_PREFETCH = 8 };

/* A click as it is journalled and stored. Text that is too long is cut at a character. */
struct click {
	int64_t id, org_id, link_id, partner_id, campaign_id;
	int64_t at_ms;
	uint64_t device;     /* keyed hash of address and browser, another key every day */
	struct str referrer; /* host only */
	struct str utm;      /* "source\tmedium\tcampaign" of the incoming link, or "" */
	struct str sub;
	struct str country;  /* two letters or "" */
	int64_t flags;
};

struct journal_config {
	struct str dir;        /* made when missing */
	int64_t segment_bytes; /* 0: JOURNAL_SEGMENT_BYTES; only when the journal is created */
	int64_t flush_ms;      /* 0: 5 */
	bool strict;           /* an append returns after fdatasync */
};

struct journal;

/*
 * Open or create the journal and start its flusher. NULL with ERR_STORAGE if the directory cannot
 * be used or belongs to another version. A full disk is no failure: appends fail until there is room.
 */
struct journal *journal_open(struct ctx *c, const struct journal_config *config);
void journal_close(struct journal *j);

/* A random number that names this journal for ever; positions mean something only together with it. */
int64_t journal_id(const struct journal *j);

/* The 32 secret bytes that belong to this journal; made when it was created, never shown. */
const unsigned char *journal_secret(const struct journal *j);

/* Append; false (and counted as lost) when there is no room. Any thread; never waits unless strict. */
bool journal_append(struct journal *j, const struct click *k);

/* Where reading starts, and where appending has got to. */
int64_t journal_start(const struct journal *j);
int64_t journal_head(const struct journal *j);

/*
 * Read the first record at or after *pos. True: *out is it (its texts point into the map until
 * released), *out_at is where it was, *pos is after it. False: nothing more yet, *pos is where to
 * go on. Skips torn records when count_torn; the reader that releases says true, lookups false.
 */
struct journal_cursor {
	int64_t pos;
	bool count_torn;
};
bool journal_next(struct journal *j, struct journal_cursor *at, struct click *out, int64_t *out_at);

/* The record at a position that journal_next gave out and that is not released. */
void journal_get(struct journal *j, int64_t at, struct click *out);

/* Nothing before pos is needed any more: remember that and remove whole segments before it. */
void journal_release(struct journal *j, int64_t pos);

/* Called by the flusher after it saw new records. Set before the first append. */
void journal_on_flush(struct journal *j, void (*fn)(void *arg), void *arg);

/* Everything appended before the call is on disk when it returns true. */
bool journal_sync(struct journal *j);

struct journal_stats {
	int64_t appended, lost, torn, flushes, flush_errors, segments;
};
struct journal_stats journal_stats(const struct journal *j);

/*
 * One record at the start of n bytes, as found at position `at` of a journal with this key: its
 * length in bytes, or 0 if that is none. For the reader and for tests with hostile bytes.
 */
size_t journal_decode(const unsigned char key[16], int64_t at, const void *bytes, size_t n,
                      struct click *out);

#endif
