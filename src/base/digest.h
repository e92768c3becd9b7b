/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/buf.h"

#include <stdint.h>

/*
 * Digests of texts: BLAKE2b (RFC 7693), stable for ever, safe to store.
 */

/*
 * A short key for an index on a long text, 63 bits, never 0: the digest of a kind and the text up
 * to the number at its end, plus that number. Ids that count (order-1041, order-1042) are
 * neighbours in the index then, which spares it a page for each; others are as scattered as by
 * any digest. Two texts share a key in one of 10^19 pairs; the caller looks at the text.
 */
int64_t digest_key(struct str kind, struct str text);

/*
 * The same for whoever has many, one after the other: ids that count are digested once. *before
 * is all zero at first; kinds have to be constants.
 */
struct digest_before {
	struct str kind;
	char text[64];
	size_t n;
	uint64_t digest;
};
int64_t digest_key_next(struct digest_before *before, struct str kind, struct str text);

/* The first `bytes` (16 to 32) of the digest as lower-case hex. */
struct str digest_hex(struct arena *a, struct str text, size_t bytes);

#endif
