/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_SEAL_H
#define ACCESS_SEAL_H

#include "base/ctx.h"

/*
 * Sealed texts: secrets that the server must be able to read again, such as those that
 * sign webhooks. XSalsa20-Poly1305 (libsodium's secretbox) with the key of the data
 * directory and a nonce of their own, as base64. "" is sealed as "".
 */

struct str seal(struct ctx *c, struct str plain);

/* ERR_INTERNAL when it was sealed with another key, or is none. *out is in c->arena. */
bool unseal(struct ctx *c, struct str text, struct str *out);

#endif
