/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_SCAN_H
#define DATA_SCAN_H

#include "base/arena.h"
#include "data/utf8.h"

#include <stdint.h>

/*
 * Reading the compact JSON this program wrote itself, in place and in one pass, where a document
 * in memory would cost more than all the rest. Whoever scans gives up at the first thing that is
 * not as it was written, and lets data/json.h read it. Texts point into what is scanned.
 */

struct scan {
	const char *p, *end;
	struct arena *arena; /* the caller's own; may be NULL */
};

static inline bool scan_char(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static inline bool scan_word(struct scan *s, struct str word)
{
	if ((size_t)(s->end - s->p) < word.n || memcmp(s->p, word.p, word.n) != 0)
		return false;
	s->p += word.n;
	return true;
}

static inline bool scan_is_plain(char c, int below)
{
	return c != '"' && c != '\\' && (unsigned char)c >= ' ' && (unsigned char)c < below;
}

/* The first byte from p on that is not plain; looks at eight at a time. */
static inline const char *scan_plain(const char *p, const char *end, int below)
{
	for (; end - p >= 8; p += 8) {
		uint64_t v = utf8_load(p), odd;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		v = __builtin_bswap64(v);
#endif
		odd = utf8_has(v, '"') | utf8_has(v, '\\') | utf8_below(v, ' ');
		if (below <= 0x7F)
			odd |= utf8_has(v, 0x7F) | (v & UTF8_HIGHS);
		if (odd)
			return p + __builtin_ctzll(odd) / 8;
	}
	while (p < end && scan_is_plain(*p, below))
		p++;
	return p;
}

/* A text without escapes and control characters, all bytes below `below`: 127 or 256. */
static inline bool scan_text(struct scan *s, int below, struct str *out)
{
	const char *from = s->p + 1;

	if (!scan_char(s, '"'))
		return false;
	s->p = scan_plain(s->p, s->end, below);
	*out = (struct str){ from, (size_t)(s->p - from) };
	return scan_char(s, '"');
}

/* Numbers of this many digits always fit. */
#define SCAN_DIGITS_SAFE 18

static inline bool scan_int(struct scan *s, int64_t *out)
{
	bool negative = scan_char(s, '-');
	const char *from = s->p, *p = from;
	const char *safe = s->end - from > SCAN_DIGITS_SAFE ? from + SCAN_DIGITS_SAFE : s->end;
	int64_t value = 0;

	for (; p < safe && *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (*p - '0');
	for (; p < s->end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, 10, &value)
		    || __builtin_add_overflow(value, *p - '0', &value))
			return false;
	s->p = p;
	*out = negative ? -value : value;
	return p > from;
}

#endif
