/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/check.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define REDZONE_BYTES 16
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define REDZONE_BYTES 0
#endif

#define BLOCK_BYTES ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size_bytes;
	size_t used_bytes;
	bool reserved; /* kept by arena_reset, whatever its size */
	alignas(max_align_t) unsigned char bytes[];
};

struct arena_defer {
	struct arena_defer *next;
	void (*fn)(void *arg);
	void *arg;
};

static size_t round_up(size_t bytes)
{
	const size_t align = alignof(max_align_t);

	return (bytes + align - 1) / align * align;
}

static struct arena_block *block_new(size_t bytes)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct arena_block *b = malloc(sizeof(*b) + size);

	CHECK(b != NULL);
	b->next = NULL;
	b->size_bytes = size;
	b->used_bytes = 0;
	b->reserved = false;
	POISON(b->bytes, size);
	return b;
}

static void block_free(struct arena_block *b)
{
	UNPOISON(b->bytes, b->size_bytes);
	free(b);
}

static void run_defers(struct arena *a)
{
	while (a->defers) {
		struct arena_defer *d = a->defers;

		a->defers = d->next;
		d->fn(d->arg);
	}
}

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

void arena_reserve(struct arena *a, size_t bytes)
{
	CHECK(!a->blocks);
	a->blocks = block_new(bytes);
	a->blocks->reserved = true;
}

void arena_release(struct arena *a)
{
	run_defers(a);
	while (a->blocks) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		block_free(b);
	}
	a->used_bytes = 0;
}

void arena_reset(struct arena *a)
{
	run_defers(a);
	while (a->blocks && (a->blocks->next || (a->blocks->size_bytes > BLOCK_BYTES
	                                         && !a->blocks->reserved))) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		block_free(b);
	}
	if (a->blocks) {
		a->blocks->used_bytes = 0;
		POISON(a->blocks->bytes, a->blocks->size_bytes);
	}
	a->used_bytes = 0;
}

/* Not zeroed. */
static void *take(struct arena *a, size_t bytes)
{
	CHECK(bytes <= ARENA_LIMIT_BYTES);
	size_t need = round_up(bytes ? bytes : 1) + REDZONE_BYTES;
	struct arena_block *b = a->blocks;

	if (!b || b->size_bytes - b->used_bytes < need) {
		CHECK(a->used_bytes + need <= ARENA_LIMIT_BYTES);
		b = block_new(need);
		b->next = a->blocks;
		a->blocks = b;
	}
	void *p = b->bytes + b->used_bytes;

	UNPOISON(p, bytes);
	b->used_bytes += need;
	a->used_bytes += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	return memset(take(a, bytes), 0, bytes);
}

void *arena_array(struct arena *a, size_t size, size_t count)
{
	size_t bytes;

	CHECK(!__builtin_mul_overflow(size, count, &bytes));
	return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *items, size_t size, size_t count, size_t *room)
{
	void *bigger;

	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	bigger = arena_array(a, size, *room);
	if (count > 0)
		memcpy(bigger, items, size * count);
	return bigger;
}

void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
	struct arena_defer *d = ARENA_NEW(a, struct arena_defer);

	*d = (struct arena_defer){ a->defers, fn, arg };
	a->defers = d;
}

char *arena_cstr(struct arena *a, struct str s)
{
	char *p = take(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str arena_str(struct arena *a, struct str s)
{
	return (struct str){ arena_cstr(a, s), s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	CHECK(n >= 0);

	char *p = arena_alloc(a, (size_t)n + 1);

	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}
