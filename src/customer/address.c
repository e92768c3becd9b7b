/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/address.h"

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The next letter of the canonical form, moving *at; '\0' at the end. */
static char next_letter(struct str s, size_t *at)
{
	if (*at < s.n && s.p[*at] == '+') {
		size_t end = str_find(s, '@', *at);

		*at = end == SIZE_MAX ? s.n : end;
	}
	return *at < s.n ? fold(s.p[(*at)++]) : '\0';
}

struct str address_canonical(struct arena *a, struct str address)
{
	char *p = arena_alloc(a, address.n + 1);
	size_t at = 0, n = 0;

	for (char c = next_letter(address, &at); c; c = next_letter(address, &at))
		p[n++] = c;
	return (struct str){ p, n };
}

bool address_same(struct str a, struct str b)
{
	size_t i = 0, k = 0;
	char x, y;

	do {
		x = next_letter(a, &i);
		y = next_letter(b, &k);
	} while (x && x == y);
	return a.n > 0 && b.n > 0 && x == y;
}
