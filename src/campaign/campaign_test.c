/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/campaign.h"

#include "api/call.h"
#include "base/clock.h"
#include "campaign/campaign_api.h"
#include "campaign/terms_cache.h"
#include "campaign/terms_version.h"
#include "event/event.h"
#include "rules/terms.h"

#define TEXT(...)      arena_printf(c->arena, __VA_ARGS__).p
#define CALL(...)      (&(struct call){ __VA_ARGS__ })
#define TERMS(percent) "{'trigger':'sale','reward':{'type':'percentage','value':'" percent "'}}"

static int64_t id_of(struct ctx *c, const char *text)
{
	int64_t id;

	OK(id_parse(ID_CAMPAIGN, str_from(text), &id));
	return id;
}

static json_t *publish(struct ctx *c, const char *campaign, const char *body)
{
	return call(c, CALL(campaign_api_terms_publish, body, .args = { campaign }), 201);
}

STORE_TEST(a_campaign_comes_with_version_1_of_its_terms)
{
	OK(call_begin(c, s, 1));
	const char *id = call_campaign(c, "spring");
	json_t *campaign = call(c, CALL(campaign_api_get, .args = { id }), 200);
	json_t *terms = call(c, CALL(campaign_api_terms_get, .args = { id, "1" }), 200);

	EQ_STR(said(campaign, "object"), "campaign");
	EQ_STR(said(campaign, "slug"), "spring");
	EQ_STR(said(campaign, "status"), "active");
	EQ(said_int(campaign, "terms_version"), 1);
	EQ_STR(said(terms, "campaign"), id);
	EQ_STR(said(json_object_get(json_object_get(terms, "terms"), "reward"), "value"), "25");
	EQ_STR(said(terms, "effective_at"), "2026-01-15T12:00:00.000Z");
	OK(call_end(c, s));
}

STORE_TEST(bad_campaigns_are_refused_and_nothing_is_stored)
{
	static const char *const rows[][2] = {
		{ "{}", "name" },
		{ "{'name':'A','slug':'a b','currency':'USD','url':'https://a.b','terms':{}}",
		  "slug" },
		{ "{'name':'A','slug':'a','currency':'zzz','url':'https://a.b','terms':{}}",
		  "currency" },
		{ "{'name':'A','slug':'a','currency':'USD','url':'a.b','terms':{}}", "url" },
		{ "{'name':'A','slug':'a','currency':'USD','url':'https://a.b'}", "terms" },
		{ "{'name':'A','slug':'a','currency':'USD','url':'https://a.b','terms':'x'}",
		  "terms" },
		{ "{'name':'A','slug':'a','currency':'USD','url':'https://a.b','terms':" TERMS(
			  "x") "}",
		  "terms/reward/value" },
		{ "{'name':'A','slug':'a','currency':'USD','url':'https://"
		  "a.b','status':'closed','terms':{}}",
		  "status" },
	};

	OK(call_begin(c, s, 1));
	for (size_t i = 0; i < LEN(rows); i++)
		REFUSES(CALL(campaign_api_create, rows[i][0]), ERR_INVALID, rows[i][1]);
	call_campaign(c, "spring");
	REFUSES(CALL(campaign_api_create,
		     "{'name':'A','slug':'spring','currency':'USD','url':'https://a.b',"
		     "'terms':" TERMS("5") "}"),
		ERR_CONFLICT, "slug");
	OK(call_end(c, s));
}

STORE_TEST(slug_and_currency_never_change_and_closed_is_for_ever)
{
	OK(call_begin(c, s, 1));
	const char *id = call_campaign(c, "spring");

	REFUSES(CALL(campaign_api_update, "{'slug':'x'}", .args = { id }), ERR_INVALID, "slug");
	REFUSES(CALL(campaign_api_update, "{'currency':'EUR'}", .args = { id }), ERR_INVALID,
		"currency");
	EQ_STR(said(call(c,
			 CALL(campaign_api_update, "{'name':'New','status':'closed'}",
			      .args = { id }),
			 200),
		    "name"),
	       "New");
	REFUSES(CALL(campaign_api_update, "{'status':'active'}", .args = { id }), ERR_STATE,
		"status");
	OK(call_end(c, s));
}

