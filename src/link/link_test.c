/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "api/call.h"
#include "app.h"
#include "campaign/campaign_api.h"
#include "click/click.h"
#include "link/code.h"
#include "link/link_api.h"
#include "partner/partner_api.h"

#define TEXT(...) arena_printf(c->arena, __VA_ARGS__).p
#define CALL(...) (&(struct call){ __VA_ARGS__ })

struct couple {
	const char *campaign, *partner;
};

static struct couple couple(struct ctx *c)
{
	struct couple two = { .campaign = call_campaign(c, "one") };

	two.partner = call_partner(c, two.campaign, "a@x.com");
	return two;
}

/* A body about the couple with more members. */
static const char *about(struct ctx *c, struct couple two, const char *more)
{
	return TEXT("{'partner':'%s','campaign':'%s'%s}", two.partner, two.campaign, more);
}

STORE_TEST(a_link_gets_a_slug_and_a_short_address)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	json_t *own = call(
		c,
		CALL(link_api_create,
		     about(c, two,
			   ",'slug':'Summer-1','url':'https://shop.example/x','utm_source':'yt'")),
		201);
	json_t *any = call(c, CALL(link_api_create, about(c, two, "")), 201);

	EQ_STR(said(own, "slug"), "Summer-1");
	EQ_STR(said(own, "short_url"), "/Summer-1");
	EQ_STR(said(own, "utm_source"), "yt");
	EQ_STR(said(own, "status"), "active");
	EQ_STR(said(any, "url"), "https://shop.example/");
	EQ(strlen(said(any, "slug")), 8);
	json_t *same = call(c, CALL(link_api_get, .args = { said(own, "id") }), 200);

	EQ(json_equal(own, same), 1);
	OK(call_end(c, s));
}

STORE_TEST(bad_links_are_refused_by_the_field_at_fault)
{
	static const char *const rows[][2] = {
		{ ",'slug':'api'", "slug" },
		{ ",'slug':'LOGIN'", "slug" },
		{ ",'slug':'a/b'", "slug" },
		{ ",'slug':'"
		  "0123456789012345678901234567890123456789012345678901234567890123456789'",
		  "slug" },
		{ ",'url':'javascript:alert(1)'", "url" },
		{ ",'url':'https://user@shop.example/'", "url" },
		{ ",'reward':{'type':'percentage','value':'1000001'}", "reward/value" },
		{ ",'reward':25", "reward" },
		{ ",'status':'gone'", "status" },
		{ ",'clicks':5", "clicks" },
		{ ",'id':'lnk_0000000000001'", "id" },
	};

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	for (size_t i = 0; i < LEN(rows); i++)
		REFUSES(CALL(link_api_create, about(c, two, rows[i][0])), ERR_INVALID, rows[i][1]);
	call(c, CALL(link_api_create, about(c, two, ",'slug':'taken'")), 201);
	REFUSES(CALL(link_api_create, about(c, two, ",'slug':'taken'")), ERR_CONFLICT, "slug");
	two.campaign = call_campaign(c, "two");
	REFUSES(CALL(link_api_create, about(c, two, "")), ERR_INVALID, "partner");
	two.partner = "prt_0000000000001";
	REFUSES(CALL(link_api_create, about(c, two, "")), ERR_INVALID, "partner");
	OK(call_end(c, s));
}

STORE_TEST(who_is_suspended_gets_no_new_links)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	call(c, CALL(partner_api_suspend, .args = { two.partner }), 200);
	REFUSES(CALL(link_api_create, about(c, two, "")), ERR_STATE, "partner");
	REFUSES(CALL(link_api_code_create, about(c, two, ",'code':'A'")), ERR_STATE, "partner");
	call(c, CALL(partner_api_reinstate, .args = { two.partner }), 200);
	call(c, CALL(campaign_api_update, "{'status':'closed'}", .args = { two.campaign }), 200);
	REFUSES(CALL(link_api_create, about(c, two, "")), ERR_STATE, "campaign");
	OK(call_end(c, s));
}

