/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link.h"

#include "api/call.h"
#include "campaign/campaign_api.h"
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
		CALL(api_link_create,
		     about(c, two,
			   ",'slug':'Summer-1','url':'https://shop.example/x','utm_source':'yt'")),
		201);
	json_t *any = call(c, CALL(api_link_create, about(c, two, "")), 201);

	EQ_STR(said(own, "slug"), "Summer-1");
	EQ_STR(said(own, "short_url"), "/Summer-1");
	EQ_STR(said(own, "utm_source"), "yt");
	EQ_STR(said(own, "status"), "active");
	EQ_STR(said(any, "url"), "https://shop.example/");
	EQ(strlen(said(any, "slug")), 8);
	json_t *same = call(c, CALL(api_link_get, .args = { said(own, "id") }), 200);

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
		REFUSES(CALL(api_link_create, about(c, two, rows[i][0])), ERR_INVALID, rows[i][1]);
	call(c, CALL(api_link_create, about(c, two, ",'slug':'taken'")), 201);
	REFUSES(CALL(api_link_create, about(c, two, ",'slug':'taken'")), ERR_CONFLICT, "slug");
	two.campaign = call_campaign(c, "two");
	REFUSES(CALL(api_link_create, about(c, two, "")), ERR_INVALID, "partner");
	two.partner = "prt_0000000000001";
	REFUSES(CALL(api_link_create, about(c, two, "")), ERR_INVALID, "partner");
	OK(call_end(c, s));
}

STORE_TEST(who_is_suspended_gets_no_new_links)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	call(c, CALL(api_partner_suspend, .args = { two.partner }), 200);
	REFUSES(CALL(api_link_create, about(c, two, "")), ERR_STATE, "partner");
	REFUSES(CALL(api_code_create, about(c, two, ",'code':'A'")), ERR_STATE, "partner");
	call(c, CALL(api_partner_reinstate, .args = { two.partner }), 200);
	call(c, CALL(api_campaign_update, "{'status':'closed'}", .args = { two.campaign }), 200);
	REFUSES(CALL(api_link_create, about(c, two, "")), ERR_STATE, "campaign");
	OK(call_end(c, s));
}

STORE_TEST(a_link_changes_its_target_but_not_its_name)
{
	OK(call_begin(c, s, 1));
	const char *id = said(call(c, CALL(api_link_create, about(c, couple(c), "")), 201), "id");
	json_t *link =
		call(c,
		     CALL(api_link_update, "{'url':'https://shop.example/new','status':'disabled'}",
			  .args = { id }),
		     200);

	EQ_STR(said(link, "url"), "https://shop.example/new");
	EQ_STR(said(link, "status"), "disabled");
	REFUSES(CALL(api_link_update, "{'slug':'x'}", .args = { id }), ERR_INVALID, "slug");
	REFUSES(CALL(api_link_update, "{'partner':null}", .args = { id }), ERR_INVALID, "partner");
	REFUSES(CALL(api_link_update, "{'url':null}", .args = { id }), ERR_INVALID, "url");
	OK(call_end(c, s));
}

STORE_TEST(partners_make_links_to_the_campaigns_own_site_only)
{
	OK(call_begin(c, s, 1));
	struct couple two = couple(c);

	c->actor = (struct actor){ .kind = ACTOR_PARTNER };
	OK(id_parse(ID_PARTNER, str_from(two.partner), &c->actor.partner_id));
	call(c, CALL(api_link_create, about(c, two, ",'url':'https://shop.example/deep?x=1'")),
	     201);
	call(c, CALL(api_link_create, about(c, two, ",'url':'https://www.shop.example/'")), 201);
	REFUSES(CALL(api_link_create, about(c, two, ",'url':'https://evilshop.example/'")),
		ERR_INVALID, "url");
	c->actor.partner_id++;
	REFUSES(CALL(api_link_create, about(c, two, "")), ERR_NOT_FOUND, "id");
	OK(call_end(c, s));
}

STORE_TEST(codes_are_found_in_any_letter_case)
{
	struct code code;
	bool found;

	OK(call_begin(c, s, 1));
	struct couple two = couple(c);
	json_t *made = call(c, CALL(api_code_create, about(c, two, ",'code':'Save10'")), 201);

	EQ_STR(said(made, "code"), "SAVE10");
	OK(code_find(c, STR(" save10 "), &code, &found));
	OK(found);
	REFUSES(CALL(api_code_create, about(c, two, ",'code':'SAVE10'")), ERR_CONFLICT, "code");
	REFUSES(CALL(api_code_create, about(c, two, ",'code':'SAVE 10'")), ERR_INVALID, "code");
	EQ_STR(said(call(c,
			 CALL(api_code_update, "{'status':'disabled'}",
			      .args = { said(made, "id") }),
			 200),
		    "status"),
	       "disabled");
	OK(call_end(c, s));
}
