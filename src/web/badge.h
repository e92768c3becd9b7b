/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_BADGE_H
#define WEB_BADGE_H

#include "base/str.h"

#include <jansson.h>

/*
 * Badges: how a status looks, in icon, word and colour, so that none of the three is
 * needed to understand it; and what it means, in one sentence.
 */

/* {tone, icon, text, means} of a status of that noun ("commission"); NULL for none. */
json_t *badge_view(struct str noun, struct str status);

/* Set `badge` of a row by its "object" and "status", or a deal's "stage". */
void badge_put(json_t *row);

#endif
