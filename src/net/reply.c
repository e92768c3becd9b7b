/* SPDX-License-Identifier: Apache-2.0 */
#include "net/reply.h"
#include "base/check.h"

#include <microhttpd.h>

/* When a header is left out: an answer that is bare, cacheable, or not over https. */
enum { NOT_BARE = 1, NOT_CACHEABLE = 2, HTTPS_ONLY = 4 };

static const struct {
	const char *name, *value;
	unsigned unless;
} always[] = {
	{ "Cache-Control", "no-store", NOT_CACHEABLE },
	{ "X-Content-Type-Options", "nosniff", NOT_BARE },
	{ "Referrer-Policy", "strict-origin-when-cross-origin", NOT_BARE },
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	  "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
	  "base-uri 'none'",
	  NOT_BARE },
	{ "Cross-Origin-Opener-Policy", "same-origin", NOT_BARE },
	{ "Cross-Origin-Resource-Policy", "same-origin", NOT_BARE },
	{ "Strict-Transport-Security", "max-age=31536000", HTTPS_ONLY },
};

static bool has_own(const struct res *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++) {
		if (str_eq_nocase(r->headers[i].name, str_from(name)))
			return true;
	}
	return false;
}

static void add(struct MHD_Response *to, const char *name, const char *value)
{
	/* libmicrohttpd sends no header without a value, and means the same by it. */
	if (value[0])
		CHECK(MHD_add_response_header(to, name, value) == MHD_YES);
}

static void add_str(struct arena *a, struct MHD_Response *to, const char *name, struct str value)
{
	add(to, name, arena_cstr(a, value));
}

struct MHD_Response *reply_new(const struct req *q, const struct res *r, bool close)
{
	unsigned is = (r->bare ? NOT_BARE : 0u) | (r->cacheable ? NOT_CACHEABLE : 0u)
	              | (q->https ? 0u : HTTPS_ONLY);
	const void *body = r->static_body ? r->static_body : r->body.p;
	size_t n = r->static_body ? r->static_size : r->body.n;
	struct MHD_Response *m = MHD_create_response_from_buffer(
	        n, (void *)(uintptr_t)(n ? body : ""), MHD_RESPMEM_PERSISTENT);

	CHECK(m != NULL);
	if (r->content_type.n)
		add_str(r->arena, m, "Content-Type", r->content_type);
	for (size_t i = 0; i < r->header_count; i++)
		add_str(r->arena, m, r->headers[i].name.p, r->headers[i].value);
	add_str(r->arena, m, "Request-Id", q->request_id);
	for (size_t i = 0; i < LEN(always); i++) {
		if (!(always[i].unless & is) && !has_own(r, always[i].name))
			add(m, always[i].name, always[i].value);
	}
	if (close)
		add(m, "Connection", "close");
	return m;
}
