/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_FLASH_H
#define WEB_FLASH_H

#include "net/http.h"

#include <jansson.h>

/*
 * What a page says once, after a form was carried out: a word of a fixed table in a
 * cookie of one minute. Nothing of the visitor's is ever shown.
 */

/* A word that is not in the table is a bug. */
void flash_set(const struct req *q, struct res *r, const char *word);

/*
 * Put what the cookie says into the view as `flash` {tone, icon, text}, and take the cookie away.
 */
void flash_show(const struct req *q, struct res *r, json_t *view);

#endif
