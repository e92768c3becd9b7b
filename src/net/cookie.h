/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_COOKIE_H
#define NET_COOKIE_H

#include "net/http.h"

/*
 * Cookies of our own pages: Path=/, HttpOnly, SameSite=Lax. Over https they are
 * Secure and their names begin with `__Host-`, so that no other host of the
 * domain can set or overwrite them; names are given here without it.
 */

/* The value, or the empty string. Over https only the `__Host-` form counts. */
struct str cookie_get(const struct req *q, const char *name);

/* Values are letters, digits and -_.~ only (CHECK). max_age_s 0: until the browser closes. */
void cookie_set(const struct req *q, struct res *r, const char *name, struct str value,
                int64_t max_age_s);
void cookie_clear(const struct req *q, struct res *r, const char *name);

#endif
