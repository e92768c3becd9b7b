/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_BROWSER_H
#define WEB_BROWSER_H

#include "base/arena.h"

/*
 * A browser's User-Agent header in words a person knows: "Chrome on Windows". What is not
 * recognized is "Unknown browser"; nothing but this text depends on it.
 */
struct str browser_say(struct arena *a, struct str user_agent);

#endif
