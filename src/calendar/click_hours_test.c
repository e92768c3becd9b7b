/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/click_hours.h"

#include "base/check.h"
#include "base/id.h"
#include "click/record.h"
#include "event/scene.h"
#include "ledger/balance.h"
#include "link/link.h"
#include "partner/enrolment.h"

#define PER_CLICK \
	"{\"trigger\":\"click\",\"reward\":{\"type\":\"fixed\",\"amount\":25},\"hold_days\":0}"

#define NOON 1768478400000 /* 2026-01-15T12:00:00Z */
#define MINUTE 60000

struct shop {
	struct scene scene;
	struct link link;
};

static void open_shop(struct ctx *c, struct store *s, struct shop *k, const char *terms)
{
	OK(scene_open(c, s, &k->scene, terms));
	k->link = (struct link){ .partner_id = k->scene.partner_id,
		                 .campaign_id = k->scene.campaign_id,
		                 .slug = STR("bob") };
	OK(link_create(c, &k->link));
}

static const struct sql SQL_CLICK = {
	.text = "INSERT INTO click (org_id, id, link_id, partner_id, campaign_id, at, device,"
	        " referrer, utm, country, sub, flags)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '', $8)",
};

static const struct sql SQL_ARRIVED = {
	.text = "INSERT INTO click_hour (org_id, hour, made, arrived, counted, aim, reached)"
	        " VALUES ($1, $2, $3, 1, 0, 0, 0) ON CONFLICT (org_id, hour, made) DO UPDATE"
	        " SET arrived = click_hour.arrived + 1",
};

/* As the drain stores it. */
static void click(struct ctx *c, const struct shop *k, int64_t at, const char *device, int flags)
{
	int64_t id = id_new();

	OK(db_exec(c, &SQL_CLICK,
	           ARGS(val_int(id), val_int(k->link.id), val_int(k->scene.partner_id),
	                val_int(k->scene.campaign_id), val_int(at), val_str(str_from(device)),
	                val_int(flags))));
	OK(db_exec(c, &SQL_ARRIVED,
	           ARGS(val_int(at / MS_PER_HOUR), val_int(id_time_ms(id) / MS_PER_HOUR))));
}

static void run_at(struct ctx *c, int64_t at)
{
	bool more = true;

	c->now_ms = at;
	while (more)
		OK(click_hours_step(c, &more));
}

static int64_t pending(struct ctx *c, const struct shop *k)
{
	struct list all;

	OK(balance_list(c, k->scene.partner_id, &all));
	return all.count > 0 ? ((const struct balance *)all.items)->pending : 0;
}

/* Is there an event clicks/<enrolment>/<tail>? */
static bool is_made(struct ctx *c, const struct shop *k, const char *tail)
{
	struct enrolment e;
	struct event event;
	bool found;

	OK(enrolment_find(c, k->scene.campaign_id, k->scene.partner_id, &e, &found));
	OK(event_find(c, EVENT_CLICK,
	              arena_printf(c->arena, "clicks/%.*s/%s",
	                           STR_ARG(id_str(c->arena, ID_ENROLMENT, e.id)), tail),
	              &event, &found));
	return found;
}

STORE_TEST(an_hour_is_paid_when_it_is_over_by_one_event)
{
	struct shop k;

	open_shop(c, s, &k, PER_CLICK);
	click(c, &k, NOON, "a", 0);
	click(c, &k, NOON + MINUTE, "b", 0);
	run_at(c, NOON + MS_PER_HOUR - 1);
	EQ(pending(c, &k), 0);
	run_at(c, NOON + MS_PER_HOUR);
	EQ(pending(c, &k), 50);
	OK(is_made(c, &k, "2026-01-15T12"));
	run_at(c, NOON + 5 * MS_PER_HOUR);
	EQ(pending(c, &k), 50);
	OK(scene_close(c, s));
}

STORE_TEST(a_device_pays_once_a_day_and_robots_never)
{
	struct shop k;

	open_shop(c, s, &k, PER_CLICK);
	click(c, &k, NOON, "a", 0);
	click(c, &k, NOON + MINUTE, "a", 0);
	click(c, &k, NOON + 2 * MS_PER_HOUR, "a", 0);
	click(c, &k, NOON, "bot", CLICK_BOT);
	click(c, &k, NOON, "tor", CLICK_ANONYMISER);
	click(c, &k, NOON, "ahead", CLICK_PREFETCH);
	run_at(c, NOON + 6 * MS_PER_HOUR);
	EQ(pending(c, &k), 25);
	click(c, &k, NOON + 12 * MS_PER_HOUR, "a", 0);
	run_at(c, NOON + 20 * MS_PER_HOUR);
	EQ(pending(c, &k), 50);
	OK(scene_close(c, s));
}

STORE_TEST(clicks_that_arrive_after_their_hour_was_paid_are_paid_once)
{
	struct shop k;

	open_shop(c, s, &k, PER_CLICK);
	click(c, &k, NOON, "a", 0);
	run_at(c, NOON + MS_PER_HOUR);
	click(c, &k, NOON + MINUTE, "b", 0);
	click(c, &k, NOON + MINUTE, "a", 0);
	run_at(c, NOON + MS_PER_HOUR + MINUTE);
	EQ(pending(c, &k), 50);
	OK(is_made(c, &k, "2026-01-15T12/2"));
	click(c, &k, NOON - 40 * MS_PER_DAY, "c", CLICK_API);
	run_at(c, NOON + MS_PER_HOUR + MINUTE);
	EQ(pending(c, &k), 75);
	run_at(c, NOON + 30 * MS_PER_DAY);
	EQ(pending(c, &k), 75);
	OK(scene_close(c, s));
}

STORE_TEST(an_hour_with_more_clicks_than_one_step_takes_is_still_one_event)
{
	char device[17];
	struct shop k;

	open_shop(c, s, &k, PER_CLICK);
	for (int i = 0; i < 5003; i++) {
		snprintf(device, sizeof(device), "%016x", i);
		click(c, &k, NOON + i, device, 0);
	}
	run_at(c, NOON + MS_PER_HOUR);
	EQ(pending(c, &k), 5003 * 25);
	OK(is_made(c, &k, "2026-01-15T12"));
	NO(is_made(c, &k, "2026-01-15T12/2"));
	OK(scene_close(c, s));
}

STORE_TEST(a_campaign_for_sales_pays_for_no_clicks)
{
	struct shop k;

	open_shop(c, s, &k, SCENE_25_PERCENT);
	click(c, &k, NOON, "a", 0);
	run_at(c, NOON + MS_PER_HOUR);
	EQ(pending(c, &k), 0);
	NO(is_made(c, &k, "2026-01-15T12"));
	OK(scene_close(c, s));
}
