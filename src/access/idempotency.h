/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_IDEMPOTENCY_H
#define ACCESS_IDEMPOTENCY_H

#include "net/http.h"
#include "net/route.h"
#include "db/db.h"

/*
 * The Idempotency-Key header: a POST that was carried out once is not carried out
 * again, but answered as the first time.
 *
 * The answer is stored in the transaction that did the work, so both are there or
 * neither. Requests that were refused are not stored: they may be corrected and
 * sent again with the same key. Keys belong to one API key and one route; they are kept for ever
 * on routes that move money, else for IDEMPOTENCY_DAYS. A repetition that comes while the first is
 * being carried out is refused, see inflight.h. What changes the control data (keys, members) is
 * kept there, until the organisation's next such change after IDEMPOTENCY_DAYS. An answer
 * with a secret is kept without it (res.again).
 */

#define IDEMPOTENCY_DAYS 30
#define IDEMPOTENCY_KEY_MAX 255

/*
 * The key of a request, quoted or bare, with its route in front; "" without one. ERR_KEY_REQUIRED
 * where the route asks for one; ERR_MALFORMED for what is none. Both on the loop thread.
 */
bool idempotency_key(struct ctx *c, const struct req *q, struct str *out);

/*
 * Was it carried out before? Then *r is that answer, with Idempotent-Replayed. ERR_KEY_REUSED when
 * it was another request.
 */
bool idempotency_find(struct ctx *c, const struct req *q, struct str key, struct res *r,
                      bool *out_found);

/* Keep the answer. */
bool idempotency_keep(struct ctx *c, const struct req *q, struct str key, const struct res *r);

/* Job step: drop what is too old. */
bool idempotency_prune(struct ctx *c, bool *out_more);

extern const struct sql *const idempotency_sql[];

#endif
