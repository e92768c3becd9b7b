/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"
#include "base/check.h"

#include <sodium.h>

int64_t digest_key(struct str kind, struct str text)
{
	crypto_generichash_state state;
	unsigned char out[16];
	int64_t key;

	crypto_generichash_init(&state, NULL, 0, sizeof(out));
	crypto_generichash_update(&state, (const unsigned char *)kind.p, kind.n);
	crypto_generichash_update(&state, (const unsigned char *)"", 1);
	crypto_generichash_update(&state, (const unsigned char *)text.p, text.n);
	crypto_generichash_final(&state, out, sizeof(out));
	memcpy(&key, out, sizeof(key));
	key &= INT64_MAX;
	return key ? key : 1;
}

struct str digest_hex(struct arena *a, struct str text, size_t bytes)
{
	unsigned char out[32];
	char *hex = arena_alloc(a, bytes * 2 + 1);

	CHECK(bytes >= 16 && bytes <= sizeof(out));
	crypto_generichash(out, bytes, (const unsigned char *)text.p, text.n, NULL, 0);
	sodium_bin2hex(hex, bytes * 2 + 1, out, bytes);
	return (struct str){ hex, bytes * 2 };
}
