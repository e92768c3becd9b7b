/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/buf.h"

#include <stdint.h>

/*
 * Digests of texts: BLAKE2b (RFC 7693), stable for ever, safe to store.
 */

/* 63 bits of the digest of a kind and a text, never 0: a short key for an index on a long text. */
int64_t digest_key(struct str kind, struct str text);

/* The first `bytes` (16 to 32) of the digest as lower-case hex. */
struct str digest_hex(struct arena *a, struct str text, size_t bytes);

#endif