STORE_TEST(a_link_changes_its_target_but_not_its_name)
{
	OK(call_begin(c, s, 1));
	const char *id = said(call(c, CALL(link_api_create, about(c, couple(c), "")), 201), "id");
	json_t *link =
		call(c,
		     CALL(link_api_update, "{'url':'https://shop.example/new','status':'disabled'}",
			  .args = { id }),
		     200);

	EQ_STR(said(link, "url"), "https://shop.example/new");
	EQ_STR(said(link, "status"), "disabled");
	REFUSES(CALL(link_api_update, "{'slug':'x'}", .args = { id }), ERR_INVALID, "slug");
	REFUSES(CALL(link_api_update, "{'partner':null}", .args = { id }), ERR_INVALID, "partner");
	REFUSES(CALL(link_api_update, "{'url':null}", .args = { id }), ERR_INVALID, "url");
	OK(call_end(c, s));
}

STORE_TEST(partners_make_links_to_the_campaigns_own_site_only)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	c->actor = (struct actor){ .kind = ACTOR_PARTNER };
	OK(id_parse(ID_PARTNER, str_from(two.partner), &c->actor.partner_id));
	call(c, CALL(link_api_create, about(c, two, ",'url':'https://shop.example/deep?x=1'")),
	     201);
	call(c, CALL(link_api_create, about(c, two, ",'url':'https://www.shop.example/'")), 201);
	REFUSES(CALL(link_api_create, about(c, two, ",'url':'https://evilshop.example/'")),
		ERR_INVALID, "url");
	c->actor.partner_id++;
	REFUSES(CALL(link_api_create, about(c, two, "")), ERR_NOT_FOUND, "id");
	OK(call_end(c, s));
}

STORE_TEST(codes_are_found_in_any_letter_case)
{
	struct code code;
	bool found;

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	json_t *made = call(c, CALL(link_api_code_create, about(c, two, ",'code':'Save10'")), 201);

	EQ_STR(said(made, "code"), "SAVE10");
	OK(code_find(c, STR(" save10 "), &code, &found));
	OK(found);
	REFUSES(CALL(link_api_code_create, about(c, two, ",'code':'SAVE10'")), ERR_CONFLICT,
		"code");
	REFUSES(CALL(link_api_code_create, about(c, two, ",'code':'SAVE 10'")), ERR_INVALID,
		"code");
	EQ_STR(said(call(c,
			 CALL(link_api_code_update, "{'status':'disabled'}",
			      .args = { said(made, "id") }),
			 200),
		    "status"),
	       "disabled");
	OK(call_end(c, s));
}

static void close_clicks(void *arg)
{
	click_close(arg, 0);
}

/* A program with a link table. */
static struct link_table *table(struct ctx *c)
{
	struct app *app = ARENA_NEW(c->arena, struct app);

	app->clicks = click_open(c, &(struct click_config){ .data_dir = unit_dir(c) });
	OK(app->clicks);
	arena_defer(c->arena, close_clicks, app->clicks);
	app->base_url = STR("https://go.example");
	c->app = app;
	return click_links(app->clicks);
}

static bool leads(struct link_table *t, const char *slug, struct link_entry *out)
{
	struct link_pin pin = link_table_pin(t);
	bool found = link_table_find(t, STR("go.example"), str_from(slug), out);

	link_table_unpin(pin);
	return found;
}

/* Commit as the dispatcher does. */
static void commit(struct ctx *c, struct store *s)
{
	OK(call_end(c, s));
	ctx_committed(c);
}

STORE_TEST(a_link_answers_clicks_once_it_is_committed)
{
	struct link_table *t = table(c);
	struct link_entry e;

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	json_t *made = call(
		c, CALL(link_api_create, about(c, two, ",'slug':'new','utm_source':'yt'")), 201);

	EQ_STR(said(made, "short_url"), "https://go.example/new");
	NO(leads(t, "new", &e));
	commit(c, s);
	OK(leads(t, "new", &e));
	EQ_STR(e.url, "https://shop.example/?utm_source=yt");
	EQ(e.cookie_days, 90);
	EQ(e.flags, 0);

	OK(call_begin(c, s, 1));
	call(c, CALL(partner_api_ban, .args = { two.partner }), 200);
	commit(c, s);
	OK(leads(t, "new", &e));
	EQ(e.flags, LINK_SUSPENDED);

	OK(call_begin(c, s, 1));
	call(c, CALL(link_api_update, "{'status':'disabled'}", .args = { said(made, "id") }), 200);
	commit(c, s);
	NO(leads(t, "new", &e));
}

