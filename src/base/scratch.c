/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scratch.h"

#include "base/check.h"

struct scratch {
	struct arena arena;
	struct arena *outer;     /* NULL: not entered */
	struct ctx_hook *hooks;  /* those there were */
	bool keep;
};

static void release(void *arg)
{
	arena_release(&((struct scratch *)arg)->arena);
}

struct scratch *scratch_new(struct ctx *c)
{
	struct scratch *s = ARENA_NEW(c->arena, struct scratch);

	arena_init(&s->arena);
	arena_defer(c->arena, release, s);
	return s;
}

void scratch_enter(struct ctx *c, struct scratch *s)
{
	CHECK(s->outer == NULL);
	s->outer = c->arena;
	s->hooks = c->hooks;
	c->arena = &s->arena;
}

void scratch_leave(struct ctx *c, struct scratch *s)
{
	CHECK(s->outer != NULL && c->arena == &s->arena);
	c->arena = s->outer;
	s->outer = NULL;
	s->keep |= c->hooks != s->hooks;
	if (!s->keep)
		arena_reset(&s->arena);
}
