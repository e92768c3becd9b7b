/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_RECORD_H
#define CLICK_RECORD_H

#include "base/str.h"

/*
 * A click, and how it is laid out in the journal.
 *
 * A record takes whole units of 64 bytes: its checksum, fixed fields, then the texts.
 * Most clicks take two units. Byte order is the machine's: a journal stays where it is.
 * The checksum is SipHash under the journal's key, mixed with the position, and never 0.
 * A pad is a record without a click that fills the end of a segment.
 */

#define RECORD_UNIT 64
#define RECORD_MAX 512
#define RECORD_KEY_BYTES 16
#define CLICK_REFERRER_MAX 100
#define CLICK_UTM_MAX 200
#define CLICK_SUB_MAX 100

enum click_flags { CLICK_BOT = 1, CLICK_ANONYMISER = 2, CLICK_API = 4, CLICK_PREFETCH = 8 };
#define CLICK_UNPAYABLE (CLICK_BOT | CLICK_ANONYMISER | CLICK_PREFETCH)

/* Text that is too long for the journal is cut at a character. */
struct click {
	int64_t id, org_id, link_id, partner_id, campaign_id;
	int64_t at_ms;
	uint64_t device;     /* keyed hash of address and browser, another key every day */
	struct str referrer; /* host only */
	struct str utm;      /* "source\tmedium\tcampaign" of the incoming link, or "" */
	struct str sub;
	struct str country;  /* two letters or "" */
	int64_t flags;
	bool own_device;     /* one its partner uses; not in the journal: click_lookup finds out */
};

/* A record on its way: everything but the place where it will be. */
struct record {
	uint64_t seal;   /* checksum without the position */
	size_t bytes;    /* whole units */
	_Alignas(8) unsigned char raw[RECORD_MAX];
};

void record_encode(struct record *r, const unsigned char key[RECORD_KEY_BYTES],
		   const struct click *k);

/* A pad of at least one unit. */
void record_encode_pad(struct record *r, const unsigned char key[RECORD_KEY_BYTES], size_t bytes);

/* Put the record into memory that is zero so far; it exists when this returns. */
void record_write(const struct record *r, int64_t at, void *to);

/* Is there anything at a unit, or has nobody finished writing there? */
bool record_is_written(const void *from);

/* The whole units of a written record of one's own making; others' may be torn: record_decode. */
size_t record_size(const void *from);

/*
 * Read the record that begins `from` (aligned to 8, up to its segment's end) and belongs at
 * position `at`: its length in bytes, or 0 if that is none. *out_pad tells a pad; for a click *out
 * is filled, with texts that point into `from`. Never reads beyond `from`, whatever is there.
 */
size_t record_decode(const unsigned char key[RECORD_KEY_BYTES], int64_t at, struct str from,
                     struct click *out, bool *out_pad);

/* The checksum that the n raw bytes (checksum left out) would need at a position; for tests. */
uint64_t record_check(const unsigned char key[RECORD_KEY_BYTES], int64_t at, const void *raw,
                      size_t n);

#endif
