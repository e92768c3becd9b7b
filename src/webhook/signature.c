/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/signature.h"

#include "base/buf.h"
#include "base/check.h"

#include <sodium.h>

#define PREFIX "whsec_"
#define SECRET_BYTES 32
#define KEY_BYTES_MAX 64
#define MAC_BYTES crypto_auth_hmacsha256_BYTES

static void put_base64(struct buf *b, const unsigned char *bytes, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
	char *at = buf_room(b, size);

	sodium_bin2base64(at, size, bytes, n, sodium_base64_VARIANT_ORIGINAL);
	b->n += size - 1;
}

struct str signature_secret(struct arena *a)
{
	unsigned char random[SECRET_BYTES];
	struct buf b;

	randombytes_buf(random, sizeof(random));
	buf_init(&b, a);
	buf_puts(&b, PREFIX);
	put_base64(&b, random, sizeof(random));
	sodium_memzero(random, sizeof(random));
	return buf_text(&b);
}

static void put_signature(struct buf *b, struct str signed_text, struct str secret)
{
	unsigned char key[KEY_BYTES_MAX], mac[MAC_BYTES];
	struct str text = str_slice(secret, strlen(PREFIX), SIZE_MAX);
	crypto_auth_hmacsha256_state state;
	size_t n = 0;

	CHECK(str_starts(secret, PREFIX));
	CHECK(sodium_base642bin(key, sizeof(key), text.p, text.n, NULL, &n, NULL,
	                        sodium_base64_VARIANT_ORIGINAL) == 0);
	crypto_auth_hmacsha256_init(&state, key, n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)signed_text.p, signed_text.n);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(key, sizeof(key));
	buf_puts(b, b->n > 0 ? " v1," : "v1,");
	put_base64(b, mac, sizeof(mac));
}

struct str signature_header(struct arena *a, const struct signature_input *in,
                            const struct str secrets[SIGNATURE_SECRETS_MAX])
{
	struct buf text, b;

	buf_init(&text, a);
	buf_str(&text, in->id);
	buf_char(&text, '.');
	buf_int(&text, in->seconds);
	buf_char(&text, '.');
	buf_str(&text, in->body);
	buf_init(&b, a);
	for (size_t i = 0; i < SIGNATURE_SECRETS_MAX; i++)
		if (secrets[i].n > 0)
			put_signature(&b, buf_text(&text), secrets[i]);
	CHECK(b.n > 0);
	return buf_text(&b);
}
