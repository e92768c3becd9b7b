/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_ASSET_H
#define NET_ASSET_H

#include "net/http.h"

/*
 * Assets: the embedded files of the front end, served under /assets/.
 *
 * The address of app.css is /assets/app.0123456789abcdef.css, with a hash of the
 * contents: browsers keep it for ever, and a new version has a new address.
 * /assets/app.css works too (style sheets point to fonts that way) and is asked
 * for again each time, by its ETag. gzip and brotli forms are made once, on a
 * thread of their own; until then the files are sent as they are.
 */

/* Begin to compress, and wait for its end; both optional. */
void asset_start(void);
void asset_stop(void);

/* "/assets/app.HASH.css" for "app.css"; a name that is not embedded is a bug (CHECK). */
struct str asset_url(struct str name);
bool asset_exists(struct str name);

/* The handler of GET /assets/:file and /assets/:folder/:file. ERR_NOT_FOUND. */
bool asset_serve(struct ctx *c, const struct req *q, struct res *r);

/* Answer with a file at an address of its own ("/favicon.ico", "/partnerd.js"). ERR_NOT_FOUND. */
bool asset_send(struct ctx *c, const struct req *q, struct res *r, struct str name);

#endif
