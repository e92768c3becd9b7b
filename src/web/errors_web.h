/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_ERRORS_WEB_H
#define WEB_ERRORS_WEB_H

#include "net/http.h"

/*
 * GET /docs/errors: every failure of base/err.def and what to do about it, each at the anchor that
 * `doc_url` of a problem names. For programs' authors: nobody has to sign in.
 */
bool errors_web_list(struct ctx *c, const struct req *q, struct res *r);

#endif
