/* SPDX-License-Identifier: Apache-2.0 */
#include "net/csrf.h"
#include "base/check.h"

#include <sodium.h>

#define TOKEN_BYTES 32

struct str csrf_token(struct arena *a, struct str session_secret)
{
	static const unsigned char purpose[] = "partnerd csrf 1";
	unsigned char key[crypto_generichash_KEYBYTES], out[TOKEN_BYTES];
	size_t size = sodium_base64_ENCODED_LEN(TOKEN_BYTES,
	                                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = arena_alloc(a, size);

	CHECK(session_secret.n >= 16);
	crypto_generichash(key, sizeof(key), (const unsigned char *)session_secret.p,
	                   session_secret.n, NULL, 0);
	crypto_generichash(out, sizeof(out), purpose, sizeof(purpose) - 1, key, sizeof(key));
	sodium_bin2base64(text, size, out, sizeof(out), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(key, sizeof(key));
	return str_from(text);
}

bool csrf_check(struct ctx *c, const struct req *q, struct str session_secret)
{
	struct str want = csrf_token(c->arena, session_secret);
	struct str got = form_get(&q->form, CSRF_FIELD);

	if (got.n == 0)
		got = req_header(q, "x-csrf-token");
	if (got.n != want.n || sodium_memcmp(got.p, want.p, want.n) != 0)
		return fail(c, ERR_DENIED, NULL, "This form has expired; load the page again");
	return true;
}

/* The host of "https://host:port"; empty for "null" and whatever else. */
static struct str origin_host(struct str origin)
{
	size_t scheme = str_starts(origin, "https://") ? 8 : str_starts(origin, "http://") ? 7 : 0;

	return scheme ? str_slice(origin, scheme, origin.n) : (struct str){ 0 };
}

bool csrf_origin(struct ctx *c, const struct req *q)
{
	struct str site = req_header(q, "sec-fetch-site");
	struct str origin = req_header(q, "origin");
	bool ours;

	if (site.n)
		ours = str_is(site, "same-origin") || str_is(site, "none");
	else
		ours = origin.n == 0 || str_eq_nocase(origin_host(origin), q->host);
	return ours || fail(c, ERR_DENIED, NULL, "This request comes from another site");
}
