/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_JOURNAL_H
#define CLICK_JOURNAL_H

#include "base/ctx.h"
#include "click/record.h"

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

#define JOURNAL_SEGMENT_BYTES ((int64_t)16 << 20)
#define JOURNAL_SECRET_BYTES 32

struct journal_config {
	struct str dir;        /* made when missing */
	int64_t segment_bytes; /* 0: JOURNAL_SEGMENT_BYTES; only when the journal is created */
	int64_t flush_ms;      /* 0: 10 */
	bool strict;           /* an append returns after fdatasync */
	bool lazy;             /* make segments when they are needed, and wait for that: commands */
};

struct journal;

/*
 * Open or create the journal and start its flusher. NULL with ERR_STORAGE if the directory cannot
 * be used or belongs to another version, ERR_CONFLICT if another process works on it. A full disk
 * is no failure: appends fail until there is room.
 */
struct journal *journal_open(struct ctx *c, const struct journal_config *config);
void journal_close(struct journal *j);

/*
 * A random number that names this journal for ever; positions mean something only together with it.
 */
int64_t journal_id(const struct journal *j);

/* The 32 secret bytes that belong to this journal; made when it was created, never shown. */
const unsigned char *journal_secret(const struct journal *j);

/*
 * Append; false (and counted as lost) when there is no room. Any thread; never waits unless strict.
 * Strict: false as well (and counted as unsafe) when the disk refused it. Then the click will still
 * be read from memory, but nobody knows whether a power failure takes it.
 */
bool journal_append(struct journal *j, const struct click *k);

/*
 * Room for a good many more clicks, now. For whoever must know beforehand; what others append
 * meanwhile may still take it, but that is a quarter of a segment.
 */
bool journal_has_room(struct journal *j);

/* Where reading starts, where this run's own clicks begin, and where appending has got to. */
int64_t journal_start(const struct journal *j);
int64_t journal_run_start(const struct journal *j);
int64_t journal_head(struct journal *j);

/*
 * Read the first click at or after cursor.pos. True: *out is it (its texts point into the map until
 * released), *out_at is where it was, cursor.pos is after it. False: nothing more yet, cursor.pos
 * is where to go on; a record that is being written right now holds reading up. The reader that
 * releases counts the torn records it passes; lookups on other threads do not.
 */
struct journal_cursor {
	int64_t pos;
	bool count_torn;
	bool in_torn;    /* inside a row of units that belong to no record */
};
bool journal_next(struct journal *j, struct journal_cursor *at, struct click *out, int64_t *out_at);

/* The record at a position that journal_next gave out and that is not released. */
void journal_get(struct journal *j, int64_t at, struct click *out);

/* Nothing before pos is needed any more: remember that and remove whole segments before it. */
void journal_release(struct journal *j, int64_t pos);

/* Call fn on the flusher's thread after it saw new records; NULL: no more, from the return on. */
void journal_on_flush(struct journal *j, void (*fn)(void *arg), void *arg);

/* Wait until everything appended before is on disk; false once the disk has refused any of it. */
bool journal_sync(struct journal *j);

struct journal_stats {
	int64_t appended, lost, torn, flushes, flush_errors, segments;
	int64_t unsafe; /* strict: appended, and the disk refused */
};
struct journal_stats journal_stats(struct journal *j);

#endif
