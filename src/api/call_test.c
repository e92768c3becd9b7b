/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"

#include "campaign/campaign_api.h"
#include "data/json.h"
#include "partner/partner_api.h"

static struct str quoted(struct arena *a, const char *text)
{
	char *p = arena_cstr(a, str_from(text));

	for (char *at = p; *at; at++)
		if (*at == '\'')
			*at = '"';
	return str_from(p);
}

bool call_begin(struct ctx *c, struct store *s, int64_t org_id)
{
	return store_begin(s, c, 0, STORE_READ) && fixture_write(c, s, org_id);
}

bool call_end(struct ctx *c, struct store *s)
{
	struct db *control = c->control;
	bool ok = store_commit(s, c, c->db);

	c->db = c->control = NULL;
	store_rollback(s, control);
	return ok;
}

bool call_try(struct ctx *c, const struct call *k, struct res *out)
{
	static const struct req_header headers[] = { { STR_INIT("Content-Type"),
						       STR_INIT("application/json") } };
	struct req q = { .arena = c->arena,
			 .headers = headers,
			 .header_count = 1,
			 .path = STR("/api/v1/test") };

	if (k->body)
		q.body = quoted(c->arena, k->body);
	if (k->query)
		OK(form_read(c, str_from(k->query), &q.query));
	for (; q.arg_count < LEN(k->args) && k->args[q.arg_count]; q.arg_count++)
		q.args[q.arg_count] = str_from(k->args[q.arg_count]);
	res_init(out, c->arena);
	return k->run(c, &q, out);
}

json_t *call(struct ctx *c, const struct call *k, int status)
{
	struct res r;
	json_t *answer = NULL;

	OK(call_try(c, k, &r));
	EQ(r.status, status);
	if (r.body.n > 0)
		OK(json_read(c, buf_text(&r.body), &answer));
	return answer;
}

const char *said(const json_t *answer, const char *key)
{
	const char *text = json_string_value(json_object_get(answer, key));

	return text ? text : "";
}

int64_t said_int(const json_t *answer, const char *key)
{
	return json_integer_value(json_object_get(answer, key));
}

const char *call_campaign(struct ctx *c, const char *slug)
{
	struct str body = arena_printf(c->arena,
				       "{'name':'%s','slug':'%s','currency':'USD',"
				       "'url':'https://shop.example/','terms':{'trigger':'sale',"
				       "'reward':{'type':'percentage','value':'25'}}}",
				       slug, slug);

	return said(call(c, &(struct call){ campaign_api_create, .body = body.p }, 201), "id");
}

const char *call_partner(struct ctx *c, const char *campaign, const char *email)
{
	struct str body = arena_printf(c->arena, "{'name':'N','email':'%s','campaign':'%s'}", email,
				       campaign);

	return said(call(c, &(struct call){ partner_api_create, .body = body.p }, 201), "id");
}
