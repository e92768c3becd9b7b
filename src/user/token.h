/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_TOKEN_H
#define USER_TOKEN_H

#include "base/str.h"
#include "base/arena.h"

/*
 * Tokens: 256 random bits as 43 letters that may stand in a URL or a cookie. They are handed out
 * once; what is stored is their hash, by which they are found again.
 */

struct str token_new(struct arena *a);

/* The stored form; "" for texts that cannot be a token. */
struct str token_hash(struct arena *a, struct str token);

#endif