STORE_TEST(a_slug_that_another_organisation_holds_is_taken)
{
	struct link_table *t = table(c);
	struct link_entry e = {
		.org_id = 2, .link_id = 5, .slug = STR("hers"), .url = STR("https://x.y/")
	};

	OK(link_table_add(t, &e));
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	REFUSES(CALL(link_api_create, about(c, two, ",'slug':'hers'")), ERR_CONFLICT, "slug");
	OK(call_end(c, s));
}

STORE_TEST(a_slug_is_free_again_when_nothing_was_stored)
{
	struct link_table *t = table(c);
	struct link_entry other = {
		.org_id = 2, .link_id = 5, .slug = STR("mine"), .url = STR("https://x.y/")
	};
	struct arena *whole = c->arena, request;

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	const char *body = about(c, two, ",'slug':'mine'");

	arena_init(&request);
	c->arena = &request;
	call(c, CALL(link_api_create, body), 201);
	NO(link_table_reserve(t, &other));
	arena_release(&request);
	c->arena = whole;
	OK(link_table_reserve(t, &other));

	struct db *control = c->control;

	fixture_rollback(c, s);
	store_rollback(s, control);
}

STORE_TEST(all_links_are_loaded_at_the_start)
{
	struct link_entry e;

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	for (int i = 0; i < 30; i++)
		call(c, CALL(link_api_create, about(c, two, TEXT(",'slug':'s%d'", i))), 201);
	call(c, CALL(link_api_create, about(c, two, ",'slug':'off','status':'disabled'")), 201);
	OK(call_end(c, s));

	struct link_table *t = table(c);

	OK(call_begin(c, s, 1));
	OK(link_load_all(c));
	OK(call_end(c, s));
	EQ(link_table_stats(t).links, 30);
	OK(leads(t, "s29", &e));
	NO(leads(t, "off", &e));
}

static int64_t utm_link(struct ctx *c, struct couple two, const char *utm)
{
	json_t *o = call(c, CALL(link_api_create, about(c, two, utm)), 201);
	int64_t id;

	OK(id_parse(ID_LINK, str_from(said(o, "id")), &id));
	return id;
}

/* The link that is found: 0, none; -1, it could be several partners'. */
static int64_t by_utm(struct ctx *c, const char *source, const char *medium, const char *campaign)
{
	struct link_utm told = { str_from(source), str_from(medium), str_from(campaign) };
	struct link link = { 0 };
	int64_t partners;

	OK(link_find_utm(c, &told, &link, &partners));
	return partners > 1 ? -1 : link.id;
}

STORE_TEST(a_link_is_found_by_its_utm_parameters)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	int64_t plain = utm_link(c, two, ",'utm_source':'mail'");
	int64_t june = utm_link(c, two, ",'utm_source':'Mail','utm_campaign':'June'");

	utm_link(c, two, "");
	EQ(by_utm(c, "MAIL", "", ""), plain);
	EQ(by_utm(c, "mail", "any", "may"), plain);
	EQ(by_utm(c, "mail", "any", "june"), june);
	EQ(by_utm(c, "mails", "", ""), 0);
	EQ(by_utm(c, "mai_", "", ""), 0);
	utm_link(c, two, ",'utm_source':'mail','utm_medium':'post'");
	EQ(by_utm(c, "mail", "post", "june"), june);
	call(c, CALL(link_api_update, "{'status':'disabled'}",
	             .args = { id_str(c->arena, ID_LINK, plain).p }), 200);
	EQ(by_utm(c, "mail", "", ""), 0);
	EQ(by_utm(c, "mail", "", "june"), june);
	OK(call_end(c, s));
}

STORE_TEST(utm_parameters_of_several_partners_are_nobodys)
{
	OK(call_begin(c, s, 1));
	struct couple ann = couple(c), bob = ann;
	int64_t own;

	bob.partner = call_partner(c, ann.campaign, "b@x.com");
	utm_link(c, ann, ",'utm_source':'mail','utm_medium':'post'");
	utm_link(c, bob, ",'utm_source':'mail','utm_campaign':'june'");
	EQ(by_utm(c, "mail", "post", "june"), -1);
	own = utm_link(c, bob, ",'utm_source':'mail','utm_medium':'post','utm_campaign':'june'");
	EQ(by_utm(c, "mail", "post", "june"), own);
	utm_link(c, bob, ",'utm_source':'mail','utm_medium':'post','utm_campaign':'june'");
	EQ(by_utm(c, "mail", "post", "june"), own);
	OK(call_end(c, s));
}
