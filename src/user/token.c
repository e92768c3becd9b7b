/* SPDX-License-Identifier: Apache-2.0 */
#include "user/token.h"
#include "base/digest.h"

#include <sodium.h>

#define TOKEN_BYTES 32
#define TOKEN_CHARS 43 /* unpadded base64 */

struct str token_new(struct arena *a)
{
	unsigned char random[TOKEN_BYTES];
	char *text = arena_alloc(a, TOKEN_CHARS + 1);

	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, TOKEN_CHARS + 1, random, sizeof(random),
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof(random));
	return str_from(text);
}

struct str token_hash(struct arena *a, struct str token)
{
	return token.n == TOKEN_CHARS ? digest_hex(a, token, 32) : STR("");
}
