/* SPDX-License-Identifier: Apache-2.0 */
#include "access/seal.h"

#include "app.h"

#include <sodium.h>

#define SEALED_OVERHEAD (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)

struct str seal(struct ctx *c, struct str plain)
{
	size_t size = SEALED_OVERHEAD + plain.n;
	size_t text_size = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL);
	unsigned char *box = arena_alloc(c->arena, size);
	char *text = arena_alloc(c->arena, text_size);

	if (plain.n == 0)
		return STR("");
	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain.p,
	                      plain.n, box, app_of(c)->secret);
	sodium_bin2base64(text, text_size, box, size, sodium_base64_VARIANT_ORIGINAL);
	return str_from(text);
}

bool unseal(struct ctx *c, struct str text, struct str *out)
{
	unsigned char *box = arena_alloc(c->arena, text.n + 1);
	size_t size = 0;

	*out = STR("");
	if (text.n == 0)
		return true;
	if (sodium_base642bin(box, text.n + 1, text.p, text.n, NULL, &size, NULL,
	                      sodium_base64_VARIANT_ORIGINAL) != 0
	    || size < SEALED_OVERHEAD)
		return fail(c, ERR_INTERNAL, NULL, "a stored secret cannot be read");

	char *plain = arena_alloc(c->arena, size);

	if (crypto_secretbox_open_easy((unsigned char *)plain, box + crypto_secretbox_NONCEBYTES,
	                               size - crypto_secretbox_NONCEBYTES, box, app_of(c)->secret)
	    != 0)
		return fail(c, ERR_INTERNAL, NULL, "a stored secret was sealed with another key");
	*out = (struct str){ plain, size - SEALED_OVERHEAD };
	return true;
}
