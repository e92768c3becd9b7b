/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/guard.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

struct range {
	unsigned char bytes[16];
	int bits;
};

/* https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast */
static const struct range closed_4[] = {
	{ { 0 }, 8 },           { { 10 }, 8 },          { { 100, 64 }, 10 },
	{ { 127 }, 8 },         { { 169, 254 }, 16 },   { { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },  { { 192, 0, 2 }, 24 },  { { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 },   { { 198, 18 }, 15 },    { { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 }, { { 224 }, 4 },        { { 240 }, 4 },
};

/* Of 2000::/3, https://www.iana.org/assignments/iana-ipv6-special-registry; the rest is closed. */
static const struct range open_6 = { { 0x20 }, 3 };
static const struct range closed_6[] = {
	{ { 0x20, 0x01 }, 23 },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	{ { 0x20, 0x02 }, 16 },
	{ { 0x3f, 0xff }, 20 },
};

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool within(const unsigned char *address, const struct range *r)
{
	int whole = r->bits / 8, rest = r->bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	return memcmp(address, r->bytes, (size_t)whole) == 0
	    && (rest == 0 || ((address[whole] ^ r->bytes[whole]) & mask) == 0);
}

static bool public_4(const unsigned char *address)
{
	for (size_t i = 0; i < LEN(closed_4); i++)
		if (within(address, &closed_4[i]))
			return false;
	return true;
}

static bool public_6(const unsigned char *address)
{
	if (memcmp(address, mapped, sizeof(mapped)) == 0)
		return public_4(address + sizeof(mapped));
	if (!within(address, &open_6))
		return false;
	for (size_t i = 0; i < LEN(closed_6); i++)
		if (within(address, &closed_6[i]))
			return false;
	return true;
}

bool guard_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return public_4((const unsigned char *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, address, sizeof(in));
		return public_6((const unsigned char *)&in.sin6_addr);
	}
	return false;
}

/* A host that is an address: libcurl has written it in the usual form, 0x7f.1 as 127.0.0.1. */
static bool closed_host(const char *host)
{
	unsigned char address[16];
	char bare[64];
	size_t n = strlen(host);

	if (inet_pton(AF_INET, host, address) == 1)
		return !public_4(address);
	if (host[0] != '[' || n < 3 || n - 2 >= sizeof(bare))
		return false;
	memcpy(bare, host + 1, n - 2);
	bare[n - 2] = '\0';
	return inet_pton(AF_INET6, bare, address) != 1 || !public_6(address);
}

/* A part of the address, in the arena; "" when it has none. */
static const char *part(struct ctx *c, CURLU *u, CURLUPart which)
{
	char *text = NULL;
	const char *out = "";

	if (curl_url_get(u, which, &text, 0) == CURLUE_OK)
		out = arena_cstr(c->arena, str_from(text));
	curl_free(text);
	return out;
}

static bool refuse(struct ctx *c, const char *why)
{
	return fail(c, ERR_INVALID, "url", "%s", why);
}

static bool check_parts(struct ctx *c, CURLU *u, bool private)
{
	const char *scheme = part(c, u, CURLUPART_SCHEME), *host = part(c, u, CURLUPART_HOST);

	if (strcmp(scheme, "https") != 0 && !(private && strcmp(scheme, "http") == 0))
		return refuse(c, private ? "must begin with https:// or http://"
		                         : "must begin with https://");
	if (host[0] == '\0')
		return refuse(c, "has no host");
	if (*part(c, u, CURLUPART_USER) || *part(c, u, CURLUPART_PASSWORD))
		return refuse(c, "cannot have a name and a password");
	if (*part(c, u, CURLUPART_FRAGMENT))
		return refuse(c, "cannot have a part after #");
	if (!private && (closed_host(host) || strcmp(host, "localhost") == 0))
		return refuse(c, "leads into a private network");
	return true;
}

bool guard_url(struct ctx *c, struct str url, bool private)
{
	CURLU *u = curl_url();
	const char *host = url.n > 0 ? memmem(url.p, url.n, "://", 3) : NULL;
	bool ok;

	CHECK(u != NULL);
	/* libcurl is lenient with slashes and with no scheme at all */
	if (!host || str_starts(str_slice(url, (size_t)(host - url.p) + 3, 1), "/")
	    || str_has_control(url)
	    || str_find(url, ' ', 0) != SIZE_MAX
	    || curl_url_set(u, CURLUPART_URL, arena_cstr(c->arena, url), CURLU_NON_SUPPORT_SCHEME)
	               != CURLUE_OK)
		ok = refuse(c, "is not an address like https://example.com/webhooks");
	else
		ok = check_parts(c, u, private);
	curl_url_cleanup(u);
	return ok;
}
