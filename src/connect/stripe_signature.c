/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_signature.h"

#include <sodium.h>
#include <stdlib.h>

#define MAC_BYTES crypto_auth_hmacsha256_BYTES

static void mac(struct str time, struct str body, struct str secret, unsigned char out[MAC_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.p, secret.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)time.p, time.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.n);
	crypto_auth_hmacsha256_final(&state, out);
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
	mac(time, body, secret, want);
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
