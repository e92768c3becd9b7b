/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_CSRF_H
#define NET_CSRF_H

#include "net/http.h"

/*
 * Requests that a page of another site makes a browser send. Two walls: the
 * browser's own word on where the request comes from, and a token that only our
 * pages know, in the form field CSRF_FIELD or the header X-CSRF-Token. The token
 * is BLAKE2b keyed with the session's secret, so it needs no storage and tells
 * nothing about the secret.
 */

#define CSRF_FIELD "csrf"

/* The token for the forms of a session; the secret is what its cookie holds, 16 bytes or more. */
struct str csrf_token(struct arena *a, struct str session_secret);

/* ERR_DENIED unless the request (its form read) carries the token. */
bool csrf_check(struct ctx *c, const struct req *q, struct str session_secret);

/*
 * ERR_DENIED when Sec-Fetch-Site says that another site sent it, or, where a browser sends
 * none, when Origin names another host. Programs send neither and pass.
 */
bool csrf_origin(struct ctx *c, const struct req *q);

#endif