STORE_TEST(the_version_in_force_is_the_one_of_the_moment)
{
	struct terms_version v;
	struct terms_in_force f;

	OK(call_begin(c, s, 1));
	const char *id = call_campaign(c, "spring");
	int64_t campaign = id_of(c, id), start = c->now_ms;

	EQ(said_int(publish(c, id, "{'terms':" TERMS("30") ",'effective_at':'2026-02-01'}"),
		    "version"),
	   2);
	OK(terms_at(c, campaign, start, &v));
	EQ(v.version, 1);
	OK(terms_at(c, campaign, start - MS_PER_DAY, &v));
	EQ(v.version, 1);
	OK(terms_at(c, campaign, start + 60 * MS_PER_DAY, &v));
	EQ(v.version, 2);
	OK(terms_in_force(c, campaign, start, &f));
	EQ(f.terms->standard.reward.rate_ppm, 250000);
	EQ(f.terms->id, f.id);
	OK(terms_in_force(c, campaign, start + 60 * MS_PER_DAY, &f));
	EQ(f.version, 2);
	EQ(f.terms->standard.reward.rate_ppm, 300000);
	FAILS(terms_at(c, 1, start, &v), ERR_NOT_FOUND, "id");
	OK(call_end(c, s));
}

STORE_TEST(a_version_cannot_come_before_an_earlier_one)
{
	OK(call_begin(c, s, 1));
	const char *id = call_campaign(c, "spring");

	publish(c, id, "{'terms':" TERMS("30") ",'effective_at':'2026-02-01'}");
	REFUSES(CALL(campaign_api_terms_publish,
		     "{'terms':" TERMS("31") ",'effective_at':'2026-01-20'}", .args = { id }),
		ERR_INVALID, "effective_at");
	EQ_STR(said(publish(c, id, "{'terms':" TERMS("31") "}"), "effective_at"),
	       "2026-02-01T00:00:00.000Z");
	EQ(said_int(call(c, CALL(campaign_api_get, .args = { id }), 200), "terms_version"), 3);
	json_t *list = json_object_get(call(c, CALL(campaign_api_terms_list, .args = { id }), 200),
				       "data");

	EQ(json_array_size(list), 3);
	EQ(said_int(json_array_get(list, 0), "version"), 3);
	REFUSES(CALL(campaign_api_terms_list, .query = TEXT("campaign=%s", id), .args = { id }),
		ERR_INVALID, "campaign");
	REFUSES(CALL(campaign_api_terms_get, .args = { id, "4" }), ERR_NOT_FOUND, "id");
	REFUSES(CALL(campaign_api_terms_get, .args = { id, "x" }), ERR_NOT_FOUND, "version");
	OK(call_end(c, s));
}

STORE_TEST(new_terms_cannot_reach_back_over_events)
{
	OK(call_begin(c, s, 1));
	const char *id = call_campaign(c, "spring");

	c->now_ms += 10 * MS_PER_DAY;
	struct event e = { .id = 1,
			   .external_key = 1,
			   .type = EVENT_SALE,
			   .campaign_id = id_of(c, id),
			   .occurred_at = c->now_ms - 5 * MS_PER_DAY };

	OK(db_insert(c, &event_model, &e));
	REFUSES(CALL(campaign_api_terms_publish,
		     "{'terms':" TERMS("30") ",'effective_at':'2026-01-18'}", .args = { id }),
		ERR_INVALID, "effective_at");
	publish(c, id, "{'terms':" TERMS("30") ",'effective_at':'2026-01-22'}");
	OK(call_end(c, s));
}

STORE_TEST(compiled_terms_are_kept_while_somebody_uses_them)
{
	const struct terms *t, *again;

	OK(call_begin(c, s, 1));
	struct terms_version v;

	OK(terms_at(c, id_of(c, call_campaign(c, "spring")), c->now_ms, &v));
	OK(terms_compiled(c, v.id, &t));
	OK(terms_compiled(c, v.id, &again));
	OK(t == again);
	terms_cache_release();
	EQ(t->standard.reward.rate_ppm, 250000);
	OK(terms_compiled(c, v.id, &again));
	OK(t != again);
	OK(call_end(c, s));
	arena_reset(c->arena);
	terms_cache_release();
}
