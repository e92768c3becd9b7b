/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_PASSWORD_H
#define USER_PASSWORD_H

#include "base/ctx.h"

/*
 * Passwords: argon2id with 19 MiB and two passes, as libsodium writes it.
 *
 * Hashing takes some 20 ms of one core on purpose, so it must never run on a loop
 * thread or inside a transaction: routes with mode SLOW do it, a few at a time.
 */

#define PASSWORD_MIN 8
#define PASSWORD_MAX 256
#define PASSWORD_HINT \
	"8 characters or more; several words are easy to keep in mind and hard to guess."

/*
 * ERR_INVALID on "password": too short, too long, among the most used ones, or what everybody
 * knows: the address, what stands before its @, or the name ("": not known).
 */
bool password_check(struct ctx *c, struct str password, struct str email, struct str name);

/* The text to store; in c->arena. */
bool password_hash(struct ctx *c, struct str password, struct str *out);

/*
 * Is it the password of that hash? With an empty hash the same time is spent, and the answer is no.
 */
bool password_matches(struct str hash, struct str password);

#endif
