/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/position.h"

#include "commission/commission.h"
#include "event/scene.h"

static int64_t found(struct ctx *c, struct position of)
{
	int64_t number = -1;

	OK(position_find(c, of, &number));
	return number;
}

static int64_t commission_from(struct ctx *c, const struct scene *s, const char *id)
{
	struct recorded r;
	struct list made;

	OK(scene_sale(c, s, id, 10000, &r));
	OK(commission_of_event(c, r.event.id, &made) && made.count == 1);
	return ((const struct commission *)made.items)->id;
}

STORE_TEST(a_commission_stays_where_the_newest_entry_about_it_is)
{
	struct commission m;
	struct scene scene;
	int64_t first, second;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	EQ(found(c, (struct position){ 0 }), 0);
	first = commission_from(c, &scene, "a");
	EQ(found(c, (struct position){ .commission_id = first }), 1);
	second = commission_from(c, &scene, "b");
	EQ(found(c, (struct position){ .commission_id = first }), 1);
	EQ(found(c, (struct position){ .commission_id = second }), 2);
	OK(commission_get(c, first, &m) && commission_approve(c, &m));
	EQ(found(c, (struct position){ .commission_id = first }), 3);
	EQ(found(c, (struct position){ 0 }), 3);
	EQ(found(c, (struct position){ .commission_id = 1 }), 0);
	OK(scene_close(c, s));
}

STORE_TEST(who_sees_no_money_is_told_no_position)
{
	struct scene scene;
	struct buf b;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	buf_init(&b, c->arena);
	c->actor.sees_money = false;
	OK(position_put(c, (struct position){ 0 }, &b));
	EQ(buf_text(&b).n, 0);
	OK(scene_close(c, s));
}
