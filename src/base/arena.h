/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stddef.h>

/*
 * Arenas: memory that is freed all at once.
 *
 * Everything a request needs comes from the request's arena and goes when the
 * request ends; nobody frees single pieces. Allocation never fails: inputs are
 * capped before they get here, so running over ARENA_LIMIT_BYTES is a bug and
 * aborts. Memory is zeroed and aligned for any type. Free space is poisoned
 * under AddressSanitizer. An arena belongs to one thread at a time.
 */

#define ARENA_LIMIT_BYTES ((size_t)1 << 30)

struct arena_block;
struct arena_defer;

struct arena {
	struct arena_block *blocks; /* newest first; the oldest is kept by arena_reset */
	struct arena_defer *defers; /* run newest first */
	size_t used_bytes;          /* over all blocks */
};

/* Start with an empty arena on caller's memory; nothing is allocated yet. */
void arena_init(struct arena *a);

/*
 * Make room at once, in an empty arena: what arena_reset keeps. For loops that fill and empty
 * it millions of times, so that the memory is not given back and asked for each time.
 */
void arena_reserve(struct arena *a, size_t bytes);

/* Run the deferred calls and free all memory; the arena may be used again. */
void arena_release(struct arena *a);

/* As arena_release, but keep one block for the next request. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t bytes);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), sizeof(type), (count)))
void *arena_array(struct arena *a, size_t size, size_t count);

/*
 * Room for one more behind `count` items: the array itself, or one of twice the size with the
 * items copied. *room is the number there is room for, 0 at first.
 */
void *arena_grow(struct arena *a, void *items, size_t size, size_t count, size_t *room);

/* Call fn(arg) when the arena is reset or released. */
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);

/* Copies, followed by a NUL that is not counted. */
struct str arena_str(struct arena *a, struct str s);
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

#endif
