/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_SEEN_H
#define ACCESS_SEEN_H

#include "base/ctx.h"

/*
 * Remember when a session was used last, for the list of sessions: at most every ten
 * minutes, by a task of its own that nobody waits for.
 */
void seen_note(const struct ctx *c);

#endif
