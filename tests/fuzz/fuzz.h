/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/arena.h"
#include "base/check.h"
#include "base/ctx.h"

#include <stdlib.h>

/*
 * Fuzz targets: tests/fuzz/fuzz_NAME.c, run by tools/fuzz.
 *
 *	FUZZ
 *	{
 *		use(c, text);
 *	}
 *
 * The text may be anything; a CHECK, a sanitizer or ten seconds of silence is a find.
 * Beside surviving, a target checks what must hold for all that is accepted: written
 * out and read again, it is the same. The text is a copy of its own size, so reading
 * past its end is noticed.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_one(struct ctx *c, struct str text);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena arena;
	struct ctx c = { .arena = &arena, .org_id = 1, .now_ms = 1768478400000 };

	CHECK(copy);
	if (size > 0)
		memcpy(copy, data, size);
	c.actor = (struct actor){ .kind = ACTOR_SYSTEM, .role = ROLE_OWNER };
	arena_init(&arena);
	fuzz_one(&c, (struct str){ copy, size });
	arena_release(&arena);
	free(copy);
	return 0;
}

/* A refusal must come with its reason. */
static inline bool refused(struct ctx *c, bool ok)
{
	CHECK(ok == (c->err.code == ERR_NONE));
	fail_clear(c);
	return !ok;
}

#define FUZZ static void fuzz_one(struct ctx *c, struct str text)

#endif
