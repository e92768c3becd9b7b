/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_SEARCH_WEB_H
#define WEB_SEARCH_WEB_H

#include "net/http.h"

/*
 * GET /app/:org/search?q= — an id, an address, a slug, a code, the organisation's own id of a
 * customer or event, or a part of a partner's name or of a deal's company, or its domain. One result
 * leads straight to it.
 */
bool search_web(struct ctx *c, const struct req *q, struct res *r);

#endif
