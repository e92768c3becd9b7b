/* SPDX-License-Identifier: Apache-2.0 */
#include "click/lookup.h"
#include "click/own_device.h"
#include "commission/commission.h"
#include "event/scene.h"
#include "partner/self.h"
#include "partner/partner.h"
#include "rules/input.h"

#define BOUGHT_MS 1768478400000
#define DEVICE "00000000fedcba98"

TEST(a_customer_with_the_address_or_the_payout_account_of_the_partner_is_the_partner)
{
	struct str bob = STR("bob@x.example"), pay = STR(" Pay@Bob.example "), bank = STR("DE02 1203");

	EQ(self_holds(bob, pay, STR("eve@x.example")), 0);
	EQ(self_holds(bob, pay, STR("Bob+Shop@X.example")), HOLD_SELF_ADDRESS);
	EQ(self_holds(bob, pay, STR("pay+1@bob.example")), HOLD_SELF_PAYOUT);
	EQ(self_holds(bob, bob, bob), HOLD_SELF_ADDRESS | HOLD_SELF_PAYOUT);
	EQ(self_holds(bob, bank, STR("")), 0);
	EQ(self_holds(bob, STR(""), STR("")), 0);
}

static const struct sql SQL_CLICK = {
	.text = "INSERT INTO click (org_id, id, link_id, partner_id, campaign_id, at, device, referrer,"
	        " utm, country, sub, flags) VALUES ($1, $2, 0, $3, $4, $5, $6, '', '', '', '', 0)",
};

static int64_t click(struct ctx *c, const struct scene *k, int64_t at_ms, const char *device)
{
	int64_t id = id_new();

	OK(db_exec(c, &SQL_CLICK, ARGS(val_int(id), val_int(k->partner_id), val_int(k->campaign_id),
	                               val_int(at_ms), val_str(str_from(device)))));
	return id;
}

static struct recorded buy(struct ctx *c, const char *id, int64_t click_id)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .click_id = click_id,
		           .customer_id = arena_printf(c->arena, "cus-%s", id),
		           .amount = 10000,
		           .currency = STR("USD"),
		           .occurred_at = BOUGHT_MS,
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
	return r;
}

static int64_t holds_of(struct ctx *c, const char *id, int64_t click_id)
{
	struct recorded r = buy(c, id, click_id);
	struct list all;

	OK(commission_of_event(c, r.event.id, &all));
	EQ(all.count, 1);
	return ((const struct commission *)all.items)->holds;
}

STORE_TEST(a_click_from_the_partners_device_of_the_same_day_holds_the_commission)
{
	int64_t hour = BOUGHT_MS - MS_PER_HOUR, before = BOUGHT_MS - MS_PER_DAY;
	struct scene k;

	c->now_ms = BOUGHT_MS;
	OK(scene_open(c, s, &k, SCENE_25_PERCENT));
	OK(own_device_note(c, k.partner_id, BOUGHT_MS, STR(DEVICE)));
	OK(own_device_note(c, k.partner_id, BOUGHT_MS + 1, STR(DEVICE)));
	OK(own_device_note(c, k.partner_id + 1, before, STR(DEVICE)));
	EQ(holds_of(c, "own", click(c, &k, hour, DEVICE)), HOLD_SELF_DEVICE);
	EQ(holds_of(c, "another", click(c, &k, hour, "00000000fedcba99")), 0);
	EQ(holds_of(c, "yesterday", click(c, &k, before, DEVICE)), 0);
	OK(scene_close(c, s));
}

STORE_TEST(a_contact_told_before_the_sale_shows_the_device_as_well)
{
	struct scene k;
	int64_t id;

	c->now_ms = BOUGHT_MS;
	OK(scene_open(c, s, &k, SCENE_25_PERCENT));
	OK(own_device_note(c, k.partner_id, BOUGHT_MS, STR(DEVICE)));
	id = click(c, &k, BOUGHT_MS - 2000, DEVICE);

	struct track lead = { .type = EVENT_LEAD, .external_id = STR("l"), .click_id = id,
		              .customer_id = STR("cus-s"), .occurred_at = BOUGHT_MS - 1000,
		              .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &lead, &r));
	EQ(holds_of(c, "s", 0), HOLD_SELF_DEVICE);
	OK(scene_close(c, s));
}

/* A recruit of the scene's partner, with a link's click from this device, and what the two of them hold. */
static void sale_of_recruit(struct ctx *c, const struct scene *k, const char *device, int64_t out[2])
{
	struct partner_new new = { .name = STR("Cat"), .status = PARTNER_APPROVED,
		                   .email = arena_printf(c->arena, "%s@x.example", device),
		                   .campaign_id = k->campaign_id, .parent_id = k->partner_id };
	struct scene below = *k;
	struct partner recruit;
	const struct commission *m;
	struct recorded r;
	struct list all;

	OK(partner_enrol(c, &new, &recruit));
	below.partner_id = recruit.id;
	r = buy(c, device, click(c, &below, BOUGHT_MS - MS_PER_HOUR, device));
	OK(commission_of_event(c, r.event.id, &all));
	EQ(all.count, 2);
	m = all.items;
	EQ(m[0].partner_id, recruit.id);
	EQ(m[1].partner_id, k->partner_id);
	out[0] = m[0].holds;
	out[1] = m[1].holds;
}

STORE_TEST(a_click_on_the_link_of_a_recruit_from_the_device_of_who_stands_above_holds_his_part)
{
	struct scene k;
	int64_t holds[2];

	c->now_ms = BOUGHT_MS;
	OK(scene_open(c, s, &k, "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":"
	                        "\"25\"},\"chain\":{\"levels\":[{\"percent\":\"10\"}]}}"));
	OK(own_device_note(c, k.partner_id, BOUGHT_MS, STR(DEVICE)));
	sale_of_recruit(c, &k, DEVICE, holds);
	EQ(holds[0], 0);
	EQ(holds[1], HOLD_SELF_DEVICE);
	sale_of_recruit(c, &k, "00000000fedcba99", holds);
	EQ(holds[0], 0);
	EQ(holds[1], 0);
	OK(scene_close(c, s));
}

static bool known(struct ctx *c, int64_t at_ms)
{
	bool is;

	OK(own_device_is(c, 7, at_ms, STR(DEVICE), &is));
	return is;
}

STORE_TEST(devices_are_forgotten_after_ninety_days)
{
	int64_t old = BOUGHT_MS - (OWN_DEVICE_DAYS + 1) * MS_PER_DAY;
	bool more;

	c->now_ms = BOUGHT_MS;
	OK(fixture_write(c, s, 1));
	OK(own_device_note(c, 7, old, STR(DEVICE)));
	OK(own_device_note(c, 7, old + MS_PER_DAY, STR(DEVICE)));
	OK(known(c, old));
	OK(own_device_prune(c, &more));
	NO(more);
	NO(known(c, old));
	OK(known(c, old + MS_PER_DAY));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 2));
	NO(known(c, old + MS_PER_DAY));
	OK(fixture_commit(c, s));
}
