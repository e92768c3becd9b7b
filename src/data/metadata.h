/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_METADATA_H
#define DATA_METADATA_H

#include "base/ctx.h"

#include <jansson.h>

/*
 * Metadata: what callers note on their objects for themselves, names and texts. Nothing in the
 * program reads it. Stored as one JSON object in a column, "" for none.
 */

#define METADATA_KEYS_MAX 50
#define METADATA_KEY_MAX 40    /* characters */
#define METADATA_VALUE_MAX 500 /* characters; line ends are welcome */

/*
 * Lay what was sent over what is stored: names not sent stay, null or "" takes one away.
 * ERR_INVALID names the entry at fault as a pointer under `field`: "metadata/colour".
 */
bool metadata_merge(struct ctx *c, const char *field, struct str before, const json_t *sent,
                    struct str *out);

#endif
