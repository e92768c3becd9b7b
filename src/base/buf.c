/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_BYTES 256

void buf_init(struct buf *b, struct arena *a)
{
	*b = (struct buf){ .arena = a };
}

char *buf_room(struct buf *b, size_t n)
{
	CHECK(n < ARENA_LIMIT_BYTES);
	if (b->n + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;

		while (cap < b->n + n + 1)
			cap *= 2;
		char *p = arena_alloc(b->arena, cap);

		if (b->n)
			memcpy(p, b->p, b->n);
		b->p = p;
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_int(struct buf *b, int64_t value)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--p = '-';
	buf_put(b, p, (size_t)(digits + sizeof(digits) - p));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	CHECK(n >= 0);

	char *to = buf_room(b, (size_t)n);

	vsnprintf(to, (size_t)n + 1, fmt, again);
	va_end(again);
	b->n += (size_t)n;
}

struct str buf_text(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}
