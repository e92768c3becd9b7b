/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FETCH_H
#define FX_FETCH_H

#include "base/ctx.h"

/*
 * Gets one file by HTTP or HTTPS: for threads without a database, as it may take a while
 * (30 seconds at most, 5 of them to connect). At most three redirections, to HTTP(S) only,
 * never from HTTPS to HTTP; certificates are checked; a proxy is taken from the environment
 * (https_proxy, …) as usual.
 */

/* ERR_STORAGE "cannot be fetched" with the reason; ERR_TOO_LARGE. *out is in c->arena. */
bool fetch(struct ctx *c, struct str url, size_t bytes_max, struct str *out);

#endif
