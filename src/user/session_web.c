/* SPDX-License-Identifier: Apache-2.0 */
#include "user/session_web.h"
#include "base/clock.h"

/* The prefix makes browsers insist on TLS, the whole host and the path "/". */
static const char *cookie_name(const struct req *q)
{
	return q->https ? "__Host-sid" : "sid";
}

struct str session_web_token(const struct req *q)
{
	return req_cookie(q, cookie_name(q));
}

void session_web_set(const struct req *q, struct res *r, struct str token, int64_t days)
{
	int64_t seconds = token.n > 0 ? days * (MS_PER_DAY / 1000) : 0;

	res_header(r, "Set-Cookie",
	           arena_printf(r->arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
	                        cookie_name(q), STR_ARG(token), (long long)seconds,
	                        q->https ? "; Secure" : ""));
}
