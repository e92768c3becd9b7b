/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/retainer.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "commission/commission.h"
#include "event/scene.h"
#include "partner/enrolment.h"
#include "partner/partner_step.h"

#define RETAINER \
	"{\"trigger\":\"retainer\",\"reward\":{\"type\":\"fixed\",\"amount\":310000}," \
	"\"hold_days\":0}"

static int64_t when(const char *text)
{
	int64_t at = 0;

	CHECK(time_parse(str_from(text), &at));
	return at;
}

TEST(a_month_counts_each_day_on_which_the_partner_was_engaged)
{
	static const struct {
		const char *zone;
		int64_t month;
		const char *from, *to, *closed;
		int64_t days, of;
	} rows[] = {
		{ "UTC", 202602, "2025-01-01", NULL, NULL, 28, 28 },
		{ "UTC", 202402, "2024-01-01", NULL, NULL, 29, 29 },
		{ "UTC", 202601, "2026-01-15T23:59:59Z", NULL, NULL, 17, 31 },
		{ "UTC", 202601, "2025-01-01", "2026-01-10T00:00:00Z", NULL, 9, 31 },
		{ "UTC", 202601, "2025-01-01", "2026-01-10T00:00:01Z", NULL, 10, 31 },
		{ "UTC", 202601, "2025-01-01", NULL, "2026-01-10T08:00:00Z", 10, 31 },
		{ "UTC", 202601, "2026-02-01T00:00:00Z", NULL, NULL, 0, 31 },
		{ "UTC", 202601, "2025-01-01", "2026-01-01T00:00:00Z", NULL, 0, 31 },
		{ "UTC", 202601, "2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z", NULL, 0, 31 },
		{ "UTC", 202601, "2026-01-05T10:00:00Z", NULL, "2026-01-04T00:00:00Z", 0, 31 },
		/* On the wall in Auckland it is the first of February already. */
		{ "Pacific/Auckland", 202601, "2026-01-31T11:00:00Z", NULL, NULL, 0, 31 },
		{ "Pacific/Auckland", 202601, "2026-01-31T10:59:59Z", NULL, NULL, 1, 31 },
		{ "America/Los_Angeles", 202601, "2026-02-01T07:59:59Z", NULL, NULL, 1, 31 },
		/* Days of 23 and 25 hours are days. */
		{ "Europe/Berlin", 202603, "2026-03-29T21:59:59Z", NULL, NULL, 3, 31 },
		{ "Europe/Berlin", 202603, "2026-03-28T23:00:00Z", NULL, NULL, 3, 31 },
		{ "Europe/Berlin", 202610, "2026-10-25T22:59:59Z", NULL, NULL, 7, 31 },
		{ "Europe/Berlin", 202610, "2026-10-25T23:00:00Z", NULL, NULL, 6, 31 },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		struct engagement g = { 1, when(rows[i].from),
			                rows[i].to ? when(rows[i].to) : 0 };
		struct list one = { &g, 1 };
		struct retainer_month m;

		retainer_month(str_from(rows[i].zone), rows[i].month, &one,
		               rows[i].closed ? when(rows[i].closed) : 0, &m);
		EQ(m.days, rows[i].days);
		EQ(m.of, rows[i].of);
	}
}

TEST(a_day_on_which_one_engagement_ends_and_another_begins_counts_once)
{
	struct engagement two[] = {
		{ 1, when("2026-01-01"), when("2026-01-10T10:00:00Z") },
		{ 1, when("2026-01-10T12:00:00Z"), when("2026-01-20T00:00:00Z") },
	};
	struct list all = { two, 2 };
	struct retainer_month m;

	retainer_month(STR("UTC"), 202601, &all, 0, &m);
	EQ(m.days, 19);
	EQ(m.end_ms, when("2026-01-20T00:00:00Z"));
}

static void run_at(struct ctx *c, const char *at)
{
	bool more = true;

	c->now_ms = when(at);
	while (more)
		OK(retainer_step(c, &more));
}

