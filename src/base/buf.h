/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

/*
 * A text that grows, in an arena. Bytes move when it grows: take buf_text()
 * only when it is complete. The text is always followed by a NUL.
 */
struct buf {
	struct arena *arena;
	char *p;
	size_t n;
	size_t cap;
};

void buf_init(struct buf *b, struct arena *a);
void buf_int(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for n more bytes at the returned place; the caller then adds what it wrote to b->n. */
char *buf_room(struct buf *b, size_t n);

struct str buf_text(const struct buf *b);

/* Texts are put together from many small pieces, so these are where they are used. */
static inline void buf_put(struct buf *b, const void *p, size_t n)
{
	if (n >= b->cap - b->n)
		buf_room(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

static inline void buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

static inline void buf_puts(struct buf *b, const char *c)
{
	buf_put(b, c, strlen(c));
}

static inline void buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

#endif
