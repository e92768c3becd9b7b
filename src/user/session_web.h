/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_SESSION_WEB_H
#define USER_SESSION_WEB_H

#include "net/http.h"

/* The cookie that carries a session's token: "__Host-sid" over TLS, "sid" without. */

/* The token that came with a request, or "". */
struct str session_web_token(const struct req *q);

/* Set the cookie for so many days, or take it away with an empty token. */
void session_web_set(const struct req *q, struct res *r, struct str token, int64_t days);

#endif
