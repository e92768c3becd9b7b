/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCH_MATCH_H
#define DISPATCH_MATCH_H

#include "net/route.h"

/*
 * Conditional requests of the JSON API (RFC 9110, section 13), for all calls alike.
 *
 * What GET answers of one object (ROUTE_ONE) has an ETag: a digest of the body, so two answers
 * with one tag are the same bytes, whoever got them. If-None-Match on such a GET: 304.
 * An answer that was expanded is another representation, and has none.
 *
 * If-Match on anything else that names an object by its path, or by the beginning of it, is
 * looked at inside the transaction that does the work, by running the row that GETs the object
 * once more, as the same actor: nothing can come in between, and what is compared is what
 * this actor would have read. Where no object is named, If-Match is refused instead of ignored.
 * What PATCH and PUT answer has the ETag too if it is what GET would answer now, byte for byte.
 *
 * Without these headers a request costs a look at the names of those it has, and a PATCH or
 * PUT the reading of its object.
 */

/*
 * The row that GETs the one object which a row of the API is about: itself, or of all rows whose
 * path it begins with and whose data is of the same kind the longest. NULL: none.
 */
const struct route *match_object(const struct route *routes, size_t count, const struct route *r);

#endif
