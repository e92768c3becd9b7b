/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_SCAN_H
#define DATA_SCAN_H

#include "base/arena.h"

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

/* A text without escapes and control characters, all bytes below `below`. */
static inline bool scan_text(struct scan *s, int below, struct str *out)
{
	const char *from = s->p + 1;

	if (!scan_char(s, '"'))
		return false;
	while (s->p < s->end && *s->p != '"' && *s->p != '\\' && (unsigned char)*s->p >= ' '
	       && (unsigned char)*s->p < below)
		s->p++;
	*out = (struct str){ from, (size_t)(s->p - from) };
	return scan_char(s, '"');
}

static inline bool scan_int(struct scan *s, int64_t *out)
{
	bool negative = scan_char(s, '-');
	const char *from = s->p;
	int64_t value = 0;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		if (__builtin_mul_overflow(value, 10, &value)
		    || __builtin_add_overflow(value, *s->p++ - '0', &value))
			return false;
	*out = negative ? -value : value;
	return s->p > from;
}

#endif
