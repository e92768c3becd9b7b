/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * Signatures: Ed25519 (RFC 8032) over texts; keys and signatures are lower-case hex.
 *
 * The pair is derived from the 32 bytes of the data directory's secret, so there is no second
 * file to keep: whoever shares the secret signs with the same key, and a backup brings it back.
 *     seed = BLAKE2b-256 (RFC 7693) of "partnerd signing key 1", keyed with the secret
 */

#define SIGN_PUBLIC_LENGTH 64     /* hex digits */
#define SIGN_SIGNATURE_LENGTH 128

/* The public key that belongs to a secret. */
struct str sign_public(struct arena *a, const unsigned char secret[32]);

/* The signature of a text. */
struct str sign_text(struct arena *a, const unsigned char secret[32], struct str text);

/* Was the text signed with the private part of this public key? Anything may be handed in. */
bool sign_holds(struct str public_key, struct str text, struct str signature);

#endif
