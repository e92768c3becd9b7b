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

static void sell(struct ctx *c, int64_t partner_id, const char *id)
{
	struct track t = { .type = EVENT_SALE, .external_id = str_from(id),
		           .partner_id = partner_id, .customer_id = str_from(id),
		           .amount = 10000, .currency = STR("USD"), .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static int64_t volume_below(struct ctx *c, int64_t partner_id)
{
	struct team t;

	OK(team_read(c, partner_id, &t));
	return t.together_count > 0 ? t.together[0].revenue : 0;
}

STORE_TEST(who_is_planned_to_move_is_in_the_old_team_until_then_and_in_the_new_one_from_then_on)
{
	struct partner left, right, low, lower, moved;
	struct scene scene;
	struct team t;

	OK(scene_open(c, s, &scene, TERMS));
	left = joined(c, &scene, "left", 0);
	right = joined(c, &scene, "right", 0);
	low = joined(c, &scene, "low", left.id);
	lower = joined(c, &scene, "lower", low.id);
	sell(c, low.id, "s1");
	sell(c, lower.id, "s2");
	moved = low;
	moved.parent_id = right.id;
	moved.parent_from = c->now_ms + MS_PER_DAY;
	OK(partner_update(c, &low, &moved));
	EQ(volume_below(c, left.id), 20000);
	EQ(volume_below(c, right.id), 0);
	OK(team_read(c, lower.id, &t));
	EQ(t.above[1], left.id);
	c->now_ms += MS_PER_DAY - 1;
	EQ(volume_below(c, left.id), 20000);
	c->now_ms++;
	EQ(volume_below(c, left.id), 0);
	EQ(volume_below(c, right.id), 20000);
	OK(team_read(c, lower.id, &t));
	EQ(t.above[1], right.id);
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
