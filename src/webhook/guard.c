/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/guard.h"

#include "base/check.h"
#include "base/network.h"

#include <curl/curl.h>
#include <netinet/in.h>

/*
 * https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast; of 2000::/3,
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
static const struct network closed[] = {
	NETWORK_4(0, 0, 0, 0, 8),      NETWORK_4(10, 0, 0, 0, 8),
	NETWORK_4(100, 64, 0, 0, 10),  NETWORK_4(127, 0, 0, 0, 8),
	NETWORK_4(169, 254, 0, 0, 16), NETWORK_4(172, 16, 0, 0, 12),
	NETWORK_4(192, 0, 0, 0, 24),   NETWORK_4(192, 0, 2, 0, 24),
	NETWORK_4(192, 88, 99, 0, 24), NETWORK_4(192, 168, 0, 0, 16),
	NETWORK_4(198, 18, 0, 0, 15),  NETWORK_4(198, 51, 100, 0, 24),
	NETWORK_4(203, 0, 113, 0, 24), NETWORK_4(224, 0, 0, 0, 4),
	NETWORK_4(240, 0, 0, 0, 4),
	{ { 0x20, 0x01 }, 23 },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	{ { 0x20, 0x02 }, 16 },
	{ { 0x3f, 0xff }, 20 },
};

static const struct network open[] = { NETWORK_4(0, 0, 0, 0, 0), { { 0x20 }, 3 } };

static bool public(const struct network *address)
{
	return network_list_has(open, LEN(open), address)
	    && !network_list_has(closed, LEN(closed), address);
}

bool guard_public(const struct sockaddr *address)
{
	struct network n;

	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		n = network_of_4(&in.sin_addr);
		return public(&n);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, address, sizeof(in));
		n = network_of_6(&in.sin6_addr);
		return public(&n);
	}
	return false;
}

/* A host that is an address: libcurl has written it in the usual form, 0x7f.1 as 127.0.0.1. */
static bool closed_host(const char *host)
{
	struct str text = str_from(host);
	bool bracketed = str_starts(text, "[") && str_ends(text, "]");
	struct network n;

	if (network_address(bracketed ? str_slice(text, 1, text.n - 2) : text, &n))
		return !public(&n);
	return bracketed;
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
