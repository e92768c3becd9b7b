/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_search.h"

#include "event/scene.h"

static void registers(struct ctx *c, const struct scene *scene, struct deal_new in)
{
	struct deal d;

	in.campaign_id = scene->campaign_id;
	in.partner_id = scene->partner_id;
	OK(deal_register(c, &in, &d));
}

static void open_deals(struct ctx *c, struct store *s)
{
	struct scene scene;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	registers(c, &scene, (struct deal_new){ .company = STR("Acme Works"),
	                                        .domain = STR("acme.example") });
	registers(c, &scene, (struct deal_new){ .company = STR("Hooli 100%"),
	                                        .email = STR("jo@hooli.example") });
	registers(c, &scene, (struct deal_new){ .company = STR("Old acme"), .customer = STR("cus-7"),
	                                        .email = STR("eve@gmail.com") });
}

/* The companies of what is found, in order. */
static const char *finds(struct ctx *c, const char *text)
{
	struct list all;
	struct buf b;

	buf_init(&b, c->arena);
	OK(deal_search(c, str_from(text), 20, &all));
	for (size_t i = 0; i < all.count; i++)
		buf_printf(&b, "%s%.*s", i ? ", " : "",
		           STR_ARG(((const struct deal *)all.items)[i].company));
	return arena_cstr(c->arena, buf_text(&b));
}

STORE_TEST(deals_are_found_by_company_and_domain_address_and_customer)
{
	c->actor.sees_personal_data = true;
	open_deals(c, s);
	EQ_STR(str_from(finds(c, "ACME")), "Old acme, Acme Works");
	EQ_STR(str_from(finds(c, "0%")), "Hooli 100%");
	EQ_STR(str_from(finds(c, "acme.example")), "Acme Works");
	EQ_STR(str_from(finds(c, "https://www.Acme.example/about")), "Acme Works");
	EQ_STR(str_from(finds(c, "hooli.example")), "Hooli 100%");
	EQ_STR(str_from(finds(c, "jo@hooli.example")), "Hooli 100%");
	EQ_STR(str_from(finds(c, "Eve@gmail.com")), "Old acme");
	EQ_STR(str_from(finds(c, "cus-7")), "Old acme");
	EQ_STR(str_from(finds(c, "nobody.example")), "");
	EQ_STR(str_from(finds(c, "gmail.com")), "");
	OK(scene_close(c, s));
}

STORE_TEST(who_may_not_see_personal_data_finds_no_deal_by_address_or_customer)
{
	c->actor.sees_personal_data = true;
	open_deals(c, s);
	c->actor.sees_personal_data = false;
	EQ_STR(str_from(finds(c, "hooli")), "Hooli 100%");
	EQ_STR(str_from(finds(c, "acme.example")), "Acme Works");
	EQ_STR(str_from(finds(c, "eve@gmail.com")), "");
	EQ_STR(str_from(finds(c, "jo@hooli.example")), "");
	EQ_STR(str_from(finds(c, "cus-7")), "");
	OK(scene_close(c, s));
}
