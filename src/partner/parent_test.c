/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/parent.h"

#include "event/scene.h"
#include "unit.h"

#define CHAIN \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"chain\":{\"levels\":[{\"percent\":\"10\"}]}}"

static struct partner joined(struct ctx *c, const struct scene *s, const char *name, int64_t parent)
{
	struct partner_new in = {
		.name = str_from(name), .email = arena_printf(c->arena, "%s@parents.example", name),
		.campaign_id = s->campaign_id, .parent_id = parent, .status = PARTNER_APPROVED,
	};
	struct partner p;

	OK(partner_enrol(c, &in, &p));
	return p;
}

static bool move(struct ctx *c, struct partner *p, int64_t parent_id, int64_t from)
{
	struct partner after = *p;

	after.parent_id = parent_id;
	after.parent_from = from;
	return partner_update(c, p, &after) && partner_get(c, p->id, p);
}

static int64_t parent(struct ctx *c, const struct partner *p, int64_t at_ms)
{
	int64_t id = -1;

	OK(parent_at(c, p, at_ms, &id));
	return id;
}

STORE_TEST(a_move_counts_from_its_time_and_leaves_what_was_before)
{
	struct partner ann, bob, eve;
	struct scene scene;
	struct list all;

	OK(scene_open(c, s, &scene, CHAIN));
	ann = joined(c, &scene, "ann", 0);
	eve = joined(c, &scene, "eve", 0);
	bob = joined(c, &scene, "bob", ann.id);
	EQ(parent(c, &bob, c->now_ms), ann.id);
	OK(move(c, &bob, eve.id, 0));
	EQ(parent(c, &bob, c->now_ms), eve.id);
	EQ(parent(c, &bob, c->now_ms - 1), ann.id);
	OK(move(c, &bob, 0, c->now_ms + MS_PER_DAY));
	EQ(parent(c, &bob, c->now_ms), eve.id);
	EQ(parent(c, &bob, c->now_ms + MS_PER_DAY), 0);
	OK(parent_list(c, bob.id, &all));
	EQ(all.count, 3);
	OK(scene_close(c, s));
}

STORE_TEST(a_move_takes_the_place_of_one_that_was_planned_for_later)
{
	struct partner ann, bob;
	struct scene scene;

	OK(scene_open(c, s, &scene, CHAIN));
	ann = joined(c, &scene, "ann", 0);
	bob = joined(c, &scene, "bob", 0);
	OK(move(c, &bob, ann.id, c->now_ms + 2 * MS_PER_DAY));
	OK(move(c, &bob, 0, c->now_ms + MS_PER_DAY));
	EQ(parent(c, &bob, c->now_ms + 3 * MS_PER_DAY), 0);
	OK(scene_close(c, s));
}

/* Directly below, and whether until a planned move. */
static int64_t below(struct ctx *c, int64_t partner_id, int64_t at_ms, bool *out_planned)
{
	struct list all;
	bool any;

	*out_planned = false;
	OK(parent_below(c, partner_id, at_ms, 10, &all));
	OK(parent_has_below(c, partner_id, at_ms, &any));
	EQ(any, all.count > 0);
	for (size_t i = 0; i < all.count; i++)
		*out_planned |= ((const struct parent_below *)all.items)[i].until != INT64_MAX;
	return (int64_t)all.count;
}

STORE_TEST(whoever_looks_from_above_sees_at_each_moment_who_stands_below)
{
	struct partner ann, bob, eve;
	struct scene scene;
	bool planned;

	OK(scene_open(c, s, &scene, CHAIN));
	ann = joined(c, &scene, "ann", 0);
	eve = joined(c, &scene, "eve", 0);
	bob = joined(c, &scene, "bob", ann.id);
	OK(move(c, &bob, eve.id, c->now_ms + 2 * MS_PER_DAY));
	EQ(below(c, ann.id, c->now_ms, &planned), 1);
	OK(planned);
	EQ(below(c, eve.id, c->now_ms, &planned), 0);
	EQ(below(c, ann.id, c->now_ms + 2 * MS_PER_DAY, &planned), 0);
	EQ(below(c, eve.id, c->now_ms + 2 * MS_PER_DAY, &planned), 1);
	NO(planned);
	/* another decision takes the place of the planned one */
	OK(move(c, &bob, 0, c->now_ms + MS_PER_DAY));
	EQ(below(c, ann.id, c->now_ms, &planned), 1);
	EQ(below(c, ann.id, c->now_ms + MS_PER_DAY, &planned), 0);
	EQ(below(c, eve.id, c->now_ms + 3 * MS_PER_DAY, &planned), 0);
	OK(move(c, &bob, ann.id, 0));
	EQ(below(c, ann.id, c->now_ms + 3 * MS_PER_DAY, &planned), 1);
	OK(scene_close(c, s));
}

STORE_TEST(a_move_does_not_reach_back_and_makes_no_circle_now_or_later)
{
	struct partner ann, bob, eve;
	struct scene scene;

	OK(scene_open(c, s, &scene, CHAIN));
	ann = joined(c, &scene, "ann", 0);
	bob = joined(c, &scene, "bob", ann.id);
	eve = joined(c, &scene, "eve", bob.id);
	FAILS(move(c, &bob, 0, c->now_ms - 1), ERR_INVALID, "parent_from");
	FAILS(move(c, &ann, eve.id, 0), ERR_INVALID, "parent");
	OK(move(c, &eve, 0, c->now_ms + MS_PER_DAY));
	FAILS(move(c, &ann, eve.id, 0), ERR_INVALID, "parent");
	OK(move(c, &ann, eve.id, c->now_ms + MS_PER_DAY));
	FAILS(move(c, &eve, bob.id, c->now_ms + 2 * MS_PER_DAY), ERR_INVALID, "parent");
	OK(scene_close(c, s));
}

STORE_TEST(no_more_than_the_limit_stand_above_one_another)
{
	struct partner top, last = { 0 };
	struct scene scene;

	OK(scene_open(c, s, &scene, CHAIN));
	top = joined(c, &scene, "top", 0);
	for (int i = 0; i < PARENT_DEPTH_MAX; i++)
		last = joined(c, &scene, arena_printf(c->arena, "p%d", i).p, last.id);
	last.id = 0;
	FAILS(move(c, &top, 1, 0), ERR_INVALID, "parent");
	OK(scene_close(c, s));
}
