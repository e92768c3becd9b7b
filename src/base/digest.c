/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"
#include "base/check.h"

#include <sodium.h>

#define COUNTER_DIGITS_MAX 15

/* Where the counter at the end of a text begins: its digits without leading zeros; its end if none. */
static size_t counter_at(struct str text)
{
	size_t at = text.n;

	while (at > 0 && text.n - at < COUNTER_DIGITS_MAX && text.p[at - 1] >= '0'
	       && text.p[at - 1] <= '9')
		at--;
	while (at < text.n && text.p[at] == '0')
		at++;
	return at;
}

static uint64_t digits(struct str text)
{
	uint64_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n = n * 10 + (uint64_t)(text.p[i] - '0');
	return n;
}

/* Of the kind and the text up to its counter. */
static uint64_t digest_of(struct str kind, struct str text)
{
	crypto_generichash_state state;
	unsigned char out[16];
	uint64_t digest;

	crypto_generichash_init(&state, NULL, 0, sizeof(out));
	crypto_generichash_update(&state, (const unsigned char *)kind.p, kind.n);
	crypto_generichash_update(&state, (const unsigned char *)"", 1);
	crypto_generichash_update(&state, (const unsigned char *)text.p, text.n);
	crypto_generichash_final(&state, out, sizeof(out));
	memcpy(&digest, out, sizeof(digest));
	return digest;
}

static int64_t key_of(uint64_t digest, struct str counter)
{
	uint64_t key = (digest + digits(counter)) & INT64_MAX;

	return key ? (int64_t)key : 1;
}

int64_t digest_key(struct str kind, struct str text)
{
	size_t counter = counter_at(text);

	return key_of(digest_of(kind, (struct str){ text.p, counter }),
	              str_slice(text, counter, text.n));
}

int64_t digest_key_next(struct digest_before *before, struct str kind, struct str text)
{
	size_t counter = counter_at(text);
	struct str start = { text.p, counter };

	if (before->kind.p != kind.p || !str_eq(start, (struct str){ before->text, before->n })) {
		if (counter > sizeof(before->text))
			return digest_key(kind, text);
		before->kind = kind;
		before->n = counter;
		if (counter > 0)
			memcpy(before->text, text.p, counter);
		before->digest = digest_of(kind, start);
	}
	return key_of(before->digest, str_slice(text, counter, text.n));
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
