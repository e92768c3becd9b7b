/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_SIGN_IN_WEB_H
#define USER_SIGN_IN_WEB_H

#include "net/http.h"

/*
 * Signing in and out. The page is the template sign_in.html with the view
 * {email, next, error, brand, portal}; whoever is signed in already is sent on. Who comes from
 * the address of a portal sees the organisation's name: that address is public, as its links are.
 *
 * A wrong address and a wrong password give the same answer in the same time. After
 * some failures for one address or account the next ones are refused for a while
 * without looking (429).
 */

bool sign_in_web_page(struct ctx *c, const struct req *q, struct res *r); /* GET /sign-in?next= */
bool sign_in_web_post(struct ctx *c, const struct req *q, struct res *r);      /* POST, mode SLOW */
bool sign_in_web_out(struct ctx *c, const struct req *q, struct res *r);     /* POST */

/* Where to go after signing in: a path of this server, or "/". */
struct str sign_in_web_next(struct str next);

#endif
