/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner.h"

#include "api/call.h"
#include "audit/audit.h"
#include "campaign/campaign.h"
#include "change/change.h"
#include "partner/enrolment.h"
#include "partner/partner_api.h"

#define TEXT(...) arena_printf(c->arena, __VA_ARGS__).p
#define CALL(...) (&(struct call){ __VA_ARGS__ })

static const char *status_of(const json_t *partner, size_t enrolment)
{
	return said(json_array_get(json_object_get(partner, "enrolments"), enrolment), "status");
}

STORE_TEST(a_partner_is_approved_unless_the_campaign_asks_for_review)
{
	OK(call_begin(c, s, 1));
	const char *open = call_campaign(c, "open"), *picky = call_campaign(c, "picky");
	struct campaign campaign;

	OK(id_parse(ID_CAMPAIGN, str_from(picky), &campaign.id));
	OK(campaign_get(c, campaign.id, &campaign));
	campaign.review = true;
	OK(campaign_update(c, &campaign));

	json_t *a = call(c,
			 CALL(partner_api_create,
			      TEXT("{'name':'A','email':'A@X.com','campaign':'%s'}", open)),
			 201);
	json_t *b = call(c,
			 CALL(partner_api_create,
			      TEXT("{'name':'B','email':'b@x.com','campaign':'%s'}", picky)),
			 201);
	json_t *d = call(c,
			 CALL(partner_api_create,
			      TEXT("{'name':'D','email':'d@x.com','campaign':'%s','status':'"
				   "approved','country':'DE','parent':'%s','external_id':'7'}",
				   picky, said(a, "id"))),
			 201);

	EQ_STR(said(a, "email"), "a@x.com");
	EQ_STR(said(a, "status"), "approved");
	EQ_STR(said(b, "status"), "pending");
	EQ_STR(status_of(b, 0), "pending");
	EQ_STR(said(d, "status"), "approved");
	EQ_STR(said(d, "parent"), said(a, "id"));
	EQ_STR(said(d, "external_id"), "7");
	OK(call_end(c, s));
}

STORE_TEST(the_same_address_joins_another_campaign_as_the_same_partner)
{
	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one"), *two = call_campaign(c, "two");
	const char *id = call_partner(c, one, "a@x.com");

	REFUSES(CALL(partner_api_create,
		     TEXT("{'name':'A','email':'A@x.com','campaign':'%s'}", one)),
		ERR_CONFLICT, "email");
	EQ_STR(call_partner(c, two, "A@X.com"), id);
	EQ(json_array_size(json_object_get(call(c, CALL(partner_api_get, .args = { id }), 200),
					   "enrolments")),
	   2);
	OK(call_end(c, s));
}

STORE_TEST(bad_partners_are_refused_by_the_field_at_fault)
{
	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one");

	REFUSES(CALL(partner_api_create, "{'name':'A','email':'a@x.com'}"), ERR_INVALID,
		"campaign");
	REFUSES(CALL(partner_api_create,
		     "{'name':'A','email':'a@x.com','campaign':'cmp_0000000000001'}"),
		ERR_INVALID, "campaign");
	REFUSES(CALL(partner_api_create,
		     TEXT("{'name':'A','email':'ax.com','campaign':'%s'}", one)),
		ERR_INVALID, "email");
	REFUSES(CALL(partner_api_create, TEXT("{'name':'A','email':'a@x.com','campaign':'%s','"
					      "parent':'prt_0000000000001'}",
					      one)),
		ERR_INVALID, "parent");
	REFUSES(CALL(partner_api_create,
		     TEXT("{'name':'A','email':'a@x.com','campaign':'%s','country':'Germany'}", one)),
		ERR_INVALID, "country");
	REFUSES(CALL(partner_api_create,
		     TEXT("{'name':'A','email':'a@x.com','campaign':'%s','status':'nice'}", one)),
		ERR_INVALID, "status");
	REFUSES(CALL(partner_api_create,
		     TEXT("{'name':'A','email':'a@x.com','campaign':'%s','colour':'red'}", one)),
		ERR_INVALID, "colour");
	REFUSES(CALL(partner_api_create, "{'name':'A'"), ERR_MALFORMED, "name");
	REFUSES(CALL(partner_api_get, .args = { "prt_0000000000001" }), ERR_NOT_FOUND, "id");
	REFUSES(CALL(partner_api_get, .args = { "lnk_0000000000001" }), ERR_NOT_FOUND, "id");
	OK(call_end(c, s));
}

STORE_TEST(nobody_is_above_himself)
{
	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one");
	const char *a = call_partner(c, one, "a@x.com"), *b = call_partner(c, one, "b@x.com");
	const char *d = call_partner(c, one, "d@x.com");

	call(c, CALL(partner_api_update, TEXT("{'parent':'%s'}", a), .args = { b }), 200);
	call(c, CALL(partner_api_update, TEXT("{'parent':'%s'}", b), .args = { d }), 200);
	REFUSES(CALL(partner_api_update, TEXT("{'parent':'%s'}", d), .args = { a }), ERR_INVALID,
		"parent");
	REFUSES(CALL(partner_api_update, TEXT("{'parent':'%s'}", a), .args = { a }), ERR_INVALID,
		"parent");
	EQ_STR(said(call(c, CALL(partner_api_update, "{'parent':null}", .args = { b }), 200),
		    "parent"),
	       "");
	OK(call_end(c, s));
}

