/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_API_H
#define API_API_H

#include "base/ctx.h"
#include "base/field.h"
#include "net/http.h"

#include <jansson.h>

/*
 * What the JSON handlers share: bodies, ids in paths, answers.
 *
 * Every function fails with an error that names the input; handlers chain them:
 *
 *	return api_arg_id(c, q, 0, ID_PARTNER, &id)
 *	    && partner_get(c, id, &p)
 *	    && api_reply(c, r, 200, &partner_model, &p);
 */

/* The body as an object. ERR_MEDIA unless it is application/json; ERR_MALFORMED. */
bool api_body(struct ctx *c, const struct req *q, json_t **out);

/* The same, but no body is an empty object. */
bool api_body_or_none(struct ctx *c, const struct req *q, json_t **out);

/* ERR_INVALID on the name of any query parameter: for calls that take none. */
bool api_no_query(struct ctx *c, const struct req *q);

/* The same on one that is none of these; the list ends with NULL. */
bool api_query_only(struct ctx *c, const struct req *q, const char *const *names);

/* The id in the path at that place. ERR_NOT_FOUND on "id" for anything that is none. */
bool api_arg_id(struct ctx *c, const struct req *q, size_t place, enum id_kind kind, int64_t *out);

/* Answer with one object, or with what was written into the buf. Always true. */
bool api_reply(struct ctx *c, struct res *r, int status, const struct model *m, const void *row);
bool api_reply_buf(struct res *r, int status, const struct buf *b);

/* 204 without a body. */
bool api_reply_nothing(struct res *r);

#endif
