/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scratch.h"
#include "unit.h"

static void turn(struct ctx *c, struct scratch *s, size_t bytes)
{
	scratch_enter(c, s);
	OK(arena_alloc(c->arena, bytes) != NULL);
	scratch_leave(c, s);
}

TEST(a_loop_holds_what_one_turn_needs)
{
	struct scratch *s = scratch_new(c);
	size_t before = c->arena->used_bytes;

	for (int i = 0; i < 4000; i++)
		turn(c, s, 1 << 20); /* four times of what an arena may hold */
	EQ(c->arena->used_bytes, before);
}

static void count(struct ctx *c, void *arg)
{
	(void)c;
	++*(int *)arg;
}

TEST(a_turn_may_ask_to_be_called_after_the_commit)
{
	struct scratch *s = scratch_new(c);
	int called = 0;

	for (int i = 0; i < 3; i++) {
		scratch_enter(c, s);
		if (i == 1)
			ctx_after_commit(c, count, &called);
		scratch_leave(c, s);
		turn(c, s, 100);
	}
	ctx_committed(c);
	EQ(called, 1);
}
