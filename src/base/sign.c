/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sign.h"
#include "base/check.h"

#include <sodium.h>

_Static_assert(SIGN_PUBLIC_LENGTH == 2 * crypto_sign_PUBLICKEYBYTES, "a public key in hex");
_Static_assert(SIGN_SIGNATURE_LENGTH == 2 * crypto_sign_BYTES, "a signature in hex");

struct pair {
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	unsigned char private[crypto_sign_SECRETKEYBYTES];
};

static void derive(struct pair *out, const unsigned char secret[32])
{
	static const char purpose[] = "partnerd signing key 1";
	unsigned char seed[crypto_sign_SEEDBYTES];

	crypto_generichash(seed, sizeof(seed), (const unsigned char *)purpose, sizeof(purpose) - 1,
	                   secret, 32);
	crypto_sign_seed_keypair(out->public, out->private, seed);
	sodium_memzero(seed, sizeof(seed));
}

static struct str hex(struct arena *a, const unsigned char *bytes, size_t n)
{
	char *text = arena_alloc(a, 2 * n + 1);

	sodium_bin2hex(text, 2 * n + 1, bytes, n);
	return (struct str){ text, 2 * n };
}

struct str sign_public(struct arena *a, const unsigned char secret[32])
{
	struct pair k;

	derive(&k, secret);
	sodium_memzero(k.private, sizeof(k.private));
	return hex(a, k.public, sizeof(k.public));
}

struct str sign_text(struct arena *a, const unsigned char secret[32], struct str text)
{
	unsigned char signature[crypto_sign_BYTES];
	struct pair k;

	derive(&k, secret);
	crypto_sign_detached(signature, NULL, (const unsigned char *)text.p, text.n, k.private);
	sodium_memzero(&k, sizeof(k));
	return hex(a, signature, sizeof(signature));
}

/* Lower-case hex of exactly n bytes. */
static bool read_hex(struct str text, unsigned char *out, size_t n)
{
	size_t got = 0;

	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 'A' && text.p[i] <= 'F')
			return false;
	return sodium_hex2bin(out, n, text.p, text.n, NULL, &got, NULL) == 0 && got == n;
}

bool sign_holds(struct str public_key, struct str text, struct str signature)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], bytes[crypto_sign_BYTES];

	return read_hex(public_key, key, sizeof(key))
	    && read_hex(signature, bytes, sizeof(bytes))
	    && crypto_sign_verify_detached(bytes, (const unsigned char *)text.p, text.n, key) == 0;
}
