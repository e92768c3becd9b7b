/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list.h"

#include "api/call.h"
#include "link/link_api.h"
#include "partner/partner.h"
#include "partner/partner_api.h"

#define TEXT(...) arena_printf(c->arena, __VA_ARGS__).p
#define CALL(...) (&(struct call){ __VA_ARGS__ })

/* The addresses of a list's partners up to their @, joined: "dcba". */
static const char *listed(struct ctx *c, const char *query, bool *out_more)
{
	json_t *answer = call(c, CALL(partner_api_list, .query = query), 200);
	json_t *data = json_object_get(answer, "data");
	struct buf b;

	EQ_STR(said(answer, "object"), "list");
	EQ_STR(said(answer, "url"), "/api/v1/test");
	*out_more = json_is_true(json_object_get(answer, "has_more"));
	buf_init(&b, c->arena);
	for (size_t i = 0; i < json_array_size(data); i++)
		buf_put(&b, said(json_array_get(data, i), "email"), 1);
	return buf_text(&b).p;
}

struct people {
	const char *campaign;
	const char *id[6]; /* of a@…, b@…, … */
};

static struct people people(struct ctx *c)
{
	struct people p = { .campaign = call_campaign(c, "one") };

	for (size_t i = 0; i < LEN(p.id); i++)
		p.id[i] = call_partner(c, p.campaign, TEXT("%c@x.com", (int)('a' + i)));
	return p;
}

STORE_TEST(lists_are_newest_first_and_paged_by_ids)
{
	bool more;

	OK(call_begin(c, s, 1));
	struct people p = people(c);

	EQ_STR(listed(c, NULL, &more), "fedcba");
	NO(more);
	EQ_STR(listed(c, "limit=2", &more), "fe");
	OK(more);
	EQ_STR(listed(c, TEXT("limit=2&starting_after=%s", p.id[4]), &more), "dc");
	OK(more);
	EQ_STR(listed(c, TEXT("limit=2&starting_after=%s", p.id[2]), &more), "ba");
	NO(more);
	EQ_STR(listed(c, TEXT("limit=2&ending_before=%s", p.id[2]), &more), "ed");
	OK(more);
	EQ_STR(listed(c, TEXT("limit=3&ending_before=%s", p.id[2]), &more), "fed");
	NO(more);
	OK(call_end(c, s));
}

STORE_TEST(filters_take_lists_and_times)
{
	bool more;

	OK(call_begin(c, s, 1));
	struct people p = people(c);

	call(c, CALL(partner_api_suspend, .args = { p.id[1] }), 200);
	call(c, CALL(partner_api_ban, .args = { p.id[3] }), 200);
	call(c,
	     CALL(partner_api_update, TEXT("{'parent':'%s','country':'DE'}", p.id[0]),
		  .args = { p.id[5] }),
	     200);
	EQ_STR(listed(c, "status=suspended", &more), "b");
	EQ_STR(listed(c, "status=suspended,banned", &more), "db");
	EQ_STR(listed(c, "status=pending", &more), "");
	EQ_STR(listed(c, "email=c@x.com", &more), "c");
	EQ_STR(listed(c, "email=c@x.com&status=banned", &more), "");
	EQ_STR(listed(c, TEXT("parent=%s", p.id[0]), &more), "f");
	EQ_STR(listed(c, TEXT("partner=%s,%s", p.id[0], p.id[4]), &more), "ea");
	EQ_STR(listed(c, "country=DE", &more), "f");
	EQ_STR(listed(c, "country=de", &more), "f");
	EQ_STR(listed(c, TEXT("campaign=%s&status=banned", p.campaign), &more), "d");
	EQ_STR(listed(c, "campaign=cmp_0000000000001", &more), "");
	EQ_STR(listed(c, "created_at.gte=2026-01-15T12:00:00Z&limit=1", &more), "f");
	EQ_STR(listed(c, "created_at.gt=2026-01-15T12:00:00Z", &more), "");
	EQ_STR(listed(c, "created_at.lt=2026-01-15T12:00:00Z", &more), "");
	EQ_STR(listed(c, "created_at.lte=2026-01-15&created_at.gte=2026-01-01", &more), "");
	OK(call_end(c, s));
}

