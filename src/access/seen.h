/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_SEEN_H
#define ACCESS_SEEN_H

#include "net/http.h"
#include "user/key.h"

/*
 * Notes on who was here, for people who look at the lists of sessions and keys: at most every ten
 * minutes for each, by a task of its own that nobody waits for.
 */

struct app;

/* The session or key that acts has been used. */
void seen_note(const struct ctx *c);

/* A key was refused for the address that the request came from: a line in the log and the audit. */
void seen_stray(struct app *app, const struct key_known *k, const struct req *q);

#endif