static struct str event_id(struct ctx *c, const struct scene *s, const char *month)
{
	struct enrolment e;
	bool found;

	OK(enrolment_find(c, s->campaign_id, s->partner_id, &e, &found));
	return arena_printf(c->arena, "retainer/%.*s/%s", STR_ARG(id_str(c->arena, ID_ENROLMENT, e.id)),
	                    month);
}

/* What the retainer of a month has made; -1: there is no such event. */
static int64_t made(struct ctx *c, const struct scene *s, const char *month)
{
	struct list all;
	struct event e;
	bool found;

	OK(event_find(c, EVENT_RETAINER, event_id(c, s, month), &e, &found));
	if (!found)
		return -1;
	OK(commission_of_event(c, e.id, &all));
	return all.count > 0 ? ((struct commission *)all.items)->amount : 0;
}

STORE_TEST(months_are_made_when_they_are_over_and_those_that_were_missed_too)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, RETAINER));
	run_at(c, "2026-01-31T23:59:59Z");
	EQ(made(c, &scene, "2026-01"), -1);
	run_at(c, "2026-02-01T00:00:00Z");
	EQ(made(c, &scene, "2026-01"), 170000);
	run_at(c, "2026-02-01T00:00:00Z");
	EQ(made(c, &scene, "2026-02"), -1);
	run_at(c, "2026-06-10T00:00:00Z");
	EQ(made(c, &scene, "2026-02"), 310000);
	EQ(made(c, &scene, "2026-05"), 310000);
	EQ(made(c, &scene, "2026-06"), -1);
	OK(scene_close(c, s));
}

STORE_TEST(a_ban_ends_a_retainer_and_a_suspension_holds_it)
{
	struct partner_step step = { 0 };
	struct scene scene;
	struct list all;
	struct event e;
	bool found;

	OK(scene_open(c, s, &scene, RETAINER));
	c->now_ms = when("2026-02-10T00:00:00Z");
	OK(partner_take_step(c, PARTNER_SUSPEND, scene.partner_id, &step));
	run_at(c, "2026-03-05T00:00:00Z");
	EQ(made(c, &scene, "2026-02"), 310000);
	OK(event_find(c, EVENT_RETAINER, event_id(c, &scene, "2026-02"), &e, &found));
	OK(commission_of_event(c, e.id, &all));
	EQ(((struct commission *)all.items)->status, COMMISSION_HELD);

	c->now_ms = when("2026-03-10T12:00:00Z");
	OK(partner_take_step(c, PARTNER_REINSTATE, scene.partner_id, &step));
	OK(partner_take_step(c, PARTNER_BAN, scene.partner_id, &step));
	c->now_ms = when("2026-03-30T12:00:00Z");
	OK(partner_take_step(c, PARTNER_REINSTATE, scene.partner_id, &step));
	run_at(c, "2026-04-01T00:00:00Z");
	EQ(made(c, &scene, "2026-03"), 120000);
	OK(scene_close(c, s));
}

STORE_TEST(closing_the_campaign_ends_its_retainers)
{
	struct campaign k;
	struct scene scene;

	OK(scene_open(c, s, &scene, RETAINER));
	c->now_ms = when("2026-02-14T12:00:00Z");
	OK(campaign_get(c, scene.campaign_id, &k));
	k.status = CAMPAIGN_CLOSED;
	OK(campaign_update(c, &k));
	run_at(c, "2026-04-01T00:00:00Z");
	EQ(made(c, &scene, "2026-01"), 170000);
	EQ(made(c, &scene, "2026-02"), 155000);
	EQ(made(c, &scene, "2026-03"), -1);
	OK(scene_close(c, s));
}

STORE_TEST(a_campaign_for_sales_makes_no_retainers)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	run_at(c, "2026-04-01T00:00:00Z");
	EQ(made(c, &scene, "2026-02"), -1);
	OK(scene_close(c, s));
}
