/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>

#define MAC_BYTES 32

static bool mac(struct str time, struct str body, struct str secret, unsigned char out[MAC_BYTES])
{
	size_t n = time.n + 1 + body.n;
	unsigned char *text = malloc(n);
	unsigned int size = MAC_BYTES;
	bool ok = text != NULL;

	if (!ok)
		return false;
	memcpy(text, time.p, time.n);
	text[time.n] = '.';
	if (body.n)
		memcpy(text + time.n + 1, body.p, body.n);
	ok = HMAC(EVP_sha256(), secret.p, (int)secret.n, text, n, out, &size) != NULL;
	free(text);
	return ok;
}

static bool matches(struct str hex, const unsigned char want[MAC_BYTES])
{
	unsigned char got[MAC_BYTES];
	size_t size = 0;

	if (hex.n != (size_t)MAC_BYTES * 2
	    || sodium_hex2bin(got, sizeof(got), hex.p, hex.n, NULL, &size, NULL) != 0)
		return false;
	return size == MAC_BYTES && sodium_memcmp(got, want, MAC_BYTES) == 0;
}

static struct str find_time(struct str header)
{
	while (header.p) {
		struct str part = str_trim(str_cut(&header, ','));

		if (str_starts(part, "t="))
			return str_slice(part, 2, part.n);
	}
	return STR("");
}

enum stripe_verdict stripe_verify(struct str header, struct str body, struct str secret,
                                  int64_t now_ms)
{
	struct str time = find_time(header);
	unsigned char want[MAC_BYTES];
	bool good = false;
	int64_t seconds;

	if (!str_to_int(time, &seconds) || seconds < 0 || seconds > INT64_MAX / 1000)
		return STRIPE_MALFORMED;
	if (!mac(time, body, secret, want))
		return STRIPE_MISMATCH;
	while (header.p) {
		struct str part = str_trim(str_cut(&header, ','));

		if (str_starts(part, "v1="))
			good |= matches(str_slice(part, 3, part.n), want);
	}
	if (!good)
		return STRIPE_MISMATCH;
	if (llabs(now_ms / 1000 - seconds) > STRIPE_TOLERANCE_SECONDS)
		return STRIPE_TOO_OLD;
	return STRIPE_GOOD;
}
