/* SPDX-License-Identifier: Apache-2.0 */
#include "expansions.h"

#include "api/call.h"
#include "base/check.h"
#include "data/json.h"
#include "openapi.h"
#include "routes.h"
#include "user/key.h"

static bool ask(struct ctx *c, const char *of, const char *text, const char *scopes,
                struct expand *out)
{
	return expand_read(c,
	                   &(struct expand_ask){ expansions, of, str_from(text), str_from(scopes),
	                                         scope_allows },
	                   out);
}

TEST(every_expansion_is_of_a_shape_that_is_described)
{
	for (const struct expansion *row = expansions; row->of; row++) {
		const struct api_schema *of = api_schemas, *to = api_schemas;

		while (of->name && strcmp(of->name, row->of) != 0)
			of++;
		while (row->to && to->name && strcmp(to->name, row->to) != 0)
			to++;
		if (!of->name || !to->name)
			FAIL("%s.%s is of, or becomes, no shape", row->of, row->member);
		OK(!row->list || row->scope);
		OK(!row->by || (row->list && model_field(row->list->model, str_from(row->by))));
	}
}

TEST(paths_are_read_by_the_table)
{
	struct expand e;

	OK(ask(c, "Payout", "partner,commissions.explanation", "all", &e));
	EQ(e.count, 2);
	EQ_STR(e.paths[1][0]->member, "commissions");
	EQ_STR(e.paths[1][1]->member, "explanation");
	OK(e.paths[1][2] == NULL);
	FAILS(ask(c, "Payout", "partner.", "all", &e), ERR_INVALID, "expand");
	FAILS(ask(c, "Payout", "partner,,run", "all", &e), ERR_INVALID, "expand");
	FAILS(ask(c, "Partner", "parent.parent.parent.parent", "all", &e), ERR_INVALID, "expand");
	FAILS(ask(c, "Commission", "partner", "commissions:read", &e), ERR_DENIED, "expand");
	c->actor.sees_money = false;
	FAILS(ask(c, "Commission", "payout", "all", &e), ERR_DENIED, "expand");
}

/* The member of an answer's row after expanding. */
static json_t *expanded(struct ctx *c, const struct expand *e, struct str answer, size_t row)
{
	json_t *doc;
	struct res r;

	res_init(&r, c->arena);
	res_json(&r, 200, answer);
	OK(expand_apply(c, e, &r));
	OK(json_read_object(c, buf_text(&r.body), &doc));
	return json_object_get(json_array_get(json_object_get(doc, "data"), row), "partner");
}

STORE_TEST(a_partner_has_only_itself_expanded)
{
	struct expand e;

	OK(call_begin(c, s, 1));
	const char *campaign = call_campaign(c, "one");
	const char *a = call_partner(c, campaign, "a@x.com");
	const char *b = call_partner(c, campaign, "b@x.com");
	struct str answer = arena_printf(c->arena,
	                                 "{\"object\":\"list\",\"data\":[{\"partner\":\"%s\"},"
	                                 "{\"partner\":\"%s\"},{\"partner\":\"prt_0000000000001\"},"
	                                 "{\"partner\":null}]}",
	                                 a, b);

	OK(ask(c, "Commission", "partner", "all", &e));
	OK(json_is_object(expanded(c, &e, answer, 0)));
	OK(json_is_object(expanded(c, &e, answer, 1)));
	OK(json_is_string(expanded(c, &e, answer, 2)));
	OK(json_is_null(expanded(c, &e, answer, 3)));
	c->actor = (struct actor){ .kind = ACTOR_PARTNER, .role = ROLE_PARTNER };
	OK(id_parse(ID_PARTNER, str_from(a), &c->actor.partner_id));
	OK(json_is_object(expanded(c, &e, answer, 0)));
	OK(json_is_string(expanded(c, &e, answer, 1)));
	OK(ask(c, "Commission", "campaign", "all", &e));
	c->actor = (struct actor){ .kind = ACTOR_SYSTEM };
	OK(call_end(c, s));
}
