/* SPDX-License-Identifier: Apache-2.0 */
#include "net/cookie.h"
#include "base/check.h"

static const char *full_name(const struct req *q, const char *name)
{
	return q->https ? arena_printf(q->arena, "__Host-%s", name).p : name;
}

struct str cookie_get(const struct req *q, const char *name)
{
	return req_cookie(q, full_name(q, name));
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')
		    && !memchr("-_.~", c, 4))
			return false;
	}
	return true;
}

static void set(const struct req *q, struct res *r, const char *pair, const char *age)
{
	res_header(r, "Set-Cookie",
	           arena_printf(r->arena, "%s; Path=/%s; HttpOnly; SameSite=Lax%s", pair, age,
	                        q->https ? "; Secure" : ""));
}

void cookie_set(const struct req *q, struct res *r, const char *name, struct str value,
                int64_t max_age_s)
{
	CHECK(value.n > 0 && is_plain(value) && max_age_s >= 0);
	struct str pair = arena_printf(r->arena, "%s=%.*s", full_name(q, name), STR_ARG(value));
	struct str age = arena_printf(r->arena, "; Max-Age=%lld", (long long)max_age_s);

	set(q, r, pair.p, max_age_s ? age.p : "");
}

void cookie_clear(const struct req *q, struct res *r, const char *name)
{
	set(q, r, arena_printf(r->arena, "%s=", full_name(q, name)).p, "; Max-Age=0");
}