STORE_TEST(parameters_that_a_list_does_not_have_are_refused_by_name)
{
	static const char *const rows[][2] = {
		{ "page=2", "page" },
		{ "limit=0", "limit" },
		{ "limit=101", "limit" },
		{ "limit=ten", "limit" },
		{ "starting_after=usr_0000000000001", "starting_after" },
		{ "starting_after=prt_0000000000001&ending_before=prt_0000000000001",
		  "ending_before" },
		{ "status=nice", "status" },
		{ "status=pending,", "status" },
		{ "status=pending&status=banned", "status" },
		{ "status.gte=pending", "status.gte" },
		{ "email=", "email" },
		{ "parent=1", "parent" },
		{ "created_at=2026-01-01", "created_at" },
		{ "created_at.before=2026-01-01", "created_at.before" },
		{ "created_at.gte=yesterday", "created_at.gte" },
		{ "campaign=x", "campaign" },
	};

	OK(call_begin(c, s, 1));
	for (size_t i = 0; i < LEN(rows); i++)
		REFUSES(CALL(partner_api_list, .query = rows[i][0]), ERR_INVALID, rows[i][1]);
	OK(call_end(c, s));
}

STORE_TEST(a_partner_lists_its_own_rows_only)
{
	bool more;

	OK(call_begin(c, s, 1));
	struct people p = people(c);

	call(c,
	     CALL(link_api_create, TEXT("{'partner':'%s','campaign':'%s'}", p.id[1], p.campaign)),
	     201);
	call(c,
	     CALL(link_api_create, TEXT("{'partner':'%s','campaign':'%s'}", p.id[2], p.campaign)),
	     201);
	c->actor =
		(struct actor){ .kind = ACTOR_PARTNER, .role = ROLE_PARTNER, .sees_money = true };
	OK(id_parse(ID_PARTNER, str_from(p.id[2]), &c->actor.partner_id));
	EQ_STR(listed(c, NULL, &more), "c");
	json_t *links = json_object_get(call(c, CALL(link_api_list, NULL), 200), "data");

	EQ(json_array_size(links), 1);
	EQ_STR(said(json_array_get(links, 0), "partner"), p.id[2]);
	REFUSES(CALL(link_api_list, .query = TEXT("partner=%s", p.id[1])), ERR_NOT_FOUND,
		"partner");
	REFUSES(CALL(partner_api_get, .args = { p.id[1] }), ERR_NOT_FOUND, "id");
	OK(call_end(c, s));
}

STORE_TEST(what_one_may_not_see_cannot_be_searched_by)
{
	OK(call_begin(c, s, 1));
	c->actor = (struct actor){ .kind = ACTOR_USER, .role = ROLE_VIEWER };
	REFUSES(CALL(partner_api_list, .query = "email=a@x.com"), ERR_DENIED, "email");
	OK(call_end(c, s));
}

static const struct list_filter rare_filters[] = {
	{ "status", .common = "approved,suspended" },
	{ "country" },
	{ "created_at" },
};

static const struct list_spec rare_list = {
	.model = &partner_model,
	.row_size = sizeof(struct partner),
	.filters = rare_filters,
	.filter_count = LEN(rare_filters),
};

static bool rare_reply(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &rare_list);
}

static size_t rare_count(struct ctx *c, const char *query)
{
	return json_array_size(json_object_get(call(c, CALL(rare_reply, .query = query), 200),
	                                       "data"));
}

STORE_TEST(rare_values_lead_the_search_and_common_ones_do_not)
{
	OK(call_begin(c, s, 1));
	struct people p = people(c);

	call(c, CALL(partner_api_ban, .args = { p.id[3] }), 200);
	call(c, CALL(partner_api_ban, .args = { p.id[5] }), 200);
	EQ(rare_count(c, "status=banned"), 2);
	EQ(rare_count(c, "status=banned&country=DE"), 0);
	EQ(rare_count(c, "status=banned&created_at.gte=2026-01-01"), 2);
	EQ(rare_count(c, TEXT("status=banned&starting_after=%s", p.id[5])), 1);
	EQ(rare_count(c, TEXT("status=banned&ending_before=%s", p.id[3])), 1);
	EQ(rare_count(c, "status=approved"), 4);
	EQ(rare_count(c, "status=approved,banned"), 6);
	OK(call_end(c, s));
}
