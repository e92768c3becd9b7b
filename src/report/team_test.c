/* SPDX-License-Identifier: Apache-2.0 */
#include "report/team.h"

#include "event/scene.h"
#include "unit.h"

#define TERMS "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}}"

static struct partner joined(struct ctx *c, const struct scene *s, const char *name, int64_t parent)
{
	struct partner_new in = {
		.name = str_from(name), .email = arena_printf(c->arena, "%s@teams.example", name),
		.campaign_id = s->campaign_id, .parent_id = parent, .status = PARTNER_APPROVED,
	};
	struct partner p;

	OK(partner_enrol(c, &in, &p));
	return p;
}

STORE_TEST(a_team_is_all_who_stand_below_now_by_levels)
{
	struct partner top, left, right, low;
	struct scene scene;
	struct team t;

	OK(scene_open(c, s, &scene, TERMS));
	top = joined(c, &scene, "top", 0);
	left = joined(c, &scene, "left", top.id);
	right = joined(c, &scene, "right", top.id);
	low = joined(c, &scene, "low", left.id);
	OK(team_read(c, top.id, &t));
	EQ(t.above_count, 0);
	EQ(t.levels, 3);
	EQ(t.partners[1], 2);
	EQ(t.partners[2], 1);
	EQ(t.below, 3);
	EQ(t.volume_count, 0);
	OK(t.complete);
	OK(team_read(c, low.id, &t));
	EQ(t.above_count, 2);
	EQ(t.above[0], left.id);
	EQ(t.above[1], top.id);
	EQ(t.below, 0);

	struct partner moved = low;

	moved.parent_id = right.id;
	moved.parent_from = 0;
	OK(partner_update(c, &low, &moved));
	OK(team_read(c, left.id, &t));
	EQ(t.below, 0);
	OK(team_read(c, right.id, &t));
	EQ(t.below, 1);
	OK(scene_close(c, s));
}

STORE_TEST(a_partner_reads_its_own_team_and_finds_no_other)
{
	struct partner ann, bob;
	struct scene scene;
	struct team t;

	OK(scene_open(c, s, &scene, TERMS));
	ann = joined(c, &scene, "ann", 0);
	bob = joined(c, &scene, "bob", ann.id);

	FAILS(team_read(c, ann.id + 12345, &t), ERR_NOT_FOUND, "id");
	c->actor.kind = ACTOR_PARTNER;
	c->actor.partner_id = bob.id;
	OK(team_read(c, bob.id, &t));
	FAILS(team_read(c, ann.id, &t), ERR_NOT_FOUND, "id");
	c->actor.kind = ACTOR_SYSTEM;
	OK(scene_close(c, s));
}
