/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "net/http.h"

/*
 * The front end's files: style sheet, scripts, icons, from the binary itself.
 *
 * Templates write /assets/app.css?v={{v}}. With the version at hand an answer may be
 * kept for a year; any other is asked for again with an ETag. Texts are kept packed in
 * memory, made once at the first request.
 */

/* Eight letters that change with any of the files; for the view's `v`. */
struct str assets_version(void);

/* GET /assets/:file, mode FAST. ERR_NOT_FOUND. */
bool assets_web(struct ctx *c, const struct req *q, struct res *r);

#endif
