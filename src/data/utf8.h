/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_UTF8_H
#define DATA_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * UTF-8 for the writers of this folder, which look at every byte that goes out:
 * inline and eight bytes at a time where nothing is special.
 */

#define UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* Length of the well-formed sequence at p (RFC 3629), or 0; n >= 1. */
static inline size_t utf8_step(const unsigned char *p, size_t n)
{
	unsigned char a = p[0];

	if (a < 0x80)
		return 1;
	if (a < 0xC2 || a > 0xF4 || n < 2)
		return 0;
	unsigned char low = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
	unsigned char high = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;

	if (p[1] < low || p[1] > high)
		return 0;
	size_t length = a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;

	if (n < length)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

#define UTF8_ONES 0x0101010101010101ULL
#define UTF8_HIGHS 0x8080808080808080ULL

static inline uint64_t utf8_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Not 0 if a byte of v is c; may be not 0 also when a byte above such a one is c + 1. */
static inline uint64_t utf8_has(uint64_t v, unsigned char c)
{
	uint64_t x = v ^ (UTF8_ONES * c);

	return (x - UTF8_ONES) & ~x & UTF8_HIGHS;
}

/* Not 0 if a byte of v is below limit (<= 128). */
static inline uint64_t utf8_below(uint64_t v, unsigned char limit)
{
	return (v - UTF8_ONES * limit) & ~v & UTF8_HIGHS;
}

#endif