STORE_TEST(steps_lead_from_status_to_status)
{
	static const struct {
		handler_fn run;
		const char *status; /* NULL: refused */
	} steps[] = {
		{ partner_api_approve, NULL },
		{ partner_api_suspend, "suspended" },
		{ partner_api_suspend, NULL },
		{ partner_api_decline, NULL },
		{ partner_api_reinstate, "approved" },
		{ partner_api_ban, "banned" },
		{ partner_api_ban, NULL },
		{ partner_api_approve, NULL },
		{ partner_api_reinstate, "approved" },
	};

	OK(call_begin(c, s, 1));
	const char *id = call_partner(c, call_campaign(c, "one"), "a@x.com");

	for (size_t i = 0; i < LEN(steps); i++) {
		if (!steps[i].status)
			REFUSES(CALL(steps[i].run, .args = { id }), ERR_STATE, "status");
		else
			EQ_STR(said(call(c,
					 CALL(steps[i].run, "{'note':'because'}", .args = { id }),
					 200),
				    "status"),
			       steps[i].status);
	}
	OK(call_end(c, s));
}

STORE_TEST(why_somebody_was_suspended_is_in_the_audit_log)
{
	struct audit_filter f = { .limit = 1, .action = STR("partner.suspend") };
	struct list rows;

	OK(call_begin(c, s, 1));
	f.target = str_from(call_partner(c, call_campaign(c, "one"), "a@x.com"));
	call(c, CALL(partner_api_suspend, "{'note':'papers are missing'}", .args = { f.target.p }),
	     200);
	OK(audit_list(c, &f, &rows));
	EQ(rows.count, 1);
	EQ_STR(((const struct audit *)rows.items)->change,
	       "{\"before\":{\"status\":\"approved\"},"
	       "\"after\":{\"status\":\"suspended\",\"note\":\"papers are missing\"}}");
	OK(call_end(c, s));
}

STORE_TEST(approving_one_campaign_leaves_the_others_waiting)
{
	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one"), *two = call_campaign(c, "two");
	json_t *p =
		call(c,
		     CALL(partner_api_create,
			  TEXT("{'name':'A','email':'a@x.com','campaign':'%s','status':'pending'}",
			       one)),
		     201);
	const char *id = said(p, "id");

	call(c,
	     CALL(partner_api_create,
		  TEXT("{'name':'A','email':'a@x.com','campaign':'%s','status':'pending'}", two)),
	     201);
	p = call(c,
		 CALL(partner_api_approve, TEXT("{'campaign':'%s','note':'ok'}", one),
		      .args = { id }),
		 200);
	EQ_STR(said(p, "status"), "approved");
	EQ_STR(status_of(p, 0), "approved");
	EQ_STR(status_of(p, 1), "pending");
	EQ_STR(said(json_array_get(json_object_get(p, "enrolments"), 0), "note"), "ok");
	p = call(c, CALL(partner_api_approve, .args = { id }), 200);
	EQ_STR(status_of(p, 1), "approved");
	OK(call_end(c, s));
}

STORE_TEST(a_partner_may_have_a_reward_of_its_own)
{
	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one"), *two = call_campaign(c, "two");
	const char *id = call_partner(c, one, "a@x.com");
	const char *body = TEXT("{'campaign':'%s','reward':{'type':'percentage','value':'35'},'"
				"from':'2026-01-01','until':'2026-02-01','recurring_months':12}",
				one);
	json_t *e = call(c, CALL(partner_api_override_set, body, .args = { id }), 200);
	json_t *o = json_object_get(e, "override");

	EQ_STR(said(json_object_get(o, "reward"), "value"), "35");
	EQ_STR(said(o, "until"), "2026-02-01T00:00:00.000Z");
	EQ(said_int(o, "recurring_months"), 12);
	REFUSES(CALL(partner_api_override_set,
		     TEXT("{'campaign':'%s','reward':{'type':'percentage','value':'35'}}", two),
		     .args = { id }),
		ERR_INVALID, "campaign");
	REFUSES(CALL(partner_api_override_set,
		     TEXT("{'campaign':'%s','reward':{'type':'gift'}}", one), .args = { id }),
		ERR_INVALID, "reward/type");
	REFUSES(CALL(partner_api_override_set,
		     TEXT("{'campaign':'%s','reward':{'type':'percentage','value':'35'},'from':'"
			  "2026-02-01','until':'2026-01-01'}",
			  one),
		     .args = { id }),
		ERR_INVALID, "until");
	REFUSES(CALL(partner_api_override_clear, .args = { id }), ERR_INVALID, "campaign");
	EQ(call(c,
		CALL(partner_api_override_clear, .query = TEXT("campaign=%s", one), .args = { id }),
		204),
	   NULL);
	e = call(c, CALL(partner_api_enrolment_list, .query = TEXT("partner=%s", id)), 200);
	OK(json_is_null(
		json_object_get(json_array_get(json_object_get(e, "data"), 0), "override")));
	OK(call_end(c, s));
}

STORE_TEST(another_organisation_sees_nothing)
{
	OK(call_begin(c, s, 1));
	const char *id = call_partner(c, call_campaign(c, "one"), "a@x.com");

	OK(call_end(c, s));
	OK(call_begin(c, s, 2));
	REFUSES(CALL(partner_api_get, .args = { id }), ERR_NOT_FOUND, "id");
	EQ(json_array_size(json_object_get(call(c, CALL(partner_api_list, NULL), 200), "data")), 0);
	OK(call_end(c, s));
}

STORE_TEST(every_change_moves_the_version_on)
{
	int64_t before, after;

	OK(call_begin(c, s, 1));
	const char *one = call_campaign(c, "one");

	OK(change_version(c, &before));
	call_partner(c, one, "a@x.com");
	OK(change_version(c, &after));
	OK(after > before);
	OK(call_end(c, s));
}
